import { type ByteSource, type LineProblem } from './import-line.js';
import { decodeCell, textLines, type TextLine } from './text-lines.js';

export interface CsvRecord {
  line: number;
  cells: string[];
}

/** A quoted cell may run over this many lines; beyond that the quotation mark was never meant to be open. */
const LONGEST_CELL_LINES = 25;

/**
 * Reads CSV records (RFC 4180) with the number of the line each one starts on. A bad record costs that one
 * line: reading goes on with the next physical line. (csv-parse loses the record after a bad one and counts
 * CRLF inside quotes twice, so its line numbers cannot be shown to the owner of a file.)
 */
export async function* csvRecords(source: ByteSource): AsyncGenerator<CsvRecord | LineProblem> {
  const lines = textLines(source);
  const ahead: TextLine[] = [];
  const next = async (): Promise<TextLine | undefined> => {
    const waiting = ahead.shift();
    if (waiting) return waiting;
    const { value, done } = await lines.next();
    return done ? undefined : value;
  };

  for (let first = await next(); first; first = await next()) {
    if (first.tooLong) {
      yield { line: first.line, problem: 'The line is longer than 256 kB and was skipped.' };
      continue;
    }
    if (first.text.trim() === '') continue;
    let parsed = splitRecord(first.text);
    if (parsed === 'open') {
      const taken: TextLine[] = [];
      let text = first.text;
      while (parsed === 'open' && taken.length < LONGEST_CELL_LINES) {
        const following = await next();
        if (!following) break;
        taken.push(following);
        if (following.tooLong) break;
        text += `\n${following.text}`;
        parsed = splitRecord(text);
      }
      if (typeof parsed === 'string') ahead.unshift(...taken);
    }
    if (parsed === 'open')
      yield { line: first.line, problem: 'A quotation mark is opened and never closed.' };
    else if (parsed === 'malformed')
      yield { line: first.line, problem: 'A quotation mark stands in the wrong place.' };
    else yield { line: first.line, cells: parsed.map(decodeCell) };
  }
}

function splitRecord(text: string): string[] | 'open' | 'malformed' {
  if (!text.includes('"')) return text.split(',');
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] !== '"') {
      const comma = text.indexOf(',', at);
      cells.push(comma < 0 ? text.slice(at) : text.slice(at, comma));
      if (comma < 0) return cells;
      at = comma + 1;
      continue;
    }
    let cell = '';
    at += 1;
    for (;;) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return 'open';
      cell += text.slice(at, quote);
      at = quote + 1;
      if (text[at] !== '"') break;
      cell += '"';
      at += 1;
    }
    cells.push(cell);
    if (at >= text.length) return cells;
    if (text[at] !== ',') return 'malformed';
    at += 1;
  }
}
