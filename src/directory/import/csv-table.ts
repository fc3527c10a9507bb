import { csvRecords } from './csv-records.js';
import { FileRefused, isProblem, type ByteSource, type LineProblem } from './import-line.js';

export interface TableLayout<Column extends string> {
  /** Columns without which the file is refused, the first being the one by which the header is recognised. */
  needed: readonly Column[];
  /** Columns that are read when they are there. All others are ignored. */
  optional: readonly Column[];
  /** True for machine-written files, where a short row is a truncated one; false for hand-made ones. */
  everyCell: boolean;
}

export interface TableRow<Column extends string> {
  line: number;
  /** Trimmed text per column of the layout; '' where the file has nothing. */
  cells: Record<Column, string>;
}

/** For a command's help: `urn, bell, home; optional title`. */
export function columnWords({ needed, optional }: Pick<TableLayout<string>, 'needed' | 'optional'>): string {
  const columns = needed.join(', ');
  return optional.length === 0 ? columns : `${columns}; optional ${optional.join(', ')}`;
}

/** Registers such as Ofsted's put title lines above the header. */
const TITLE_LINES = 10;

const key = (header: string) => header.replace(/\s+/g, ' ').trim().toLowerCase();

/** Rows of a CSV table whose columns are found by header: in any order and any letter case. Throws FileRefused. */
export async function* tableRows<Column extends string>(
  source: ByteSource,
  layout: TableLayout<Column>,
): AsyncGenerator<TableRow<Column> | LineProblem> {
  let header: { width: number; at: [Column, number][] } | undefined;
  let closest = [...layout.needed];
  let seen = 0;
  for await (const record of csvRecords(source)) {
    if (!header) {
      seen += 1;
      const titles = isProblem(record as LineProblem) ? [] : (record as { cells: string[] }).cells.map(key);
      const missing = layout.needed.filter((column) => !titles.includes(key(column)));
      if (missing.length < closest.length) closest = missing;
      if (missing.length === 0) header = { width: titles.length, at: positions(titles, layout) };
      else if (seen >= TITLE_LINES) break;
      continue;
    }
    if ('problem' in record) {
      yield record;
      continue;
    }
    if (record.cells.every((cell) => cell.trim() === '')) continue;
    const bad = widthProblem(record.cells.length, header.width, layout.everyCell, record.cells);
    if (bad) yield { line: record.line, problem: bad };
    else yield { line: record.line, cells: named(record.cells, header.at, layout) };
  }
  if (!header) throw new FileRefused(refusal(closest), closest);
}

function refusal(missing: readonly string[]): string {
  return `The file has no line with these column names: ${missing.map((name) => `"${name}"`).join(', ')}. Nothing was changed.`;
}

function positions<Column extends string>(titles: string[], layout: TableLayout<Column>): [Column, number][] {
  return [...layout.needed, ...layout.optional]
    .map((column): [Column, number] => [column, titles.indexOf(key(column))])
    .filter(([, at]) => at >= 0);
}

function named<Column extends string>(
  cells: string[],
  at: [Column, number][],
  layout: TableLayout<Column>,
): Record<Column, string> {
  const row = {} as Record<Column, string>;
  for (const column of layout.needed) row[column] = '';
  for (const column of layout.optional) row[column] = '';
  for (const [column, index] of at) row[column] = (cells[index] ?? '').trim();
  return row;
}

function widthProblem(
  cells: number,
  width: number,
  everyCell: boolean,
  values: string[],
): string | undefined {
  const extra = values.slice(width).some((cell) => cell.trim() !== '');
  if (extra || (everyCell && cells < width)) {
    return `The line has ${cells} cells where the header has ${width}.`;
  }
  return undefined;
}
