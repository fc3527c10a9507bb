import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import {
  bankHolidayRows,
  InvalidCalendarRowError,
  type CalendarLayer,
  type CalendarRow,
} from './calendar-row.js';
import { InvalidBellError, nextWeekday, SchoolCalendar } from './school-calendar.js';

const row = (
  layer: CalendarLayer,
  from: string,
  to: string,
  open: boolean,
  title = 'a row',
): CalendarRow => ({
  layer,
  from,
  to,
  open,
  title,
});
const calendar = (...rows: CalendarRow[]) => new SchoolCalendar({ rows });

describe('which days are school days', () => {
  it('is open on weekdays and closed at weekends when nothing is known', () => {
    const week = [
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
      '2026-11-28',
      '2026-11-29',
    ];
    expect(week.map((date) => calendar().isOpen(date))).toEqual([true, true, true, true, true, false, false]);
  });

  const closed = (layer: CalendarLayer) => row(layer, '2026-11-23', '2026-11-23', false);
  const open = (layer: CalendarLayer) => row(layer, '2026-11-23', '2026-11-23', true);
  it.each([
    ['nation alone', [closed('nation')], false],
    ['authority over nation', [closed('nation'), open('authority')], true],
    ['trust over authority', [open('authority'), closed('trust')], false],
    ['setting over trust', [closed('trust'), open('setting')], true],
    ['setting over all', [open('nation'), open('authority'), open('trust'), closed('setting')], false],
    ['within one layer, a tie stays open', [closed('setting'), open('setting')], true],
    ['within one layer, whatever the order', [open('setting'), closed('setting')], true],
  ])('%s', (_name, rows, expected) => {
    expect(calendar(...rows).isOpen('2026-11-23')).toBe(expected);
  });

  it('a closure day inside a term of the same layer closes that day only', () => {
    const inset = calendar(
      row('setting', '2026-09-01', '2026-12-18', true, 'Autumn term'),
      row('setting', '2026-11-27', '2026-11-27', false, 'INSET'),
    );
    expect(inset.isOpen('2026-11-26')).toBe(true);
    expect(inset.isOpen('2026-11-27')).toBe(false);
    expect(inset.status('2026-11-27')).toEqual({ open: false, title: 'INSET', layer: 'setting' });
  });

  it('a term opens neither its weekends nor its bank holidays, a single open day opens both', () => {
    const summer = row('authority', '2026-04-13', '2026-07-21', true, 'Summer term');
    const mayDay = bankHolidayRows([{ date: '2026-05-04', title: 'Early May bank holiday' }]);
    expect(calendar(summer, ...mayDay).isOpen('2026-05-04')).toBe(false);
    expect(calendar(summer, ...mayDay).isOpen('2026-05-09')).toBe(false);
    const opened = calendar(
      summer,
      ...mayDay,
      row('setting', '2026-05-04', '2026-05-04', true),
      row('setting', '2026-05-09', '2026-05-09', true, 'Saturday school'),
    );
    expect(opened.isOpen('2026-05-04')).toBe(true);
    expect(opened.isOpen('2026-05-09')).toBe(true);
  });

  it('opens on the days of the week on which the setting usually opens', () => {
    const sundaySchool = new SchoolCalendar({ rows: [], openWeekdays: [7, 1, 2, 3, 4] });
    expect(sundaySchool.isOpen('2026-11-22')).toBe(true);
    expect(sundaySchool.isOpen('2026-11-27')).toBe(false);
  });

  it('refuses a row that ends before it starts, an unknown layer, and an impossible date', () => {
    expect(() => calendar(row('setting', '2026-11-24', '2026-11-23', false, 'Turned round'))).toThrow(
      InvalidCalendarRowError,
    );
    expect(() => calendar(row('county' as CalendarLayer, '2026-11-24', '2026-11-24', false))).toThrow(
      'Use one of setting, trust, authority, nation.',
    );
    expect(() => calendar(row('setting', '2026-02-30', '2026-03-01', false))).toThrow(
      'Write it as YYYY-MM-DD',
    );
  });
});

describe('searching', () => {
  const halfTerm = calendar(row('authority', '2026-10-26', '2026-10-30', false, 'Half-term'));

  it('finds the next and the previous school day', () => {
    expect(halfTerm.nextOpenDay('2026-10-23')).toEqual({ kind: 'open-day', date: '2026-11-02' });
    expect(halfTerm.nextOpenDay('2026-10-22')).toEqual({ kind: 'open-day', date: '2026-10-23' });
    expect(halfTerm.previousOpenDay('2026-11-02')).toEqual({ kind: 'open-day', date: '2026-10-23' });
  });

  it('gives up after 400 days with a result of its own', () => {
    const never = calendar(row('setting', '2020-01-01', '2035-12-31', false, 'Closed for good'));
    expect(never.nextOpenDay('2026-11-22')).toEqual({
      kind: 'no-school-day-known',
      searchedTo: '2027-12-27',
    });
    expect(never.previousOpenDay('2026-11-22').kind).toBe('no-school-day-known');
    expect(never.closedRunAround('2026-11-22')?.days).toBe(400);
    expect(new SchoolCalendar({ rows: [], openWeekdays: [] }).nextOpenDay('2026-11-22').kind).toBe(
      'no-school-day-known',
    );
  });

  it('knows the next weekday without a calendar', () => {
    expect(nextWeekday('2026-11-20')).toBe('2026-11-23');
    expect(nextWeekday('2026-11-23')).toBe('2026-11-24');
  });
});

describe('closed runs and holidays', () => {
  const bankHoliday = bankHolidayRows([
    { date: '2026-12-25', title: 'Christmas Day' },
    { date: '2026-12-28', title: 'Boxing Day (substitute)' },
  ]);

  it.each<[string, CalendarRow[], string, object | null]>([
    [
      'a weekend',
      [],
      '2026-11-23',
      { from: '2026-11-21', to: '2026-11-22', closedWeekdays: 0, holiday: false },
    ],
    ['no run', [], '2026-11-24', null],
    [
      'two closed weekdays beside a weekend are no holiday',
      bankHoliday,
      '2026-12-29',
      { from: '2026-12-25', to: '2026-12-28', days: 4, closedWeekdays: 2, holiday: false },
    ],
    [
      'three closed weekdays are a holiday',
      [...bankHoliday, row('setting', '2026-12-24', '2026-12-24', false, 'INSET')],
      '2026-12-29',
      { from: '2026-12-24', to: '2026-12-28', days: 5, closedWeekdays: 3, holiday: true },
    ],
    [
      'half-term',
      [row('authority', '2026-10-26', '2026-10-30', false)],
      '2026-11-02',
      { from: '2026-10-24', to: '2026-11-01', days: 9, closedWeekdays: 5, holiday: true },
    ],
  ])('%s', (_name, rows, before, expected) => {
    const run = calendar(...rows).closedRunBefore(before);
    if (expected === null) expect(run).toBeNull();
    else expect(run).toMatchObject(expected);
  });

  it('the days on which a part-time setting never opens are no holiday', () => {
    const mondayTuesday = new SchoolCalendar({ rows: [], openWeekdays: [1, 2] });
    expect(mondayTuesday.closedRunAround('2026-11-26')).toMatchObject({
      from: '2026-11-25',
      to: '2026-11-29',
      closedWeekdays: 0,
      holiday: false,
    });
    expect(mondayTuesday.closedRunAround('2026-11-24')).toBeNull();
  });
});

describe('the school day', () => {
  it('has the usual bell, cutoff and home time, in summer and in winter', () => {
    const usual = calendar();
    expect(usual.schoolDayStart('2026-11-23').toISOString()).toBe('2026-11-23T08:45:00.000Z');
    expect(usual.cutoff('2026-11-23').toISOString()).toBe('2026-11-23T07:30:00.000Z');
    expect(usual.schoolDayEnd('2026-11-23').toISOString()).toBe('2026-11-23T15:15:00.000Z');
    expect(usual.schoolDayStart('2026-06-22').toISOString()).toBe('2026-06-22T07:45:00.000Z');
  });

  it('has its own bell and home time', () => {
    const early = new SchoolCalendar({ rows: [], bell: '08:20', homeTime: '14:50' });
    expect(early.cutoff('2026-11-23').toISOString()).toBe('2026-11-23T07:05:00.000Z');
    expect(early.schoolDayEnd('2026-11-23').toISOString()).toBe('2026-11-23T14:50:00.000Z');
  });

  it.each([
    ['15:15', '08:45'],
    ['08:45', '08:45'],
    ['01:30', '15:15'],
  ])('refuses a day from %s to %s', (bell, homeTime) => {
    expect(() => new SchoolCalendar({ rows: [], bell, homeTime })).toThrow(InvalidBellError);
  });

  it('the authority works on weekdays without bank holidays, whatever the school does', () => {
    const days = calendar(
      row('setting', '2026-12-21', '2026-12-31', false, 'Christmas'),
      ...bankHolidayRows([{ date: '2026-12-25', title: 'Christmas Day' }]),
    ).authorityDays();
    expect(days.isOpen('2026-12-24')).toBe(true);
    expect(days.isOpen('2026-12-25')).toBe(false);
    expect(days.isOpen('2026-12-26')).toBe(false);
  });
});

describe('adding a closure', () => {
  it('never opens a day', () => {
    const layers = fc.constantFrom<CalendarLayer>('setting', 'trust', 'authority', 'nation');
    const anyRow = fc
      .tuple(layers, fc.integer({ min: 1, max: 25 }), fc.integer({ min: 0, max: 5 }), fc.boolean())
      .map(([layer, start, length, open]) => {
        const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}`;
        return row(layer, day(start), day(start + length), open);
      });
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 8 }), anyRow, (rows, added) => {
        const before = calendar(...rows);
        const after = calendar(...rows, { ...added, open: false });
        for (let n = 1; n <= 30; n += 1) {
          const date = `2026-11-${String(n).padStart(2, '0')}`;
          expect(after.isOpen(date) && !before.isOpen(date)).toBe(false);
        }
      }),
    );
  });
});
