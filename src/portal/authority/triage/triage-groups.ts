import { normaliseSettingName } from '../../../directory/domain/setting-name.js';
import { isHighRisk } from '../../presenters/notice-words.js';
import type { ChildToPlace } from './triage-child.js';
import type { CandidateRecord, TriageDetail, TriageRecord } from './triage-rows.repository.js';

/** Everything known of one child that waits for a setting. */
export interface TriageItem {
  readonly record: TriageRecord;
  readonly detail: TriageDetail;
  readonly child: ChildToPlace;
  readonly candidates: readonly CandidateRecord[];
}

export const SHOWS = ['all', 'mine', 'free', 'high', 'late', 'handed-back', 'outside'] as const;
export type Show = (typeof SHOWS)[number];
export type GroupBy = 'incident' | 'school';

interface Onlooker {
  readonly contactId: string;
  readonly now: Date;
}

const FILTERS: Readonly<Record<Show, (item: TriageItem, by: Onlooker) => boolean>> = {
  all: () => true,
  mine: ({ detail }, { contactId }) => detail.claimedBy === contactId,
  free: ({ detail }) => detail.claimedBy === null,
  high: ({ record }) => isHighRisk(record.risk),
  late: ({ record }, { now }) => record.placeBy !== null && record.placeBy <= now,
  'handed-back': ({ detail }) => detail.handedBack !== null,
  outside: ({ record }) => record.outside,
};

export function shown(items: readonly TriageItem[], show: Show, by: Onlooker): TriageItem[] {
  return items.filter((item) => FILTERS[show](item, by));
}

/**
 * Children of one incident whose school was written alike stand together; or, by school, whatever the incident. The group whose
 * time runs out first comes first; among equals HIGH (and what was never assessed), then what came first.
 */
export function grouped(items: readonly TriageItem[], by: GroupBy): TriageItem[][] {
  const groups = new Map<string, TriageItem[]>();
  for (const item of [...items].sort(byUrgency)) {
    const words = item.child.stated ? normaliseSettingName(item.child.stated).core : '';
    const key =
      by === 'school' && words !== ''
        ? words
        : `${item.record.notificationId} ${item.child.stated ? words : '-'}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  // A map keeps the order in which the most urgent child of each group came.
  return [...groups.values()];
}

export function byUrgency(a: TriageItem, b: TriageItem): number {
  const due = (item: TriageItem): number => (item.record.placeBy ?? item.record.receivedAt).getTime();
  return (
    due(a) - due(b) ||
    Number(isHighRisk(b.record.risk)) - Number(isHighRisk(a.record.risk)) ||
    a.record.receivedAt.getTime() - b.record.receivedAt.getTime() ||
    a.record.id.localeCompare(b.record.id)
  );
}

/** The candidates of several children, each once with its best score, best first. */
export function candidatesOfAll(items: readonly TriageItem[]): CandidateRecord[] {
  const best = new Map<string, CandidateRecord>();
  for (const candidate of items.flatMap((item) => item.candidates)) {
    const known = best.get(candidate.urn);
    if (!known || (candidate.score ?? 0) > (known.score ?? 0)) best.set(candidate.urn, candidate);
  }
  return [...best.values()].sort((a, b) => (b.score ?? 0) - (a.score ?? 0) || a.urn.localeCompare(b.urn));
}
