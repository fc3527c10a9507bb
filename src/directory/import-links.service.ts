import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { CalendarChanges } from '../calendar/calendar-changes.service.js';
import { Database, type Tx } from '../database/database.js';
import type { SettingLink } from './domain/setting.js';
import { readSchoolHours } from './import/calendar-csv.js';
import { collect, type ImportSource, type LineProblem } from './import/import-line.js';
import { readLinks } from './import/links.js';
import { IMPORT_ACTOR, type ImportOptions } from './import/import-options.js';
import { RegisterRows } from './register.repository.js';

export interface LinksReport {
  read: number;
  added: number;
  removed: number;
  problems: LineProblem[];
}

export interface HoursReport {
  read: number;
  problems: LineProblem[];
}

const BATCH = 5_000;

/** What belongs to settings and comes in files of its own: which school followed which, and bell and home times. */
@Injectable()
export class ImportLinks {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly rows: RegisterRows,
    private readonly changes: CalendarChanges,
  ) {}

  /** GIAS's links. A link that the file no longer has for a URN it names is taken back. @throws FileRefused */
  async fromGias(source: ImportSource, { actor = IMPORT_ACTOR }: ImportOptions = {}): Promise<LinksReport> {
    return this.database.transaction(actor, (tx) => this.within(tx, source));
  }

  /** The same, as a part of a larger import. @throws FileRefused */
  async within(tx: Tx, source: ImportSource): Promise<LinksReport> {
    await this.rows.lock(tx, 'links');
    const { rows, problems } = await collect(readLinks(source()));
    const report: LinksReport = { read: rows.length, added: 0, removed: 0, problems };
    for (const batch of wholeUrns(rows)) {
      const { added, removed } = await this.rows.replaceLinks(tx, batch);
      report.added += added;
      report.removed += removed;
    }
    const { read, added, removed } = report;
    await this.audit.record(tx, {
      action: 'directory.imported',
      detail: { what: 'links', read, added, removed, problems: problems.length },
    });
    return report;
  }

  /** Bell and home times. @throws FileRefused */
  async hours(source: ImportSource, { actor = IMPORT_ACTOR }: ImportOptions = {}): Promise<HoursReport> {
    return this.database.transaction(actor, async (tx) => {
      const lines: { line: number; urn: string }[] = [];
      const { rows, problems } = await collect(remembering(readSchoolHours(source()), lines));
      const set = await this.rows.setHours(tx, rows);
      const unknown = new Set(set.unknown);
      await this.changes.tell(
        tx,
        set.changed.map((urn) => ({ layer: 'setting', key: urn })),
      );
      for (const { line, urn } of lines.filter((one) => unknown.has(one.urn))) {
        problems.push({ line, problem: `URN ${urn} is not in the register: import the schools first.` });
      }
      const read = rows.length;
      await this.audit.record(tx, {
        action: 'directory.imported',
        detail: { what: 'school-hours', read, problems: problems.length },
      });
      return { read, problems: problems.sort((a, b) => a.line - b.line) };
    });
  }
}

/** Batches in which all links of a URN are together. */
function* wholeUrns(links: readonly SettingLink[]): Generator<SettingLink[]> {
  const sorted = [...links].sort((a, b) => a.urn.localeCompare(b.urn));
  let batch: SettingLink[] = [];
  for (const link of sorted) {
    if (batch.length >= BATCH && batch.at(-1)?.urn !== link.urn) {
      yield batch;
      batch = [];
    }
    batch.push(link);
  }
  if (batch.length > 0) yield batch;
}

async function* remembering<Row extends { urn: string }>(
  lines: AsyncIterable<{ line: number; row: Row } | LineProblem>,
  into: { line: number; urn: string }[],
): AsyncGenerator<{ line: number; row: Row } | LineProblem> {
  for await (const line of lines) {
    if ('row' in line) into.push({ line: line.line, urn: line.row.urn });
    yield line;
  }
}
