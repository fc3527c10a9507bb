import { isOpen } from '../../directory/domain/setting.js';
import { chooseDesk, chooseDeskForOutsideSchool, isServed, type DeskChoice } from './choose-desk.js';
import { decideSettings, type Settled } from './decide-settings.js';
import { matchName, type NameMatch } from './match-name.js';
import { explain, explainToSchool, reason } from './reasons.js';
import {
  CANDIDATES_KEPT,
  type ChildToRoute,
  type DeskDecision,
  type RoutingCandidate,
  type RoutingDecision,
  type RoutingFacts,
  type RoutingReason,
  type SettingFact,
} from './routing.types.js';

/**
 * Decides who is told about one child. Pure: the same child and facts give the same decision. A setting is only
 * ever chosen when it is open, certain and served; everything else becomes a desk's, with the reasons. Neither
 * reasons nor candidates repeat anything the police wrote.
 */
export function routeChild(child: ChildToRoute, facts: RoutingFacts): RoutingDecision {
  const name = child.schoolStated?.trim() ? matchName(child, facts) : null;
  const settled = decideSettings(child, facts, name);
  if (!settled.settings) return atDesk(settled.desk, settled, name, child, facts);

  const { settings, reasons } = settled;
  const outside = settings.find((setting) => !isServed(setting.authorityCode, facts));
  if (outside) {
    const choice = chooseDeskForOutsideSchool(child, facts, outside.authorityCode);
    return desk(choice, reasons, settled, name, facts);
  }
  const excluded = settings.some(
    (one) => one.kind === 'early-years' && !facts.earlyYearsIncluded.includes(one.authorityCode),
  );
  if (excluded) {
    const known = { ...settled, reasons: [...reasons, reason('early-years-not-included')] };
    return atDesk('early-years', known, name, child, facts);
  }
  if (unmatchedAdultAtSchool(settings, facts)) {
    // The school's own authority knows its staff: its desk picks the reader.
    const choice = chooseDesk(
      'triage',
      { ...child, homeAuthorityCode: settings[0]?.authorityCode ?? null },
      facts,
      null,
    );
    return desk(choice, [...reasons, reason('adult-at-school')], settled, name, facts);
  }
  return {
    decision: 'setting',
    urns: settings.map(({ urn }) => urn),
    schoolWhy: explainToSchool(reasons),
    ...explained(reasons, settled, name, facts),
  };
}

function unmatchedAdultAtSchool(settings: readonly SettingFact[], facts: RoutingFacts): boolean {
  return facts.adults.some(
    ({ schoolConnection, matchedUrns }) =>
      (schoolConnection === 'staff' || schoolConnection === 'governor') &&
      !settings.some(({ urn }) => matchedUrns.includes(urn)),
  );
}

function atDesk(
  kind: DeskDecision['desk'],
  settled: Settled,
  name: NameMatch | null,
  child: ChildToRoute,
  facts: RoutingFacts,
): DeskDecision {
  const authorities = new Set(
    [...(settled.settings ?? []), ...settled.candidates].map((one) => one.authorityCode),
  );
  const [only] = authorities.size === 1 ? authorities : [];
  return desk(chooseDesk(kind, child, facts, only ?? null), settled.reasons, settled, name, facts);
}

function desk(
  { reasons, ...choice }: DeskChoice,
  because: readonly RoutingReason[],
  settled: Settled,
  name: NameMatch | null,
  facts: RoutingFacts,
): DeskDecision {
  return { decision: 'desk', ...choice, ...explained([...because, ...reasons], settled, name, facts) };
}

// Of a candidate that a number or the roll points to, when there are no words to compare it by.
const SCORE_WITHOUT_NAME = 0.5;

/** Of what the rolls only suggest: beside what the words say, for a person. */
const SCORE_SUGGESTED = 0.45;

function suggestedByRoll(facts: RoutingFacts): { setting: SettingFact; why: string }[] {
  return (facts.pupilBase?.suggestions ?? []).flatMap(({ urn, why }) => {
    const setting = facts.settings.find((one) => one.urn === urn);
    return setting && isOpen(setting.status) ? [{ setting, why }] : [];
  });
}

function explained(reasons: RoutingReason[], settled: Settled, name: NameMatch | null, facts: RoutingFacts) {
  const certain = settled.settings !== null && settled.by === 'number';
  const candidates = candidatesFor(settled, name, facts);
  const beside = candidates.find(({ urn }) => !settled.settings?.some((one) => one.urn === urn));
  return {
    why: explain(reasons),
    reasons,
    candidates,
    score: certain ? 1 : (name?.score ?? null),
    margin: certain ? Math.round((1 - (beside?.score ?? 0)) * 1000) / 1000 : (name?.margin ?? null),
    threshold: facts.thresholds.automatic,
  };
}

const unlike = (others: readonly RoutingCandidate[]) => (one: RoutingCandidate) =>
  !others.some(({ urn }) => urn === one.urn);

function candidatesFor(settled: Settled, name: NameMatch | null, facts: RoutingFacts): RoutingCandidate[] {
  const why = 'by number or on the roll';
  const named = (name?.scored ?? []).map((one) => ({
    urn: one.setting.urn,
    name: one.setting.name,
    score: one.score,
    why: one.why,
  }));
  if (settled.settings && settled.by === 'number') {
    const sent = settled.settings.map(({ urn, name }) => ({ urn, name, score: 1, why }));
    // Should the school say "not our pupil", the desk finds what the words meant.
    const doubted = settled.reasons.some(({ code }) => code === 'number-contradicts-name');
    return [...sent, ...(doubted ? named.filter(unlike(sent)) : [])].slice(0, CANDIDATES_KEPT);
  }
  const numbered = settled.candidates.map((one) => {
    const known = named.find(({ urn }) => urn === one.urn);
    return {
      urn: one.urn,
      name: one.name,
      score: known?.score ?? SCORE_WITHOUT_NAME,
      why: known ? `${why}, ${known.why}` : why,
    };
  });
  const suggested = suggestedByRoll(facts).map(({ setting, why: said }) => {
    const known = named.find(({ urn }) => urn === setting.urn);
    const score = Math.max(known?.score ?? 0, SCORE_SUGGESTED);
    return { urn: setting.urn, name: setting.name, score, why: known ? `${said}, ${known.why}` : said };
  });
  const first = [...numbered, ...suggested.filter(unlike(numbered))];
  return [...first, ...named.filter(unlike(first))]
    .sort((a, b) => b.score - a.score || a.urn.localeCompare(b.urn))
    .slice(0, CANDIDATES_KEPT);
}
