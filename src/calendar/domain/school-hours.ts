import { localTime, minutesOf, type LocalTime } from './iso-date.js';
import { CUTOFF_MINUTES_BEFORE_BELL } from './school-calendar.js';

/** Outside these a time is a slip (a home time typed as 03:15, a bell typed as 18:45). */
const EARLIEST_BELL = 5 * 60;
const LATEST_BELL = 14 * 60;
const LATEST_HOME = 22 * 60;
const SHORTEST_DAY = 60;

export interface SchoolHoursProblem {
  field: 'bell' | 'homeTime';
  text: string;
}

/** The first thing that is wrong with a school day, in words for the person who typed it; null when nothing is. */
export function schoolHoursProblem(hours: { bell: string; homeTime: string }): SchoolHoursProblem | null {
  const bell = minutesOrNull(hours.bell);
  const home = minutesOrNull(hours.homeTime);
  if (bell === null) return { field: 'bell', text: 'Write the bell on the 24-hour clock, for example 08:45' };
  if (home === null)
    return { field: 'homeTime', text: 'Write the end of the day on the 24-hour clock, for example 15:15' };
  if (bell < EARLIEST_BELL || bell > LATEST_BELL)
    return {
      field: 'bell',
      text: `The bell must be between ${localTime(EARLIEST_BELL)} and ${localTime(LATEST_BELL)}`,
    };
  if (home > LATEST_HOME || home < bell + SHORTEST_DAY)
    return {
      field: 'homeTime',
      text: `The end of the day must be at least an hour after the bell, and not after ${localTime(LATEST_HOME)}`,
    };
  return null;
}

/** What comes after it is received late: it no longer counts for that day's bell. */
export function cutoffOf(bell: LocalTime): LocalTime {
  return localTime(minutesOf(bell) - CUTOFF_MINUTES_BEFORE_BELL);
}

function minutesOrNull(time: string): number | null {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? minutesOf(time) : null;
}
