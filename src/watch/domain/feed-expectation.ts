import { addDays, weekdayOf, type LocalTime } from '../../calendar/domain/iso-date.js';
import { londonDateOf, londonInstant } from '../../calendar/domain/london-time.js';

/** "Expected by 07:00": on these weekdays a feed has said something by this time in London. */
export interface FeedExpectation {
  expectedBy: LocalTime;
  /** 1 Monday ... 7 Sunday. */
  days: readonly number[];
  /** Whatever came in so many hours before counts for that morning. */
  withinHours: number;
  /** Before this instant nothing was expected. */
  since: Date;
}

const HOUR_MS = 3_600_000;
const DAYS_BACK = 8;

/** The latest instant by which the feed was to have been heard; null when there has been none yet. */
export function lastExpectedAt(expectation: FeedExpectation, now: Date): Date | null {
  const today = londonDateOf(now);
  for (let back = 0; back < DAYS_BACK; back += 1) {
    const date = addDays(today, -back);
    if (!expectation.days.includes(weekdayOf(date))) continue;
    const at = londonInstant(date, expectation.expectedBy);
    if (at > now) continue;
    return at.getTime() - expectation.withinHours * HOUR_MS >= expectation.since.getTime() ? at : null;
  }
  return null;
}

/** True when nothing has come for the latest morning on which something was expected, nor since. */
export function isSilent(expectation: FeedExpectation, lastHeardAt: Date | null, now: Date): boolean {
  const expectedAt = lastExpectedAt(expectation, now);
  if (!expectedAt) return false;
  return (lastHeardAt?.getTime() ?? 0) < expectedAt.getTime() - expectation.withinHours * HOUR_MS;
}
