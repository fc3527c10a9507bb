import { Temporal } from 'temporal-polyfill';

export { ManualClock } from '../../src/common/clock.js';

/**
 * The instant at which a clock in London shows this, e.g. `london('2026-11-22 21:40')`.
 * @throws RangeError for a local time that does not exist or exists twice (a change of the clocks)
 */
export function london(text: string): Date {
  const local = Temporal.PlainDateTime.from(text.trim().replace(' ', 'T'));
  const zoned = local.toZonedDateTime('Europe/London', { disambiguation: 'reject' });
  return new Date(zoned.epochMilliseconds);
}

/** What a clock in London shows at an instant, to the minute: for readable expectations. */
export function inLondon(instant: Date): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO('Europe/London');
  return zoned.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
