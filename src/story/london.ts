import { Temporal } from 'temporal-polyfill';

/** The instant at which London's clocks show this, e.g. `london('2026-11-23 07:24')`. */
export function london(text: string): Date {
  const local = Temporal.PlainDateTime.from(text.replace(' ', 'T'));
  return new Date(local.toZonedDateTime('Europe/London', { disambiguation: 'reject' }).epochMilliseconds);
}

/** `Sun 22 Nov 23:10` */
export function londonMinute(instant: Date): string {
  return `${londonDay(instant)} ${londonTime(instant)}`;
}

/** `23:10` */
export function londonTime(instant: Date): string {
  const at = zoned(instant);
  return `${String(at.hour).padStart(2, '0')}:${String(at.minute).padStart(2, '0')}`;
}

/** `2026-11-22`, as a date field of a form takes it */
export function londonDate(instant: Date): string {
  return zoned(instant).toPlainDate().toString();
}

function londonDay(instant: Date): string {
  const at = zoned(instant);
  const names = at.toLocaleString('en-GB', { weekday: 'short' }).slice(0, 3);
  const month = at.toLocaleString('en-GB', { month: 'short' }).slice(0, 3);
  return `${names} ${String(at.day).padStart(2, ' ')} ${month}`;
}

function zoned(instant: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO('Europe/London');
}
