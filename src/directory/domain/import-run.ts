import type { CalendarLayer } from './calendar-entry.js';

export const IMPORT_KINDS = [
  'schools',
  'links',
  'early-years',
  'wales',
  'contacts',
  'school-hours',
  'calendar',
  'icalendar',
  'bank-holidays',
] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** `to-confirm`: more closures than go without a person's word; nothing was changed yet. */
export type ImportState = 'waiting' | 'running' | 'to-confirm' | 'done' | 'refused' | 'failed' | 'cancelled';

export const FINISHED: ReadonlySet<ImportState> = new Set(['done', 'refused', 'failed', 'cancelled']);

/** What an import did, ready to be shown; lists are cut at {@link SHOWN}, `count` is the whole. */
export interface ImportOutcome {
  /** One sentence. */
  summary: string;
  changed: number;
  sections: { heading: string; count: number; lines: string[] }[];
  problems: { count: number; lines: { line: number; problem: string }[] };
}

export const SHOWN = 200;

export interface ImportRun {
  id: string;
  kind: ImportKind;
  layer: CalendarLayer | null;
  key: string | null;
  state: ImportState;
  bytes: number;
  rowsRead: number;
  allowClosures: boolean;
  outcome: ImportOutcome | null;
  /** Actor name; `startedByName` for people. */
  startedBy: string;
  startedByName: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}
