import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import {
  isProblem,
  type ImportLine,
  type LineProblem,
  type ReadRoll,
  type RollRow,
} from '../directory/read-roll.service.js';
import { isName } from '../notifications/domain/child-name.js';
import { checkUpn } from '../notifications/domain/upn.js';
import type { RollOptions } from './import-roll.service.js';
import type { EntryToStore, RollRows, StoredEntry } from './roll.repository.js';
import type { SealPupil } from './seal-pupil.js';

const BATCH = 1_000;

interface Placed {
  line: number;
  row: RollRow;
  urn: string;
  identities: Buffer[];
}

/** One pass over one file, a thousand lines at a time: memory holds ids of what was seen, never the children. */
export class RollRun {
  read = 0;
  added = 0;
  changed = 0;
  unchanged = 0;
  readonly problems: LineProblem[] = [];
  readonly urns = new Set<string>();
  readonly seen = new Set<string>();
  private readonly unreadable = new Set<string>();
  private someUnreadable = false;
  private readonly known = new Map<string, string | undefined>();
  private readonly lineOf = new Map<string, number>();
  private batch: { line: number; row: RollRow }[] = [];
  private lines = 0;

  constructor(
    private readonly tx: Tx,
    private readonly parts: { rows: RollRows; reader: ReadRoll; seal: SealPupil },
    private readonly at: Date,
    private readonly options: RollOptions,
  ) {}

  /** Every line of this setting could be read, and no line is left of which nobody knows whose it is. */
  isWhole(urn: string): boolean {
    return !this.someUnreadable && !this.unreadable.has(urn);
  }

  /** Of these and of whatever else bad lines named. */
  notWhole(urns: readonly string[]): string[] {
    return [...new Set([...urns, ...this.unreadable])].filter((urn) => !this.isWhole(urn)).sort();
  }

  async take(lines: AsyncIterable<ImportLine<RollRow> & { setting?: string }>): Promise<void> {
    const badSettings: string[] = [];
    for await (const line of lines) {
      this.lines += 1;
      if (isProblem(line)) {
        this.problems.push({ line: line.line, problem: line.problem });
        badSettings.push(line.setting ?? '');
      } else this.batch.push(line);
      if (this.batch.length >= BATCH) await this.flush();
    }
    await this.flush();
    await this.resolve(badSettings);
    for (const key of badSettings) this.noteUnreadable(key);
    this.problems.sort((a, b) => a.line - b.line);
  }

  private noteUnreadable(key: string): void {
    const urn = this.known.get(key || (this.options.setting ?? ''));
    if (urn) this.unreadable.add(urn);
    else this.someUnreadable = true;
  }

  private async flush(): Promise<void> {
    const placed = await this.place(this.batch);
    this.batch = [];
    const stored = await this.stored(placed);
    const toStore: EntryToStore[] = [];
    const back: { id: string; endsOn: string | null }[] = [];
    for (const { row, urn, identities } of placed) {
      const before = identities.map((one) => stored.get(`${urn} ${one.toString('base64')}`)).find(Boolean);
      const id = before?.id ?? newId();
      this.seen.add(id);
      this.read += 1;
      if (before && this.parts.seal.isSame(row, before.contentDigest)) {
        this.unchanged += 1;
        if (before.leftNotedAt) back.push({ id, endsOn: row.endsOn });
        continue;
      }
      if (before) this.changed += 1;
      else this.added += 1;
      toStore.push(this.parts.seal.seal(row, id, urn));
    }
    await this.parts.rows.store(this.tx, toStore, this.at);
    if (back.length > 0) await this.parts.rows.back(this.tx, back);
    this.options.progress?.(this.lines);
  }

  private async place(batch: readonly { line: number; row: RollRow }[]): Promise<Placed[]> {
    const keyOf = ({ urn, laestab }: RollRow): string => urn ?? laestab ?? this.options.setting ?? '';
    await this.resolve(batch.map(({ row }) => keyOf(row)));
    const placed: Placed[] = [];
    for (const { line, row } of batch) {
      const urn = this.known.get(keyOf(row));
      if (!urn) {
        const problem =
          keyOf(row) === ''
            ? 'The line names no setting ("URN" or "LAESTAB").'
            : 'The register has no one setting with this number.';
        this.problems.push({ line, problem });
        if (keyOf(row) === '') this.someUnreadable = true;
        continue;
      }
      this.urns.add(urn);
      const checked = this.checked(line, row);
      if (!checked) {
        this.unreadable.add(urn);
        continue;
      }
      const identities = this.parts.seal.identities(checked);
      const key = keyOfPlaced({ urn, identities });
      const earlier = this.lineOf.get(key);
      if (earlier === undefined) this.lineOf.set(key, line);
      else {
        this.problems.push({ line, problem: twice(earlier, checked) });
        if (checked.attends === null) continue;
      }
      // A line for each session: this one alone would say that the child comes on its day only.
      const days = earlier === undefined ? checked.attends : null;
      const before = placed.findIndex((one) => keyOfPlaced(one) === key);
      if (before >= 0) placed.splice(before, 1);
      placed.push({ line, row: { ...checked, attends: days }, urn, identities });
    }
    return placed;
  }

  /** Without its UPN when that cannot be one; null when the child could never be found. */
  private checked(line: number, row: RollRow): RollRow | null {
    if (!isName(row.forename) || !isName(row.surname)) {
      this.problems.push({ line, problem: '"Forename" or "Surname" is not a name.' });
      return null;
    }
    if (row.daysUnreadable) {
      this.problems.push({
        line,
        problem:
          '"AttendanceDays" is not a list of weekdays (write Mon Tue Wed); the child was taken as coming every day.',
      });
    }
    if (row.upn === null || checkUpn(row.upn) === 'valid') return row;
    this.problems.push({
      line,
      problem: '"UPN" is not a valid number (check letter); the child was taken without it.',
    });
    return { ...row, upn: null };
  }

  private async resolve(keys: readonly string[]): Promise<void> {
    const unknown = [...new Set(keys)].filter((key) => key !== '' && !this.known.has(key));
    if (unknown.length === 0) return;
    const found = await this.parts.reader.settings(this.tx, unknown);
    for (const key of unknown) this.known.set(key, found.get(key));
  }

  private async stored(placed: readonly Placed[]): Promise<Map<string, StoredEntry>> {
    const rows = await this.parts.rows.stored(
      this.tx,
      [...new Set(placed.map(({ urn }) => urn))],
      placed.flatMap(({ identities }) => identities),
    );
    return new Map(rows.map((row) => [`${row.settingUrn} ${row.identity.toString('base64')}`, row]));
  }
}

function keyOfPlaced({ urn, identities }: Pick<Placed, 'urn' | 'identities'>): string {
  return `${urn} ${identities[0]?.toString('base64') ?? ''}`;
}

function twice(earlier: number, { attends }: RollRow): string {
  const same = `The same child at the same setting stands on line ${earlier}`;
  return attends === null
    ? `${same}.`
    : `${same}; it was taken as coming every day. Write all its days on one line.`;
}
