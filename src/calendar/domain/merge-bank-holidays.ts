import type { IsoDate } from './iso-date.js';

export interface OfficialHoliday {
  date: IsoDate;
  title: string;
}

export interface StoredHoliday extends OfficialHoliday {
  id: string;
  /** `gov.uk`: official; anything else: a forecast, or a person's entry. */
  source: string;
}

export interface BankHolidayMerge {
  added: OfficialHoliday[];
  /** Stored days that the list has, with the list's title. */
  known: { id: string; title: string }[];
  /** How many of them were only forecast before. */
  confirmed: number;
  retitled: { date: IsoDate; from: string; to: string }[];
  /** Within the window of the list, stored, and not in it. */
  missing: StoredHoliday[];
  /** The list's last day; null when it is empty. */
  until: IsoDate | null;
}

/** What an official list, which is a rolling window of one nation, says about the days that are stored. */
export function mergeBankHolidays(
  official: readonly OfficialHoliday[],
  stored: readonly StoredHoliday[],
): BankHolidayMerge {
  const titles = new Map(official.map(({ date, title }) => [date, title]));
  const known = stored.flatMap((one) => {
    const title = titles.get(one.date);
    return title === undefined ? [] : [{ one, title }];
  });
  const have = new Set(stored.map(({ date }) => date));
  const dates = [...titles.keys()].sort();
  const [first, until] = [dates.at(0), dates.at(-1)];
  return {
    added: [...titles].filter(([date]) => !have.has(date)).map(([date, title]) => ({ date, title })),
    known: known.map(({ one, title }) => ({ id: one.id, title })),
    confirmed: known.filter(({ one }) => one.source !== 'gov.uk').length,
    retitled: known
      .filter(({ one, title }) => one.title !== title)
      .map(({ one, title }) => ({ date: one.date, from: one.title, to: title })),
    missing: stored.filter(
      ({ date }) =>
        first !== undefined && until !== undefined && first <= date && date <= until && !titles.has(date),
    ),
    until: until ?? null,
  };
}
