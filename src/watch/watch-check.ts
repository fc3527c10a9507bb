import type { Tx } from '../database/database.js';
import type { Finding } from './domain/finding.js';

/** Instants of one round: domain time, real time, and how long a minute of real time is in the domain. */
export interface Round {
  now: Date;
  realNow: Date;
  /** Domain milliseconds in a real one; 1 but on a demonstration clock. */
  speed: number;
  /** False: whoever asks only wants to know. */
  mend: boolean;
}

/** One thing the auditor looks at, in a transaction of its own with a time limit. */
export interface WatchCheck {
  /** For the record when the check itself fails. */
  readonly name: string;
  look(tx: Tx, round: Round): Promise<Finding[]>;
}

/** More than this of one kind is said as a number: nobody reads a thousand alerts. */
export const NAMED_FINDINGS = 20;

export const WATCH_CHECKS = Symbol('WATCH_CHECKS');
