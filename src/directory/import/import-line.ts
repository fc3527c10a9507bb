/** One line of an imported file: a row ready to be stored, or what is wrong with it. Lines count from 1 (the header is line 1). */
export type ImportLine<Row> = { line: number; row: Row } | LineProblem;

export interface LineProblem {
  line: number;
  /** Plain English for the person who owns the file. Quotes codes and dates, never people's names. */
  problem: string;
  /** The register withholds the row on purpose: counted, not listed. */
  withheld?: true;
}

/** The whole file cannot be used; nothing of it was read. `missing` names the columns that were not found. */
export class FileRefused extends Error {
  constructor(
    message: string,
    readonly missing: readonly string[] = [],
  ) {
    super(message);
    this.name = 'FileRefused';
  }
}

export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Opens the file from its beginning, as often as asked: a transaction that PostgreSQL undid reads it again. */
export type ImportSource = () => ByteSource;

export function isProblem<Row>(line: ImportLine<Row>): line is LineProblem {
  return 'problem' in line;
}

/** Reads a small file to its end. Large ones (the register) are consumed line by line instead. */
export async function collect<Row>(
  lines: AsyncIterable<ImportLine<Row>>,
): Promise<{ rows: Row[]; problems: LineProblem[] }> {
  const rows: Row[] = [];
  const problems: LineProblem[] = [];
  for await (const line of lines) {
    if (isProblem(line)) problems.push(line);
    else rows.push(line.row);
  }
  return { rows, problems };
}
