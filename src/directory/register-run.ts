import type { Tx } from '../database/database.js';
import { changesOf, RegisterChanges, type SettingChange } from './domain/register-changes.js';
import type { RegisterSetting } from './domain/setting.js';
import { isProblem, type ImportLine, type LineProblem } from './import/import-line.js';
import type { ImportOptions } from './import/import-options.js';
import type { NewAuthority, RegisterRows } from './register.repository.js';

const BATCH = 1_000;

/** One pass over one file. */
export class RegisterRun {
  readonly changes = new RegisterChanges();
  readonly problems: LineProblem[] = [];
  readonly seen = new Set<string>();
  readonly authoritiesCreated: NewAuthority[] = [];
  private readonly authorities: Set<string>;
  withheld = 0;
  private batch: { line: number; row: RegisterSetting }[] = [];
  private lines = 0;

  constructor(
    private readonly tx: Tx,
    private readonly rows: RegisterRows,
    private readonly at: Date,
    authorities: readonly { code: string }[],
    private readonly options: ImportOptions,
  ) {
    this.authorities = new Set(authorities.map(({ code }) => code));
  }

  async take(lines: AsyncIterable<ImportLine<RegisterSetting>>): Promise<void> {
    for await (const line of lines) {
      this.lines += 1;
      if (isProblem(line) && line.withheld) this.withheld += 1;
      else if (isProblem(line)) this.problems.push(line);
      else if (this.seen.has(line.row.urn)) {
        this.problems.push({ line: line.line, problem: `URN ${line.row.urn} stands in the file twice.` });
      } else {
        this.seen.add(line.row.urn);
        this.batch.push(line);
      }
      if (this.batch.length >= BATCH) await this.flush();
    }
    await this.flush();
    this.problems.sort((a, b) => a.line - b.line);
  }

  private async flush(): Promise<void> {
    const stored = await this.rows.stored(
      this.tx,
      this.batch.map(({ row }) => row.urn),
    );
    const accepted: RegisterSetting[] = [];
    const changed: SettingChange[] = [];
    for (const { line, row } of this.batch) {
      const before = stored.get(row.urn);
      // Providers and schools are numbered by two registers, which may use the same number.
      if (before && before.kind !== row.kind) {
        this.problems.push({ line, problem: `URN ${row.urn} already belongs to a setting of another kind.` });
        this.seen.delete(row.urn);
      } else {
        const status = this.changes.note(row, before);
        accepted.push({ ...row, status });
        if (before) changed.push(...changesOf(before, { ...row, status }));
      }
    }
    await this.addUnknownAuthorities(accepted);
    await this.rows.upsert(this.tx, accepted, this.at);
    await this.rows.addChanges(this.tx, changed, this.at);
    this.batch = [];
    this.options.progress?.(this.lines);
  }

  private async addUnknownAuthorities(rows: readonly RegisterSetting[]): Promise<void> {
    const unknown = new Map<string, NewAuthority>();
    for (const { authorityCode: code, authorityName: name, gssCode, nation } of rows) {
      if (!this.authorities.has(code) && !unknown.has(code))
        unknown.set(code, { code, name, gssCode, nation });
    }
    if (unknown.size === 0) return;
    const created = [...unknown.values()];
    await this.rows.addAuthorities(this.tx, created, this.at);
    for (const { code } of created) this.authorities.add(code);
    this.authoritiesCreated.push(...created);
  }
}
