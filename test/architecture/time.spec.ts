import { describe, expect, it } from '@jest/globals';
import { linesOf, type Line } from './tracked-files.js';

/** Real time of this machine's files and processes, or the anchor of a clock: never a domain instant. */
const MAY_READ_THE_CLOCK = [
  'src/common/clock.ts',
  'src/embedded/cluster.ts',
  'src/embedded/home-lock.ts',
  'src/embedded/instance.ts',
  'src/embedded/keys.ts',
  'src/embedded/supervisor.mjs',
  'src/start/commands/keys.command.ts',
  'src/start/stored-clock.ts',
];
/** The server's own stamp beside the domain instant of the record, and the check that both clocks agree. */
const MAY_ASK_SQL_FOR_THE_TIME = [
  'src/database/migrations/1763800000000-first.ts',
  'src/health/database.checks.ts',
];

const READS_CLOCK = /\bDate\.now\(\)|\bnew Date\(\)/;
const SQL_TIME =
  /(?<![\w.`])now\(\)(?!\s*[:{])|\b(clock_timestamp|statement_timestamp|transaction_timestamp)\b|\b(current_timestamp|current_date|localtimestamp)\b/i;

const product = (): Line[] =>
  linesOf((path) => /^src\/.*\.(ts|mjs)$/.test(path) && !path.endsWith('.spec.ts'));
const placesOf = (pattern: RegExp): Line[] => product().filter(({ text }) => pattern.test(text));

describe('time', () => {
  it('is read from the injected clock, nowhere else', () => {
    const places = placesOf(READS_CLOCK).filter(({ path }) => !MAY_READ_THE_CLOCK.includes(path));
    expect(places.map(({ at, text }) => `${at}: ${text.trim()}`)).toEqual([]);
  });

  it('reaches SQL as a parameter', () => {
    const places = placesOf(SQL_TIME).filter(({ path }) => !MAY_ASK_SQL_FOR_THE_TIME.includes(path));
    expect(places.map(({ at, text }) => `${at}: ${text.trim()}`)).toEqual([]);
  });

  it('has no exception that is no longer needed', () => {
    const reading = new Set(placesOf(READS_CLOCK).map(({ path }) => path));
    const asking = new Set(placesOf(SQL_TIME).map(({ path }) => path));
    expect(MAY_READ_THE_CLOCK.filter((path) => !reading.has(path))).toEqual([]);
    expect(MAY_ASK_SQL_FOR_THE_TIME.filter((path) => !asking.has(path))).toEqual([]);
  });

  it.each([
    ['const at = new Date();', READS_CLOCK, true],
    ['Date.now() - startedAt', READS_CLOCK, true],
    ['new Date(row.at)', READS_CLOCK, false],
    ['WHERE due_at <= now()', SQL_TIME, true],
    ["'SELECT NOW()'", SQL_TIME, true],
    ['DEFAULT CURRENT_TIMESTAMP', SQL_TIME, true],
    ['const at = this.clock.now();', SQL_TIME, false],
    ['  now(): Date {', SQL_TIME, false],
  ])('is found in: %s', (text, pattern, found) => {
    expect(pattern.test(text)).toBe(found);
  });
});
