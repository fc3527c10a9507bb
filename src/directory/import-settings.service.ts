import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { systemActor, type Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { MOST_CLOSURES_PERCENT, RegisterChanges, type NamedSetting } from './domain/register-changes.js';
import type { RegisterSetting, SettingKind, SettingStatus } from './domain/setting.js';
import { readGias } from './import/gias.js';
import { isProblem, type ImportLine, type ImportSource, type LineProblem } from './import/import-line.js';
import { readOfsted } from './import/ofsted.js';
import { RegisterRows, type NewAuthority } from './register.repository.js';

export type { ImportSource, LineProblem } from './import/import-line.js';

export interface ImportOptions {
  actor?: Actor;
  /** Called now and then with the number of lines read. */
  progress?: (lines: number) => void;
}

export interface SettingsReport {
  read: number;
  added: number;
  opened: NamedSetting[];
  closed: NamedSetting[];
  renamed: { urn: string; from: string; to: string }[];
  movedAuthority: { urn: string; name: string; from: string; to: string }[];
  leftOpen: NamedSetting[];
  /** Known here, not in the file: left alone. */
  absent: { urn: string; name: string; status: SettingStatus }[];
  authoritiesCreated: { code: string; name: string }[];
  problems: LineProblem[];
}

/** The file would close too many settings at once; nothing was changed. */
export class TooManyClosures extends DomainError {
  constructor(
    readonly closing: NamedSetting[],
    readonly openInFile: number,
  ) {
    super(
      'too-many-closures',
      `The file closes ${closing.length} of the ${openInFile} open settings in it, more than ${MOST_CLOSURES_PERCENT} %. ` +
        'Nothing was changed. Look whether it is the right file; if these closures are true, repeat with --allow-closures.',
      409,
    );
  }
}

const BATCH = 1_000;
export const IMPORT_ACTOR = systemActor('import');

/** Brings the settings up to date with a register. All or nothing; never deletes; bells and policies stay. */
@Injectable()
export class ImportSettings {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly rows: RegisterRows,
  ) {}

  /** DfE's edubasealldata. @throws TooManyClosures, FileRefused */
  async fromGias(
    source: ImportSource,
    options: ImportOptions & { allowClosures?: boolean } = {},
  ): Promise<SettingsReport> {
    return this.run('school', () => Promise.resolve(readGias(source())), options);
  }

  /** Ofsted's list of childcare providers, of the authorities that are known here. @throws TooManyClosures, FileRefused */
  async fromOfsted(
    source: ImportSource,
    options: ImportOptions & { allowClosures?: boolean } = {},
  ): Promise<SettingsReport> {
    const lines = async (tx: Tx): Promise<AsyncIterable<ImportLine<RegisterSetting>>> => {
      const codes = new Map((await this.rows.authorities(tx)).map(({ code, name }) => [name, code]));
      return readOfsted(source(), (name) => codes.get(name));
    };
    return this.run('early-years', lines, options);
  }

  private run(
    kind: SettingKind,
    lines: (tx: Tx) => Promise<AsyncIterable<ImportLine<RegisterSetting>>>,
    options: ImportOptions & { allowClosures?: boolean },
  ): Promise<SettingsReport> {
    return this.database.transaction(options.actor ?? IMPORT_ACTOR, async (tx) => {
      await this.rows.lock(tx, 'settings');
      const run = new RegisterRun(tx, this.rows, this.clock.now(), await this.rows.authorities(tx), options);
      await run.take(await lines(tx));
      const { changes } = run;
      if (changes.tooManyClosures && options.allowClosures !== true) {
        throw new TooManyClosures(changes.closed, changes.openInFile);
      }
      const absent = (await this.rows.all(tx, kind)).filter(({ urn }) => !run.seen.has(urn));
      await this.audit.record(tx, {
        action: 'directory.imported',
        detail: {
          what: kind === 'school' ? 'schools' : 'early-years',
          read: changes.read,
          added: changes.added,
          opened: changes.opened.length,
          closed: changes.closed.map(({ urn }) => urn),
          renamed: changes.renamed.length,
          movedAuthority: changes.movedAuthority.length,
          absent: absent.length,
          problems: run.problems.length,
        },
      });
      const { read, added, opened, closed, renamed, movedAuthority, leftOpen } = changes;
      const { problems, authoritiesCreated } = run;
      return {
        read,
        added,
        opened,
        closed,
        renamed,
        movedAuthority,
        leftOpen,
        absent,
        authoritiesCreated: authoritiesCreated.map(({ code, name }) => ({ code, name })),
        problems,
      };
    });
  }
}

/** One pass over one file. */
class RegisterRun {
  readonly changes = new RegisterChanges();
  readonly problems: LineProblem[] = [];
  readonly seen = new Set<string>();
  readonly authoritiesCreated: NewAuthority[] = [];
  private readonly authorities: Set<string>;
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
      if (isProblem(line)) this.problems.push(line);
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
    for (const { line, row } of this.batch) {
      const before = stored.get(row.urn);
      // Providers and schools are numbered by two registers, which may use the same number.
      if (before && before.kind !== row.kind) {
        this.problems.push({ line, problem: `URN ${row.urn} already belongs to a setting of another kind.` });
        this.seen.delete(row.urn);
      } else accepted.push({ ...row, status: this.changes.note(row, before) });
    }
    await this.addUnknownAuthorities(accepted);
    await this.rows.upsert(this.tx, accepted, this.at);
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
