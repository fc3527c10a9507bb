/** Divisions as gov.uk names them; Welsh schools follow england-and-wales. */
export type BankHolidayDivision = 'england-and-wales' | 'scotland' | 'northern-ireland';

export interface BankHoliday {
  /** ISO date. */
  date: string;
  title: string;
}

/**
 * Bank holidays of one year by rule (Banking and Financial Dealings Act 1971, Schedule 1, with substitute days).
 * A forecast for hosts that cannot read https://www.gov.uk/bank-holidays.json: one-off holidays by Royal
 * Proclamation (jubilees, coronations) are not in it. A substitute day has the title of its holiday, as on gov.uk.
 * Pure; ascending by date.
 */
export function bankHolidays(division: BankHolidayDivision, year: number): BankHoliday[] {
  const easter = easterSunday(year);
  const holidays: BankHoliday[] = [
    ...newYear(division, year),
    { date: plusDays(easter, -2), title: 'Good Friday' },
    { date: monday(year, 5, 'first'), title: 'Early May bank holiday' },
    { date: monday(year, 5, 'last'), title: 'Spring bank holiday' },
    ...christmas(year),
  ];
  if (division !== 'scotland') {
    holidays.push({ date: plusDays(easter, 1), title: 'Easter Monday' });
    holidays.push({ date: monday(year, 8, 'last'), title: 'Summer bank holiday' });
  } else {
    holidays.push({ date: monday(year, 8, 'first'), title: 'Summer bank holiday' });
    holidays.push(nextWeekday(iso(year, 11, 30), 'St Andrew’s Day'));
  }
  if (division === 'northern-ireland') {
    holidays.push(nextWeekday(iso(year, 3, 17), 'St Patrick’s Day'));
    holidays.push(nextWeekday(iso(year, 7, 12), 'Battle of the Boyne (Orangemen’s Day)'));
  }
  return holidays.sort((a, b) => a.date.localeCompare(b.date));
}

/** Western Easter Sunday (Gregorian calendar, the anonymous algorithm of Meeus), as an ISO date. */
export function easterSunday(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return iso(year, month, ((h + l - 7 * m + 114) % 31) + 1);
}

function newYear(division: BankHolidayDivision, year: number): BankHoliday[] {
  const first = { date: iso(year, 1, 1), title: 'New Year’s Day' };
  if (division !== 'scotland') return [nextWeekday(first.date, first.title)];
  return pairOfDays(first, { date: iso(year, 1, 2), title: '2nd January' });
}

function christmas(year: number): BankHoliday[] {
  return pairOfDays(
    { date: iso(year, 12, 25), title: 'Christmas Day' },
    { date: iso(year, 12, 26), title: 'Boxing Day' },
  );
}

// Two adjoining days: each that falls on a weekend moves to the first working day the pair has not taken. When the
// first is a Sunday the second keeps its Monday, so the first moves to the Tuesday.
function pairOfDays(first: BankHoliday, second: BankHoliday): BankHoliday[] {
  const offset = { 6: [2, 2], 7: [2, 0], 5: [0, 2] }[weekday(first.date)] ?? [0, 0];
  return [moved(first, offset[0] ?? 0), moved(second, offset[1] ?? 0)];
}

function nextWeekday(date: string, title: string): BankHoliday {
  return moved({ date, title }, { 6: 2, 7: 1 }[weekday(date)] ?? 0);
}

function moved(holiday: BankHoliday, days: number): BankHoliday {
  return { date: plusDays(holiday.date, days), title: holiday.title };
}

function monday(year: number, month: number, which: 'first' | 'last'): string {
  const start =
    which === 'first'
      ? iso(year, month, 1)
      : iso(year, month, new Date(Date.UTC(year, month, 0)).getUTCDate());
  const step = which === 'first' ? (8 - weekday(start)) % 7 : 1 - weekday(start);
  return plusDays(start, step);
}

function weekday(date: string): number {
  return new Date(date).getUTCDay() || 7;
}

function plusDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

function iso(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}
