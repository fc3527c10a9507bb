import type { JobName } from './catalogue.js';

/** What whoever hands over a row already knows of it; saves reading it twice. */
export interface KnownJob {
  name: JobName;
  correlationId: string;
  /** The hand-over this run belongs to: after a later one the run does nothing. Absent: any. */
  publishNumber?: number;
}

/** `skipped`: finished, not due, or in somebody else's hands. `unavailable`: the database was away; nothing counted. */
export type RunOutcome = 'done' | 'failed' | 'exhausted' | 'skipped' | 'unavailable';
