import { Temporal } from 'temporal-polyfill';
import {
  dayNumber,
  isoDate,
  localTime,
  minutesOf,
  shortDate,
  type IsoDate,
  type LocalTime,
} from './iso-date.js';

export const LONDON = 'Europe/London';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Enough for about fourteen years of days; the caches are emptied when full, never grown without limit. */
const CACHE_LIMIT = 5_000;

/** A local time that the London clocks skip (end of March) or show twice (end of October). */
export class ImpossibleLocalTimeError extends Error {
  override readonly name = 'ImpossibleLocalTimeError';
  constructor(
    readonly date: IsoDate,
    readonly time: LocalTime,
  ) {
    super(
      `${time} on ${date} does not name one instant in London: the clocks change that night. ` +
        'Choose a time before 01:00 or from 02:00 on.',
    );
  }
}

interface LondonDay {
  startMs: number;
  /** No clock change on this day: every minute is midnight plus that many minutes. */
  plain: boolean;
}

const days = new Map<IsoDate, LondonDay>();
const offsets = new Map<number, number | null>();

function startOfDayMs(date: IsoDate): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(LONDON).epochMilliseconds;
}

function londonDay(date: IsoDate): LondonDay {
  const known = days.get(date);
  if (known) return known;
  const startMs = startOfDayMs(isoDate(dayNumber(date)));
  const nextMs = startOfDayMs(isoDate(dayNumber(date) + 1));
  const day = { startMs, plain: nextMs - startMs === DAY_MS };
  if (days.size >= CACHE_LIMIT) days.clear();
  days.set(date, day);
  return day;
}

/**
 * The instant of a London local time.
 * Throws ImpossibleLocalTimeError where the clocks skip or repeat that time, rather than guess.
 */
export function londonInstant(date: IsoDate, time: LocalTime): Date {
  const minutes = minutesOf(time);
  const day = londonDay(date);
  if (day.plain) return new Date(day.startMs + minutes * MINUTE_MS);
  try {
    const local = Temporal.PlainDateTime.from(`${date}T${time}`);
    return new Date(local.toZonedDateTime(LONDON, { disambiguation: 'reject' }).epochMilliseconds);
  } catch (error) {
    if (error instanceof RangeError) throw new ImpossibleLocalTimeError(date, time);
    throw error;
  }
}

function askOffsetMs(instantMs: number): number {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(LONDON).offsetNanoseconds / 1e6;
}

/** Null where the offset changes within the UTC day: then every instant is asked for. */
function offsetMs(instantMs: number): number {
  const utcDay = Math.floor(instantMs / DAY_MS);
  let offset = offsets.get(utcDay);
  if (offset === undefined) {
    const first = askOffsetMs(utcDay * DAY_MS);
    offset = first === askOffsetMs((utcDay + 1) * DAY_MS) ? first : null;
    if (offsets.size >= CACHE_LIMIT) offsets.clear();
    offsets.set(utcDay, offset);
  }
  return offset ?? askOffsetMs(instantMs);
}

export interface LondonClock {
  date: IsoDate;
  /** Minutes shown by the clock since 00:00, seconds dropped. */
  minutes: number;
  time: LocalTime;
}

/** What a clock on a London wall shows at an instant. */
export function londonClock(instant: Date): LondonClock {
  const localMs = instant.getTime() + offsetMs(instant.getTime());
  const day = Math.floor(localMs / DAY_MS);
  const minutes = Math.floor((localMs - day * DAY_MS) / MINUTE_MS);
  return { date: isoDate(day), minutes, time: localTime(minutes) };
}

export function londonDateOf(instant: Date): IsoDate {
  return londonClock(instant).date;
}

/** "Mon 23 Nov 08:45" in London time, for people. */
export function londonLabel(instant: Date): string {
  const clock = londonClock(instant);
  return `${shortDate(clock.date)} ${clock.time}`;
}

/** "Mon 23 Nov 2026 08:45" in London time, for people. */
export function londonFullLabel(instant: Date): string {
  const clock = londonClock(instant);
  return `${shortDate(clock.date)} ${clock.date.slice(0, 4)} ${clock.time}`;
}
