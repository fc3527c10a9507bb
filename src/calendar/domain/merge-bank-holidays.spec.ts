import { describe, expect, it } from '@jest/globals';
import { horizonProblem } from './bank-holiday-horizon.js';
import { mergeBankHolidays } from './merge-bank-holidays.js';

const stored = (date: string, title: string, source = 'rule') => ({ id: date, date, title, source });

describe('gov.uk’s list, a rolling window', () => {
  it('adds what is new, confirms the forecast, takes its titles, and reports what it no longer has', () => {
    const merge = mergeBankHolidays(
      [
        { date: '2027-01-01', title: 'New Year’s Day' },
        { date: '2027-05-07', title: 'Coronation' },
        { date: '2027-12-27', title: 'Christmas Day (substitute day)' },
      ],
      [
        stored('2026-12-25', 'Christmas Day', 'gov.uk'),
        stored('2027-01-01', 'New Year’s Day'),
        stored('2027-05-03', 'Early May bank holiday', 'gov.uk'),
        stored('2027-12-27', 'Christmas Day'),
        stored('2029-01-01', 'New Year’s Day'),
      ],
    );
    expect(merge).toMatchObject({
      added: [{ date: '2027-05-07', title: 'Coronation' }],
      confirmed: 2,
      retitled: [{ date: '2027-12-27', from: 'Christmas Day', to: 'Christmas Day (substitute day)' }],
      missing: [{ date: '2027-05-03' }],
      until: '2027-12-27',
    });
  });
});

describe('how far ahead bank holidays are known', () => {
  const of = (until: string | null, officialUntil: string | null = null, missing = 0) =>
    horizonProblem({ nation: 'wales', until, officialUntil, missing }, '2026-11-22');

  it.each([
    [of('2036-12-26'), null],
    [of('2036-12-26', '2028-12-26'), null],
    [of('2027-12-27', '2027-12-27'), null],
    [of(null), 'known until never'],
    [of('2027-04-01'), 'less than a year ahead'],
    [of('2036-12-26', '2027-08-30'), 'was last read up to 2027-08-30'],
    [of('2036-12-26', '2028-12-26', 2), 'no longer on gov.uk'],
  ])('case %#', (found, expected) => {
    if (expected === null) expect(found).toBeNull();
    else expect(found).toContain(expected);
  });
});
