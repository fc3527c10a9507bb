import { FileRefused, type ByteSource } from './import-line.js';

/** A physical line as byte-text (one character per byte), without its line end; `tooLong` lines carry no text. */
export interface TextLine {
  line: number;
  text: string;
  tooLong: boolean;
}

/** Far above any honest row (GIAS rows are about 1.5 kB), low enough that a 1 GB line needs no memory. */
export const LONGEST_LINE = 256 * 1024;

const LINE_FEED = 0x0a;

/** Enough to tell a table from a workbook or a web page. */
const OPENING = 64;

/** Splits bytes into lines in constant memory. CRLF and LF both end a line; a UTF-8 byte order mark is dropped. */
export async function* textLines(source: ByteSource): AsyncGenerator<TextLine> {
  let number = 1;
  let rest = '';
  let tooLong = false;
  let opening = '';
  let started = false;
  for await (const bytes of source) {
    let buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // The rest of a line that is too long is never made text: a line without end would leave its own size in garbage.
    if (tooLong) {
      const end = buffer.indexOf(LINE_FEED);
      if (end < 0) continue;
      yield ended(number, '', tooLong);
      number += 1;
      tooLong = false;
      buffer = buffer.subarray(end + 1);
    }
    let chunk = buffer.toString('latin1');
    if (!started) {
      opening += chunk;
      if (opening.length < OPENING) continue;
      started = true;
      chunk = withoutByteOrderMark(opening);
    }
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      yield ended(number, rest + chunk.slice(from, end), false);
      number += 1;
      rest = '';
      from = end + 1;
    }
    rest += chunk.slice(from);
    if (rest.length > LONGEST_LINE) {
      rest = '';
      tooLong = true;
    }
  }
  if (!started) rest = withoutByteOrderMark(opening);
  if (rest !== '' || tooLong) yield* lastLines(number, rest, tooLong);
}

/** Only a file shorter than what is looked at first can still hold line ends here. */
function* lastLines(number: number, rest: string, tooLong: boolean): Generator<TextLine> {
  if (tooLong) {
    yield ended(number, rest, tooLong);
    return;
  }
  for (const [index, text] of rest.split('\n').entries()) yield ended(number + index, text, false);
}

function ended(line: number, text: string, tooLong: boolean): TextLine {
  if (tooLong || text.length > LONGEST_LINE) return { line, text: '', tooLong: true };
  return { line, text: text.endsWith('\r') ? text.slice(0, -1) : text, tooLong: false };
}

/** What people save as .csv by mistake, by how it begins, and what they should have done. */
const FOREIGN: readonly [RegExp, string][] = [
  [
    /^(\xff\xfe|\xfe\xff|[^\0]\0[^\0]\0|\0[^\0]\0)/,
    'is in UTF-16. Save it again as "CSV UTF-8" and repeat the import.',
  ],
  [
    /^PK\x03\x04/,
    'is a zip archive or an Excel workbook. Unpack it, or save the sheet as "CSV UTF-8", and repeat the import.',
  ],
  [/^\xd0\xcf\x11\xe0/, 'is an old Excel workbook. Save the sheet as "CSV UTF-8" and repeat the import.'],
  [/^\x1f\x8b/, 'is compressed (gzip). Unpack it and repeat the import.'],
  [/^%PDF/, 'is a PDF. Only the table itself, saved as CSV, can be imported.'],
  [
    /^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|head)/i,
    'is a web page, not a table: the download probably failed or asked to sign in. Fetch it again.',
  ],
];

function withoutByteOrderMark(opening: string): string {
  const foreign = FOREIGN.find(([pattern]) => pattern.test(opening));
  if (foreign) throw new FileRefused(`The file ${foreign[1]} Nothing was changed.`);
  return opening.startsWith('\xef\xbb\xbf') ? opening.slice(3) : opening;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

// WHATWG index-windows-1252, 0x80-0x9F. Written out because some Node releases decode the label
// "windows-1252" as ISO-8859-1, which turns typographic apostrophes in school names into control characters.
const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/**
 * Byte-text to text: UTF-8 where the bytes are valid UTF-8, otherwise Windows-1252. Decided cell by cell, so a
 * file pasted together from both still reads right (accented Windows-1252 is practically never valid UTF-8).
 */
export function decodeCell(byteText: string): string {
  if (!/[\x80-\xff]/.test(byteText)) return byteText;
  try {
    return utf8.decode(Buffer.from(byteText, 'latin1'));
  } catch {
    return byteText.replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252[byte.charCodeAt(0) - 0x80] ?? byte);
  }
}
