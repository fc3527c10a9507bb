import { addDays, weekdayOf, type IsoDate } from '../../calendar/domain/iso-date.js';
import { londonInstant } from '../../calendar/domain/london-time.js';
import { attestationOn, termStart } from './term.js';

/** In school hours and far from any bell: what is found can be mended the same day, and nobody reads it at 07:50. */
const LOOKED_AT = '14:00';
/** A term's first days have enough to do, and many schools are not back yet on the first of them. */
const ATTESTED_FROM_DAY = 7;

/** When the look ahead of a date is due, and which date follows: Monday to Friday. */
export function nextLookAhead(after: Date, afterDate: IsoDate): { date: IsoDate; dueAt: Date } {
  let date = afterDate;
  while (weekdayOf(date) > 5 || londonInstant(date, LOOKED_AT) <= after) date = addDays(date, 1);
  return { date, dueAt: londonInstant(date, LOOKED_AT) };
}

/** @param oldestOn London date since when the least recently confirmed contact has stood unconfirmed */
export function attestationDue(today: IsoDate, oldestOn: IsoDate): boolean {
  return today >= addDays(termStart(today), ATTESTED_FROM_DAY) && attestationOn(today, oldestOn) !== 'fresh';
}
