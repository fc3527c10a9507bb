import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import {
  addDays,
  dayNumber,
  InvalidDateError,
  InvalidTimeError,
  isoDate,
  minutesOf,
  weekdayOf,
} from './iso-date.js';
import { ImpossibleLocalTimeError, londonClock, londonFullLabel, londonInstant } from './london-time.js';

describe('a London local time becomes an instant', () => {
  it.each([
    ['2026-01-15', '08:45', '2026-01-15T08:45:00.000Z'],
    ['2026-07-15', '08:45', '2026-07-15T07:45:00.000Z'],
    ['2026-03-29', '00:59', '2026-03-29T00:59:00.000Z'],
    ['2026-03-29', '02:00', '2026-03-29T01:00:00.000Z'],
    ['2026-03-29', '06:30', '2026-03-29T05:30:00.000Z'],
    ['2026-10-25', '00:59', '2026-10-24T23:59:00.000Z'],
    ['2026-10-25', '02:00', '2026-10-25T02:00:00.000Z'],
    ['2026-10-25', '06:30', '2026-10-25T06:30:00.000Z'],
    ['2027-03-28', '02:00', '2027-03-28T01:00:00.000Z'],
    ['2027-10-31', '02:00', '2027-10-31T02:00:00.000Z'],
  ])('%s %s is %s', (date, time, expected) => {
    expect(londonInstant(date, time).toISOString()).toBe(expected);
  });

  it.each([
    ['skipped', '2026-03-29', '01:00'],
    ['skipped', '2026-03-29', '01:59'],
    ['skipped', '2027-03-28', '01:30'],
    ['shown twice', '2026-10-25', '01:00'],
    ['shown twice', '2026-10-25', '01:30'],
    ['shown twice', '2027-10-31', '01:30'],
  ])('refuses a time that is %s (%s %s) and says what to do', (_kind, date, time) => {
    expect(() => londonInstant(date, time)).toThrow(ImpossibleLocalTimeError);
    expect(() => londonInstant(date, time)).toThrow('Choose a time before 01:00 or from 02:00 on.');
  });

  it.each(['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', ''])('refuses the date "%s"', (date) => {
    expect(() => londonInstant(date, '08:45')).toThrow(InvalidDateError);
  });

  it.each(['24:00', '8:45', '08:60', '', '08:45:00'])('refuses the time "%s"', (time) => {
    expect(() => londonInstant('2026-11-23', time)).toThrow(InvalidTimeError);
  });
});

describe('an instant becomes what a London clock shows', () => {
  it.each([
    ['2026-03-29T00:59:59Z', '2026-03-29', '00:59'],
    ['2026-03-29T01:00:00Z', '2026-03-29', '02:00'],
    ['2026-10-25T00:30:00Z', '2026-10-25', '01:30'],
    ['2026-10-25T01:30:00Z', '2026-10-25', '01:30'],
    ['2026-06-30T23:00:00Z', '2026-07-01', '00:00'],
    ['2026-12-31T23:59:59Z', '2026-12-31', '23:59'],
  ])('%s is %s %s', (instant, date, time) => {
    expect(londonClock(new Date(instant))).toMatchObject({ date, time });
  });

  it('agrees with the platform at every hour of 2026 and 2027', () => {
    const platform = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/London',
      dateStyle: 'short',
      timeStyle: 'short',
    });
    const anyMinute = fc.integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2028, 0, 1) / 60_000 });
    fc.assert(
      fc.property(anyMinute, (minute) => {
        const instant = new Date(minute * 60_000);
        const { date, time } = londonClock(instant);
        expect(`${date} ${time}`).toBe(platform.format(instant));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is written for people with its weekday', () => {
    expect(londonFullLabel(new Date('2026-11-23T08:45:00Z'))).toBe('Mon 23 Nov 2026 08:45');
  });
});

describe('dates', () => {
  it('count and name days', () => {
    expect(addDays('2026-02-27', 2)).toBe('2026-03-01');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(weekdayOf('2026-11-23')).toBe(1);
    expect(weekdayOf('2026-11-22')).toBe(7);
    expect(weekdayOf('1969-12-31')).toBe(3);
    expect(isoDate(dayNumber('2026-11-23'))).toBe('2026-11-23');
    expect(minutesOf('08:45')).toBe(525);
  });
});
