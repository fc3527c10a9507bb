import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../support/run/facts.js';
import { Corpus, type Verdict } from './judge.js';

/** Tuned on these; what is reported comes from the others, which nothing was changed for. */
export const TUNING_SEEDS = [1, 2, 3, 4] as const;
export const HELD_OUT_SEEDS = [31, 32, 33] as const;
export const CASES = 10_000;
const THRESHOLDS = [0.8, 0.85, 0.9, 0.95, 0.99] as const;
const DEFAULT = 0.9;

export interface CorpusRow {
  seed: number;
  base: 'alone' | 'withRoll';
  threshold: number;
  cases: number;
  placeable: number;
  /** Placed without a person and right, of all cases and of those that a careful person could place. */
  right: number;
  rightOfPlaceable: number;
  asStated: number;
  wrong: number;
  desk: number;
}

export interface CorpusResults {
  rows: CorpusRow[];
  /** At the default threshold, without a pupil base: kind of error -> of its cases, placed right by itself. */
  byError: Record<
    string,
    { cases: number; placeable: number; right: number; asStated: number; wrong: number }
  >;
  settings: number;
}

export function measureCorpus(
  seeds: readonly number[] = HELD_OUT_SEEDS,
  cases = CASES,
  thresholds: readonly number[] = THRESHOLDS,
): CorpusResults {
  const rows: CorpusRow[] = [];
  const byError: CorpusResults['byError'] = {};
  let settings = 0;
  for (const seed of seeds) {
    const corpus = Corpus.invent(seed, cases);
    settings = corpus.country.register.length;
    for (const base of ['alone', 'withRoll'] as const) {
      for (const automatic of base === 'alone' ? thresholds : [DEFAULT]) {
        const verdicts = corpus.judge(base, { automatic });
        rows.push(rowOf(seed, base, automatic, verdicts));
        if (base === 'alone' && automatic === DEFAULT) count(byError, verdicts);
      }
    }
  }
  return { rows, byError, settings };
}

function rowOf(
  seed: number,
  base: CorpusRow['base'],
  threshold: number,
  verdicts: readonly Verdict[],
): CorpusRow {
  const number = (test: (one: Verdict) => boolean): number => verdicts.filter(test).length;
  return {
    ...{ seed, base, threshold, cases: verdicts.length },
    placeable: number(({ placeable }) => placeable),
    right: number(({ outcome }) => outcome === 'right'),
    rightOfPlaceable: number(({ outcome, placeable }) => placeable && outcome === 'right'),
    asStated: number(({ outcome }) => outcome === 'as-stated'),
    wrong: number(({ outcome }) => outcome === 'wrong'),
    desk: number(({ outcome }) => outcome === 'desk'),
  };
}

function count(byError: CorpusResults['byError'], verdicts: readonly Verdict[]): void {
  for (const { case: one, placeable, outcome } of verdicts) {
    const row = (byError[one.error] ??= { cases: 0, placeable: 0, right: 0, asStated: 0, wrong: 0 });
    row.cases += 1;
    if (placeable) row.placeable += 1;
    if (outcome === 'right') row.right += 1;
    if (outcome === 'as-stated') row.asStated += 1;
    if (outcome === 'wrong') row.wrong += 1;
  }
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;

function table(head: string[], rows: (string | number)[][]): string[] {
  const all = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}

/** Precision counts both kinds of mistake; "wrong" are routing's own, "as stated" those that nothing stated could have shown. */
export function printedCorpus({ rows, byError, settings }: CorpusResults): string {
  return [
    '',
    `Routing: ${CASES} labelled cases a seed over an invented register of ${settings} settings (seeds not tuned on).`,
    '"Placed" is without a person and right. "Placeable": a careful reader of the same words could (with the roll: or the roll says).',
    '"Wrong" is routing’s own mistake; "as stated": a careful reader would have sent it there too, and the child is elsewhere.',
    ...table(
      [
        'seed',
        'pupil base',
        'threshold',
        'precision',
        'placed of all',
        'placed of placeable',
        'placeable',
        'to a person',
        'as stated',
        'wrong',
      ],
      rows.map((row) => [
        row.seed,
        row.base === 'alone' ? 'no' : 'yes',
        row.threshold.toFixed(2),
        percent(row.right, row.right + row.asStated + row.wrong),
        percent(row.right, row.cases),
        percent(row.rightOfPlaceable, row.placeable),
        percent(row.placeable, row.cases),
        percent(row.desk, row.cases),
        row.asStated,
        row.wrong,
      ]),
    ),
    '',
    'By what the police wrote, without a pupil base, threshold 0.90, all seeds:',
    ...table(
      ['stated', 'cases', 'placeable', 'placed', 'of placeable', 'as stated', 'wrong'],
      Object.entries(byError)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([error, one]) => [
          error,
          one.cases,
          one.placeable,
          one.right,
          percent(one.right, one.placeable),
          one.asStated,
          one.wrong,
        ]),
    ),
    '',
  ].join('\n');
}

/** The same seeds give the same file: a change of it is a change of routing. */
export async function keepCorpus(results: CorpusResults): Promise<string> {
  const folder = join(root, 'test', 'bench', 'results');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'corpus.json');
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`);
  return path;
}
