import { type BankHoliday, type BankHolidayDivision } from './bank-holidays.js';

export interface BankHolidaysFile {
  holidays: (BankHoliday & { division: BankHolidayDivision })[];
  problems: string[];
}

const DIVISIONS: readonly BankHolidayDivision[] = ['england-and-wales', 'scotland', 'northern-ireland'];

/**
 * Reads the text of https://www.gov.uk/bank-holidays.json. The file is a rolling window: merge it into what is
 * stored, never replace. Bad events are listed and left out; a text that is not such a file gives problems only.
 */
export function readBankHolidaysJson(text: string): BankHolidaysFile {
  const holidays: BankHolidaysFile['holidays'] = [];
  const problems: string[] = [];
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return { holidays, problems: ['The file is not JSON.'] };
  }
  for (const division of DIVISIONS) {
    const events = member(member(file, division), 'events');
    if (!Array.isArray(events)) {
      problems.push(`The file has no events for ${division}.`);
      continue;
    }
    for (const [index, event] of events.entries()) {
      const date = member(event, 'date');
      const title = member(event, 'title');
      if (typeof title === 'string' && typeof date === 'string' && isDate(date))
        holidays.push({ division, date, title });
      else problems.push(`Event ${index + 1} of ${division} has no title or no date.`);
    }
  }
  return { holidays, problems };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(text).toJSON()?.slice(0, 10) === text;
}
