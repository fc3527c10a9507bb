import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { CalendarChanges } from '../calendar/calendar-changes.service.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { MOST_CLOSURES_PERCENT, type NamedSetting } from './domain/register-changes.js';
import type { RegisterSetting, SettingStatus } from './domain/setting.js';
import { readGias } from './import/gias.js';
import { type ImportLine, type ImportSource, type LineProblem } from './import/import-line.js';
import { IMPORT_ACTOR, type ImportOptions } from './import/import-options.js';
import { readOfsted } from './import/ofsted.js';
import { readWales } from './import/wales.js';
import { ImportLinks, type LinksReport } from './import-links.service.js';
import { RegisterRows } from './register.repository.js';
import { RegisterRun } from './register-run.js';

export type { ImportSource, LineProblem } from './import/import-line.js';
export { IMPORT_ACTOR, type ImportOptions } from './import/import-options.js';

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
  /** Rows that the register itself withholds (childminders whose name is REDACTED). */
  withheld: number;
  /** Of the file of links that came with it, in the same transaction. */
  links?: LinksReport;
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

export interface RegisterOptions extends ImportOptions {
  allowClosures?: boolean;
}

/** Which settings a file speaks for: of these, what it leaves out is listed as absent. */
type Register = 'schools' | 'early-years' | 'wales';

/** Brings the settings up to date with a register. All or nothing; never deletes; bells and policies stay. */
@Injectable()
export class ImportSettings {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly rows: RegisterRows,
    private readonly links: ImportLinks,
    private readonly changes: CalendarChanges,
  ) {}

  /**
   * DfE's edubasealldata; `links` in the same transaction, so that nobody ever sees a closed school without its successor.
   * @throws TooManyClosures, FileRefused
   */
  async fromGias(
    source: ImportSource,
    options: RegisterOptions & { links?: ImportSource | null } = {},
  ): Promise<SettingsReport> {
    return this.run('schools', () => Promise.resolve(readGias(source())), options);
  }

  /** Ofsted's list of childcare providers, of the authorities that are known here. @throws TooManyClosures, FileRefused */
  async fromOfsted(source: ImportSource, options: RegisterOptions = {}): Promise<SettingsReport> {
    const lines = async (tx: Tx): Promise<AsyncIterable<ImportLine<RegisterSetting>>> => {
      const codes = new Map((await this.rows.authorities(tx)).map(({ code, name }) => [plain(name), code]));
      return readOfsted(source(), (name) => codes.get(plain(name)));
    };
    return this.run('early-years', lines, options);
  }

  /** A plain list of schools in Wales (columns: OPERATIONS.md), for those that GIAS lacks. @throws TooManyClosures, FileRefused */
  async fromWales(source: ImportSource, options: RegisterOptions = {}): Promise<SettingsReport> {
    const lines = async (tx: Tx): Promise<AsyncIterable<ImportLine<RegisterSetting>>> => {
      const urns = await this.rows.welshUrns(tx);
      return readWales(source(), (number) => urns.get(number));
    };
    return this.run('wales', lines, options);
  }

  private run(
    register: Register,
    lines: (tx: Tx) => Promise<AsyncIterable<ImportLine<RegisterSetting>>>,
    options: RegisterOptions & { links?: ImportSource | null },
  ): Promise<SettingsReport> {
    return this.database.transaction(options.actor ?? IMPORT_ACTOR, async (tx) => {
      await this.rows.lock(tx, 'settings');
      const run = new RegisterRun(tx, this.rows, this.clock.now(), await this.rows.authorities(tx), options);
      await run.take(await lines(tx));
      const { changes } = run;
      if (changes.tooManyClosures && options.allowClosures !== true) {
        throw new TooManyClosures(changes.closed, changes.openInFile);
      }
      const absent = (await this.rows.all(tx, register)).filter(({ urn }) => !run.seen.has(urn));
      await this.changes.tell(
        tx,
        changes.otherCalendar.map((urn) => ({ layer: 'setting', key: urn })),
      );
      const links = options.links ? await this.links.within(tx, options.links) : undefined;
      await this.audit.record(tx, {
        action: 'directory.imported',
        detail: {
          what: register,
          read: changes.read,
          added: changes.added,
          opened: changes.opened.length,
          closed: changes.closed.map(({ urn }) => urn),
          renamed: changes.renamed.length,
          movedAuthority: changes.movedAuthority.length,
          absent: absent.length,
          problems: run.problems.length,
          withheld: run.withheld,
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
        withheld: run.withheld,
        ...(links && { links }),
      };
    });
  }
}

/** Ofsted writes an authority's name as it likes. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/[^a-z]+/g, ' ')
    .trim();
}
