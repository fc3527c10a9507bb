/** What a spreadsheet would run as a formula when a cell begins with it (OWASP, "CSV injection"), full-width forms included. */
const STARTS_A_FORMULA = /^[\s\u00a0\ufeff]*[=+\-@\t\r\n＝＋－＠]/u;
/** A plain number is data, also a negative one. */
const NUMBER = /^-?\d+(\.\d+)?$/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

export type CsvValue = string | number | boolean | Date | null | undefined;

/**
 * One line of a CSV file (RFC 4180, CRLF), for every export: quoted where needed; text that a spreadsheet would run gets an
 * apostrophe before it, which the spreadsheet shows as text. Null is empty; a Date is ISO 8601 in UTC.
 */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/** A whole file. It begins with a byte order mark: without it Excel reads "Zoë" as "ZoÃ«". */
export function csvFile(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return `\ufeff${csvLine(header)}${rows.map(csvLine).join('')}`;
}

function cell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  const text = String(value);
  const safe = STARTS_A_FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}
