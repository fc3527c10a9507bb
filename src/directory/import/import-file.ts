import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CommandFailed } from '../../common/command-line.js';
import { DomainError } from '../../common/errors.js';
import { FileRefused, type ByteSource, type ImportSource, type LineProblem } from './import-line.js';

/** @throws CommandFailed when there is no such file */
export async function importFile(path: string): Promise<ImportSource> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new CommandFailed(`${path} cannot be read: there is no such file.`);
  return () => createReadStream(path) as ByteSource;
}

/** What an import refuses is told to the person who typed the command, never as a fault of the program. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileRefused) throw new CommandFailed(error.message, { missing: error.missing });
    if (error instanceof DomainError) throw new CommandFailed(error.message, { code: error.code });
    throw error;
  }
}

/** Long work says on standard error that it goes on, so that standard output stays for the answer. */
export function progressLine(what: string): (lines: number) => void {
  let told = 0;
  return (lines) => {
    if (lines - told < 10_000) return;
    told = lines;
    process.stderr.write(`${what}: ${lines} lines read\n`);
  };
}

const SHOWN = 20;

/** A heading with its number and the first lines below it; nothing when there is nothing. */
export function section(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > SHOWN ? [`  ... and ${lines.length - SHOWN} more (--json lists all)`] : [];
  return [`${heading}: ${lines.length}`, ...lines.slice(0, SHOWN).map((line) => `  ${line}`), ...more];
}

export function problemLines(problems: readonly LineProblem[]): string[] {
  return section(
    'Lines left out',
    problems.map(({ line, problem }) => `line ${line}: ${problem}`),
  );
}
