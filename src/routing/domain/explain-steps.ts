import { normaliseLaestab } from '../../directory/domain/setting.js';
import type { ChildToRoute, RoutingFacts, SettingFact } from './routing.types.js';
import { readStatedName } from './stated-name.js';

/** What was looked at on the way to a decision, in the order of the rules. Says nothing that the police wrote about the child. */
export function explainSteps(child: ChildToRoute, facts: RoutingFacts): string[] {
  return [...numberSteps(child, facts), ...rollSteps(facts), ...nameSteps(child, facts)];
}

function numberSteps({ settings }: ChildToRoute, facts: RoutingFacts): string[] {
  const stated = settings.filter(({ urn, laestab }) => urn || laestab);
  if (stated.length === 0) return ['number: none stated'];
  return stated.flatMap(({ urn, laestab }) => {
    if (urn) {
      const found = facts.settings.find((one) => one.urn === urn);
      if (!found) return [`number: URN ${urn} is not in the register`];
      return [`number: URN ${urn} is ${called(found)}`, ...chainFrom(found, facts)];
    }
    const wanted = normaliseLaestab(laestab ?? '');
    const found = [...new Map(facts.settings.map((one) => [one.urn, one])).values()].filter(
      (one) => wanted !== null && one.laestab === wanted,
    );
    if (found.length === 0) return [`number: LAESTAB ${laestab ?? ''} is not in the register`];
    return found.flatMap((one) => [
      `number: LAESTAB ${laestab ?? ''} is ${one.urn} ${called(one)}`,
      ...chainFrom(one, facts),
    ]);
  });
}

function rollSteps(facts: RoutingFacts): string[] {
  const { pupilBase, settings } = facts;
  if (pupilBase === null) return ['roll: there is none to ask'];
  const name = (urn: string): string => {
    const found = settings.find((one) => one.urn === urn);
    return found ? `${urn} ${called(found)}` : urn;
  };
  const suggestions = (pupilBase.suggestions ?? []).map(
    ({ urn, why }) => `roll: nearly, for a person only: ${name(urn)}, ${why}`,
  );
  const left = (pupilBase.left ?? []).map((urn) => `roll: the child has left ${name(urn)}`);
  if (pupilBase.urns.length === 0) return ['roll: does not have this child', ...left, ...suggestions];
  return [
    ...pupilBase.urns.flatMap((urn) => {
      const found = settings.find((one) => one.urn === urn);
      return [`roll: the child is at ${name(urn)}`, ...(found ? chainFrom(found, facts) : [])];
    }),
    ...(pupilBase.ambiguous ? ['roll: more than one pupil has this name and date of birth'] : []),
    ...left,
    ...suggestions,
  ];
}

function nameSteps({ schoolStated }: ChildToRoute, facts: RoutingFacts): string[] {
  if (!schoolStated?.trim()) return ['name: none stated'];
  const { core, kinds, churches } = readStatedName(schoolStated);
  const read = [`"${core}"`, ...kinds, ...churches].join(', ');
  const aliases = [...new Set(facts.aliases.map(({ urn }) => urn))].map((urn) => {
    const found = facts.namesakes.find((one) => one.urn === urn);
    return `alias: an approved local name of ${urn}${found ? ` ${called(found)}` : ''}`;
  });
  const former = [...new Map(facts.namesakes.map((one) => [one.urn, one])).values()]
    .filter(({ status }) => status === 'closed')
    .flatMap((one) => {
      const chain = chainFrom(one, facts);
      return chain.length > 0 ? [`name: resembles ${one.urn} ${called(one)}`, ...chain] : [];
    });
  return [
    `name: read as ${read}`,
    ...(aliases.length > 0 ? aliases : ['alias: none approved for these words']),
    ...former.slice(0, MOST_STEPS),
    `name: compared with ${new Set(facts.namesakes.map(({ urn }) => urn)).size} settings`,
  ];
}

const MOST_STEPS = 20;

/** Link by link from a closed setting to wherever the register's links end. */
function chainFrom(
  start: SettingFact,
  {
    settings,
    successors,
    namesakes = [],
  }: Pick<RoutingFacts, 'settings' | 'successors'> & Partial<RoutingFacts>,
): string[] {
  if (start.status !== 'closed') return [];
  const known = new Map([...settings, ...namesakes].map((one) => [one.urn, one]));
  const seen = new Set([start.urn]);
  const waiting = [start.urn];
  const steps: string[] = [];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    const next = successors.filter(({ urn }) => urn === at).map(({ successorUrn }) => successorUrn);
    if (next.length === 0) steps.push(`successor: ${at} has none in the register`);
    for (const urn of next) {
      const setting = known.get(urn);
      const again = seen.has(urn);
      steps.push(
        `successor: ${at} -> ${urn} ${setting ? called(setting) : 'not in the register'}${again ? ' (a loop, not followed again)' : ''}`,
      );
      if (!again && setting?.status === 'closed') waiting.push(urn);
      seen.add(urn);
    }
  }
  return steps;
}

const called = ({ name, status, authorityCode }: SettingFact): string =>
  `${name} (${status.replaceAll('-', ' ')}, authority ${authorityCode})`;
