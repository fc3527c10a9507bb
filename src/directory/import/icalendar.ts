import { type CalendarEntry, type CalendarKind, type CalendarLayer } from '../domain/calendar-entry.js';
import { type ByteSource, type ImportLine } from './import-line.js';
import { decodeCell, textLines } from './text-lines.js';

interface Event {
  line: number;
  properties: Map<string, string>;
}

// School calendars also carry plays and match days: only what says that nobody is in school closes a day.
const CLOSED: readonly [RegExp, CalendarKind][] = [
  [/inset|training day|staff day|hms|non[- ]pupil/i, 'inset'],
  [/bank holiday/i, 'bank-holiday'],
  [/half[- ]?term|holiday|break|gwyliau|hanner tymor/i, 'holiday'],
  [/closed|closure|ar gau/i, 'closure'],
];

/**
 * Reads whole-day events of an iCalendar file (RFC 5545) as closed days of one layer. Timed and repeating events,
 * and titles that do not say that the school is closed, are listed as problems and left out: unknown means open.
 */
export async function* readICalendar(
  source: ByteSource,
  owner: { layer: CalendarLayer; key: string },
): AsyncGenerator<ImportLine<CalendarEntry>> {
  for await (const event of events(source)) {
    const title = event.properties.get('SUMMARY') ?? '';
    const kind = CLOSED.find(([pattern]) => pattern.test(title))?.[1];
    const from = isoDate(event.properties.get('DTSTART'));
    const end = event.properties.has('DTEND')
      ? isoDate(event.properties.get('DTEND'))
      : from && dayAfter(from, 1);
    const problem =
      !from || !end || end <= from
        ? 'The event is not one of whole days; it was left out.'
        : event.properties.has('RRULE')
          ? 'The event repeats; write each day out.'
          : !kind
            ? 'The title does not say that the school is closed; the days stay open.'
            : undefined;
    if (problem || !from || !end || !kind) yield { line: event.line, problem: problem ?? '' };
    else
      yield {
        line: event.line,
        row: { ...owner, from, to: dayAfter(end, -1), state: 'closed', kind, title },
      };
  }
}

async function* events(source: ByteSource): AsyncGenerator<Event> {
  let event: Event | undefined;
  for await (const { line, text } of unfolded(source)) {
    if (/^BEGIN:VEVENT$/i.test(text)) event = { line, properties: new Map() };
    else if (/^END:VEVENT$/i.test(text) && event) {
      yield event;
      event = undefined;
    } else if (event) {
      const property = /^([A-Z-]+)(?:;[^:]*)?:(.*)$/i.exec(text);
      if (property?.[1]) event.properties.set(property[1].toUpperCase(), unescaped(property[2] ?? ''));
    }
  }
}

async function* unfolded(source: ByteSource): AsyncGenerator<{ line: number; text: string }> {
  let held: { line: number; text: string } | undefined;
  for await (const { line, text } of textLines(source)) {
    if (held && /^[ \t]/.test(text)) {
      held.text += text.slice(1);
      continue;
    }
    if (held) yield { line: held.line, text: decodeCell(held.text).trimEnd() };
    held = { line, text };
  }
  if (held) yield { line: held.line, text: decodeCell(held.text).trimEnd() };
}

function unescaped(value: string): string {
  return value
    .replace(/\\([\\;,nN])/g, (_, character: string) => (/n/i.test(character) ? ' ' : character))
    .trim();
}

function isoDate(value: string | undefined): string | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(value ?? '');
  if (!match) return undefined;
  const iso = `${match[1]}-${match[2]}-${match[3]}`;
  return Number.isNaN(Date.parse(iso)) ? undefined : iso;
}

function dayAfter(iso: string, days: number): string {
  return new Date(Date.parse(iso) + days * 86_400_000).toISOString().slice(0, 10);
}
