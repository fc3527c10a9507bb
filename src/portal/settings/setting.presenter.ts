import { mayChangeCalendar } from '../../calendar/domain/calendar-owner.js';
import { cutoffOf } from '../../calendar/domain/school-hours.js';
import { chainWords, type ChainStep } from '../../directory/domain/successor-chain.js';
import { isOpen, type SettingStatus } from '../../directory/domain/setting.js';
import type { RegisterEntry, SettingChange } from '../../directory/register-reading.service.js';
import type { SettingView } from '../presenters/imports.view-model.js';
import { calendarDateWords, londonDate } from '../presenters/london-time.js';
import { portalPaths } from '../presenters/paths.js';

export const STATUS_WORDS: Record<SettingStatus, string> = {
  open: 'Open',
  closed: 'Closed',
  'proposed-to-close': 'Open, proposed to close',
  'proposed-to-open': 'Proposed to open',
};

const statusWords = (status: string): string => STATUS_WORDS[status as SettingStatus] ?? status;

/** @param scope of the reader, who may also keep its school days */
export function presentSetting(
  { facts, changes, chain, predecessors }: RegisterEntry,
  scope: string,
): SettingView {
  const owner = { layer: 'setting', key: facts.urn } as const;
  const address = [facts.street, facts.locality, facts.town, facts.county, facts.postcode];
  const ages =
    facts.lowAge === null && facts.highAge === null
      ? null
      : `${facts.lowAge ?? '?'} to ${facts.highAge ?? '?'}`;
  const known: [string, string | null][] = [
    ['URN', facts.urn],
    ['LAESTAB', facts.laestab],
    ['UKPRN', facts.ukprn],
    [
      'Authority',
      `${facts.authorityName} (${facts.authorityCode})${facts.served ? '' : ', not served here'}`,
    ],
    ['Trust', facts.trustCode && `${facts.trustName ?? ''} (${facts.trustCode})`],
    ['Type', facts.typeName],
    ['Phase', facts.phaseName],
    ['Ages', ages],
    ['Address', address.filter(Boolean).join(', ')],
    ['Telephone', facts.telephone],
    [
      'School day',
      `${facts.bell} to ${facts.homeTime}; in time for the bell when received up to ${cutoffOf(facts.bell)}`,
    ],
    ['Opened', facts.openedOn && calendarDateWords(facts.openedOn)],
    ['Closed', facts.closedOn && calendarDateWords(facts.closedOn)],
    ['Receives notices', facts.routable ? 'Yes' : 'No: settings of this type never do'],
    ['Last changed by an import', londonDate(facts.importedAt)],
  ];
  return {
    name: facts.name,
    urn: facts.urn,
    status: STATUS_WORDS[facts.status],
    open: isOpen(facts.status),
    facts: known.flatMap(([label, value]) => (value ? [{ label, value }] : [])),
    calendarHref: mayChangeCalendar(scope, owner, facts.authorityCode)
      ? portalPaths.calendar('setting', facts.urn)
      : null,
    history: changes.map((change) => ({ at: londonDate(change.at), words: changeWords(change) })),
    predecessors: predecessors.map(({ urn, name, linkType }) => ({
      href: portalPaths.setting(urn),
      words: `${name ?? 'Not in the register'} (${urn}), ${linkType}`,
    })),
    chain: {
      words: chainWords(chain),
      ambiguous: chain.outcome === 'several-successors',
      steps: chain.steps.map(stepView),
    },
  };
}

function changeWords({ what, was, became }: SettingChange): string {
  if (what === 'status') return `${statusWords(was)} became ${statusWords(became)}`;
  return what === 'name'
    ? `Renamed from “${was}” to “${became}”`
    : `Moved from authority ${was} to ${became}`;
}

function stepView(step: ChainStep): SettingView['chain']['steps'][number] {
  const known = step.name !== null;
  const about = [
    step.linkType,
    step.establishedOn ? calendarDateWords(step.establishedOn) : 'date not given',
    step.status === null ? 'not in the register' : STATUS_WORDS[step.status],
    ...(step.seenBefore ? ['was seen before, not followed again'] : []),
  ];
  return {
    step: step.step,
    from: step.from,
    href: known ? portalPaths.setting(step.urn) : null,
    to: known ? `${step.name} (${step.urn})` : step.urn,
    about: about.join(', '),
  };
}
