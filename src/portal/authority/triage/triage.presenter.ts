import { shortMoment } from '../../presenters/london-time.js';
import { riskTag } from '../../presenters/notice-words.js';
import { portalPaths } from '../../presenters/paths.js';
import { hasPassed, timeLeftInWords } from '../../presenters/time-left.js';
import type {
  FilterChip,
  PlacementLine,
  TriageCandidate,
  TriageClock,
  TriageGroup,
  TriageRow,
} from '../../presenters/triage.view-model.js';
import { HANDED_BACK } from '../desk-words.js';
import { candidatesOfAll, shown, SHOWS, type GroupBy, type Show, type TriageItem } from './triage-groups.js';
import type { CandidateRecord, PlacementRecord } from './triage-rows.repository.js';

const saidAt = new WeakMap<Date, Map<number, string>>();

/** Eighty rows have a handful of instants: each is put into words once for a page, because reckoning in London is slow. */
function shortWords(at: Date, now: Date): string {
  const said = saidAt.get(now) ?? new Map<number, string>();
  saidAt.set(now, said);
  const known = said.get(at.getTime()) ?? shortMoment(at, now).words;
  said.set(at.getTime(), known);
  return known;
}

/** How many candidates stand beside the stated school; the notice's own page has all. */
const BESIDE = 3;

export interface Looking {
  readonly contactId: string;
  readonly authorityCode: string | null;
  readonly now: Date;
  readonly realNow: Date;
  /** What the officer had ticked, and what was wrong with it: shown again. */
  readonly ticked: ReadonlySet<string>;
  readonly problems: ReadonlyMap<string, string>;
}

/** Settings that somebody named for these children: where each came from. */
export type Sources = ReadonlyMap<string, { readonly urn: string; readonly source: string }[]>;
type SettingFacts = Omit<CandidateRecord, 'noticeId' | 'score' | 'why'>;

export function presentGroup(
  items: readonly TriageItem[],
  index: number,
  known: { sources: Sources; settings: readonly SettingFacts[] },
  looking: Looking,
): TriageGroup {
  const [first] = items;
  if (!first) throw new Error('a group has somebody in it');
  const candidates = candidatesFor(items, known, looking);
  const incidents = new Set(items.map(({ record }) => record.notificationId)).size;
  const received = shortWords(first.record.receivedAt, looking.now);
  return {
    key: `g${index}`,
    ids: items.map(({ record }) => record.id).join(' '),
    stated: first.child.stated,
    incident: incidents > 1 ? `${incidents} incidents` : `${first.record.forceName}, received at ${received}`,
    clock: clockOf(first, looking.now),
    risk: riskTag(items.find(({ record }) => riskTag(record.risk).high)?.record.risk ?? first.record.risk),
    why: whyWords(first),
    rows: items.map((item) => presentRow(item, looking)),
    candidates: candidates.slice(0, BESIDE),
    more: Math.max(candidates.length - BESIDE, 0),
    mayAct: items.some((item) => !isColleagues(item, looking)),
  };
}

/** What somebody said or did before comes first, then routing's own, best first. */
export function candidatesFor(
  items: readonly TriageItem[],
  { sources, settings }: { sources: Sources; settings: readonly SettingFacts[] },
  looking: Pick<Looking, 'authorityCode'>,
): TriageCandidate[] {
  const scored = candidatesOfAll(items);
  const named = items.flatMap(({ record }) => sources.get(record.id) ?? []);
  const said = [...new Map(named.map((one) => [one.urn, one])).values()].flatMap(({ urn, source }) => {
    const setting = settings.find((one) => one.urn === urn);
    if (!setting) return [];
    const same = scored.find((one) => one.urn === urn);
    return [
      presentCandidate({ ...setting, score: same?.score ?? null, why: same?.why ?? null }, looking, source),
    ];
  });
  const rest = scored.filter(({ urn }) => !said.some((one) => one.urn === urn));
  return [...said, ...rest.map((one) => presentCandidate(one, looking, null))];
}

function presentCandidate(
  record: Omit<CandidateRecord, 'noticeId'>,
  { authorityCode }: Pick<Looking, 'authorityCode'>,
  source: string | null,
): TriageCandidate {
  const own = record.authorityCode === authorityCode;
  return {
    urn: record.urn,
    name: record.name,
    place: [record.street, record.town, own ? null : record.authority, record.postcode]
      .filter(Boolean)
      .join(', '),
    phone: record.telephone || null,
    score: record.score === null ? null : record.score.toFixed(2),
    why: record.why?.replace(/\.$/, '') ?? '',
    source,
  };
}

export function presentRow(item: TriageItem, looking: Looking): TriageRow {
  const { record, detail, child } = item;
  return {
    id: record.id,
    reference: record.reference,
    name: child.name,
    born: child.born,
    postcode: child.postcode,
    tags: tagsOf(item, looking.now),
    claim: claimWords(detail, looking),
    ticked: looking.ticked.has(record.id),
    problem: looking.problems.get(record.id) ?? null,
  };
}

export function claimWords(
  detail: Pick<TriageItem['detail'], 'claimedBy' | 'claimName' | 'claimUntil'>,
  { contactId, now, realNow }: Pick<Looking, 'contactId' | 'now' | 'realNow'>,
): TriageRow['claim'] {
  if (!detail.claimUntil || detail.claimUntil <= realNow) return null;
  const mine = detail.claimedBy === contactId;
  // A claim ends in real time; the page says when in the time that its clock shows.
  const until = new Date(now.getTime() + detail.claimUntil.getTime() - realNow.getTime());
  const who = mine ? 'You have' : `${detail.claimName ?? 'A colleague'} has`;
  return { words: `${who} this until ${shortWords(until, now)}`, mine };
}

export function clockOf({ record }: Pick<TriageItem, 'record'>, now: Date): TriageClock {
  const { placeBy } = record;
  if (!placeBy) return { timeLeft: 'Now', doBy: '', missed: false };
  return {
    timeLeft: timeLeftInWords(now, placeBy),
    doBy: `place by ${shortWords(placeBy, now)}`,
    missed: hasPassed(now, placeBy),
  };
}

function tagsOf({ record, detail }: TriageItem, now: Date): string[] {
  const charged = record.chargeUntil && record.chargeUntil > now;
  return [
    ...(record.testNotice ? ['Test notice'] : []),
    ...(detail.handedBack === 'not-our-pupil' ? ['Handed back'] : []),
    ...(detail.handedBack === 'knows-family' ? ['Another reader needed'] : []),
    ...(detail.saidKind === 'other-area' ? ['The school says: another area'] : []),
    ...(record.outside ? [record.outsideName ? `Outside: ${record.outsideName}` : 'Outside this area'] : []),
    ...(detail.failed ? ['The last choice could not be sent'] : []),
    ...(charged ? [`${record.chargeName ?? 'An officer'} has taken charge`] : []),
  ];
}

function whyWords({ detail }: TriageItem): string {
  if (detail.handedBack) return HANDED_BACK[detail.handedBack];
  const texts = (detail.reasons ?? []).map((reason) => (typeof reason === 'string' ? reason : reason.text));
  return [...new Set(texts)].join(' ').replace(/\.$/, '') || 'It needs a setting';
}

export function isColleagues({ detail }: TriageItem, { contactId }: Pick<Looking, 'contactId'>): boolean {
  return detail.claimedBy !== null && detail.claimedBy !== contactId;
}

const CHIPS: Readonly<Record<Show, string>> = {
  all: 'All',
  mine: 'Mine',
  free: 'Nobody’s',
  high: 'High',
  late: 'Past place-by',
  'handed-back': 'Handed back',
  outside: 'Outside',
};

export function presentChips(
  items: readonly TriageItem[],
  { show, by }: { show: Show; by: GroupBy },
  looking: Looking,
): FilterChip[] {
  return SHOWS.map((one) => ({
    text: CHIPS[one],
    count: shown(items, one, looking).length,
    href: portalPaths.deskList({ show: one, by }),
    current: one === show,
  })).filter(({ count, current, text }) => count > 0 || current || text === CHIPS.all);
}

export function presentPlacement(record: PlacementRecord, now: Date): PlacementLine {
  return {
    id: record.id,
    noticeId: record.noticeId,
    reference: record.reference,
    testNotice: record.testNotice,
    setting: record.setting,
    by: record.officer,
    at: shortMoment(record.sentAt ?? record.sendAt, now),
  };
}
