import { describe, expect, it } from '@jest/globals';
import { bankHolidays, easterSunday } from './bank-holidays.js';
import { readBankHolidaysJson } from './bank-holidays-json.js';

const dates = (...args: Parameters<typeof bankHolidays>) => bankHolidays(...args).map(({ date }) => date);

describe('bank holidays by rule', () => {
  it.each([
    [1818, '1818-03-22'],
    [1943, '1943-04-25'],
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
  ])('Easter Sunday of %i', (year, date) => {
    expect(easterSunday(year)).toBe(date);
  });

  it('England and Wales 2026: Boxing Day on a Saturday moves to the Monday', () => {
    expect(dates('england-and-wales', 2026)).toEqual([
      '2026-01-01',
      '2026-04-03',
      '2026-04-06',
      '2026-05-04',
      '2026-05-25',
      '2026-08-31',
      '2026-12-25',
      '2026-12-28',
    ]);
  });

  it.each([
    [2021, ['2021-12-27', '2021-12-28']],
    [2022, ['2022-12-26', '2022-12-27']],
    [2024, ['2024-12-25', '2024-12-26']],
    [2027, ['2027-12-27', '2027-12-28']],
  ])('Christmas of %i', (year, expected) => {
    expect(dates('england-and-wales', year).slice(-2)).toEqual(expected);
  });

  it('a New Year on a Saturday is kept on the Monday', () => {
    expect(dates('england-and-wales', 2028)[0]).toBe('2028-01-03');
  });

  it('Scotland 2027: 2 January on a Saturday, the first Monday of August, St Andrew', () => {
    expect(dates('scotland', 2027)).toEqual([
      '2027-01-01',
      '2027-01-04',
      '2027-03-26',
      '2027-05-03',
      '2027-05-31',
      '2027-08-02',
      '2027-11-30',
      '2027-12-27',
      '2027-12-28',
    ]);
    expect(dates('scotland', 2022).slice(0, 2)).toEqual(['2022-01-03', '2022-01-04']);
  });

  it('Northern Ireland keeps St Patrick and the Boyne, with substitute days', () => {
    expect(dates('northern-ireland', 2024)).toContain('2024-03-18');
    expect(dates('northern-ireland', 2026)).toContain('2026-07-13');
  });

  it('never falls on a weekend', () => {
    for (let year = 2000; year <= 2100; year += 1) {
      for (const division of ['england-and-wales', 'scotland', 'northern-ireland'] as const) {
        const days = dates(division, year);
        expect(days.every((date) => ![0, 6].includes(new Date(date).getUTCDay()))).toBe(true);
        expect(new Set(days).size).toBe(
          { 'england-and-wales': 8, scotland: 9, 'northern-ireland': 10 }[division],
        );
      }
    }
  });
});

describe("gov.uk's bank-holidays.json", () => {
  it('lists bad events and keeps the good ones', () => {
    const file = readBankHolidaysJson(
      JSON.stringify({
        'england-and-wales': {
          events: [{ title: 'Good Friday', date: '2027-03-26' }, { title: 'Odd', date: '2027-02-30' }, null],
        },
        scotland: { events: [] },
      }),
    );
    expect(file.holidays).toEqual([
      { division: 'england-and-wales', title: 'Good Friday', date: '2027-03-26' },
    ]);
    expect(file.problems).toEqual([
      'Event 2 of england-and-wales has no title or no date.',
      'Event 3 of england-and-wales has no title or no date.',
      'The file has no events for northern-ireland.',
    ]);
  });

  it('does not throw at something else', () => {
    expect(readBankHolidaysJson('<html>').problems).toEqual(['The file is not JSON.']);
    expect(readBankHolidaysJson('[]').problems).toHaveLength(3);
  });
});
