import { parseWeekdays } from '../../calendar/domain/iso-date.js';
import type { ImportLine } from './import-line.js';

/** Thrown by a row reader for one bad cell and turned into that line's problem. */
export class BadCell extends Error {}

/** Runs a row reader; a bad cell becomes the line's problem. */
export function readRow<Row>(line: number, read: () => Row): ImportLine<Row> {
  try {
    return { line, row: read() };
  } catch (error) {
    if (error instanceof BadCell) return { line, problem: error.message };
    throw error;
  }
}

/** A calendar date as ISO yyyy-mm-dd, from dd-mm-yyyy, dd/mm/yyyy or yyyy-mm-dd; null when the cell is empty. */
export function dateCell(column: string, text: string): string | null {
  if (text === '') return null;
  const british = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/.exec(text);
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const parts = british ? [british[3], british[2], british[1]] : iso ? [iso[1], iso[2], iso[3]] : undefined;
  if (parts) {
    const [year, month, day] = parts.map(Number) as [number, number, number];
    const date = new Date(Date.UTC(year, month - 1, day));
    if (date.getUTCMonth() === month - 1 && date.getUTCDate() === day) return date.toISOString().slice(0, 10);
  }
  throw new BadCell(`"${column}" is not a date: ${shown(text)} (dates are written dd-mm-yyyy).`);
}

export function neededDateCell(column: string, text: string): string {
  const date = dateCell(column, text);
  if (date === null) throw new BadCell(`"${column}" is empty.`);
  return date;
}

/** HH:MM on the 24-hour clock, Europe/London local time. */
export function timeCell(column: string, text: string): string | null {
  if (text === '') return null;
  const match = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (match && Number(match[1]) < 24 && Number(match[2]) < 60) return text.padStart(5, '0');
  throw new BadCell(`"${column}" is not a time of day: ${shown(text)} (times are written 08:45).`);
}

export function yesNoCell(column: string, text: string): boolean {
  if (/^(yes|y|true|1)$/i.test(text)) return true;
  if (/^(|no|n|false|0)$/i.test(text)) return false;
  throw new BadCell(`"${column}" is neither yes nor no: ${shown(text)}.`);
}

export function oneOf<Value extends string>(column: string, text: string, allowed: readonly Value[]): Value {
  const value = allowed.find((one) => one === text.toLowerCase());
  if (value === undefined)
    throw new BadCell(`"${column}" is ${shown(text)}; it can be ${allowed.join(', ')}.`);
  return value;
}

export function nullWhenEmpty(text: string): string | null {
  return text === '' ? null : text;
}

/** "Mon Tue Fri" or "Mon,Tue" as ISO weekday numbers (Monday is 1), ascending; null when the cell is empty. */
export function weekdaysCell(column: string, text: string): number[] | null {
  if (text === '') return null;
  const days = parseWeekdays(text);
  if (days === null)
    throw new BadCell(`"${column}" is not a list of weekdays: ${shown(text)} (write Mon Tue Wed).`);
  return days;
}

/** What a message may repeat of a cell: short, on one line. Use it for codes and dates only. */
export function shown(text: string): string {
  const line = text.replace(/[\u0000-\u001f]+/g, ' ');
  return `"${line.length > 40 ? `${line.slice(0, 40)}...` : line}"`;
}
