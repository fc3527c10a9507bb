import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { ImportBankHolidays } from '../calendar/import-bank-holidays.service.js';
import { Outbox } from '../jobs/outbox.js';
import type { ImportOutcome, ImportRun, ImportState } from './domain/import-run.js';
import { ImportCalendar } from './import-calendar.service.js';
import { ImportContacts } from './import-contacts.service.js';
import { ImportLinks } from './import-links.service.js';
import { CONFIRM_MILLISECONDS } from './import-runs.service.js';
import { ImportRunRows } from './import-run.repository.js';
import { ImportSettings, TooManyClosures } from './import-settings.service.js';
import { FileRefused, type ImportSource } from './import/import-line.js';
import {
  bankHolidayOutcome,
  calendarOutcome,
  closuresOutcome,
  contactsOutcome,
  linksOutcome,
  refusedOutcome,
  settingsOutcome,
} from './import-outcome.js';
import { Uploads } from './uploads.service.js';

/** How often progress is written, beside the import's own transaction. */
const PROGRESS_MS = 1_000;
/** bank-holidays.json has 20 kB; the other kinds are read as streams. */
const LONGEST_JSON = 4 * 1024 * 1024;
const MISSING =
  'The uploaded file is not on the machine that runs the imports. Upload it again; if that happens again, set UPLOADS_FOLDER to a folder that every process reaches.';

/** Runs one uploaded import to its end. May run twice: every import is all or nothing, and a repeated one changes nothing. */
@Injectable()
export class RunImport {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly rows: ImportRunRows,
    private readonly uploads: Uploads,
    private readonly settings: ImportSettings,
    private readonly links: ImportLinks,
    private readonly contacts: ImportContacts,
    private readonly calendar: ImportCalendar,
    private readonly bankHolidays: ImportBankHolidays,
  ) {}

  async run(system: Actor, id: string): Promise<void> {
    const run = await this.database.transaction(system, async (tx) => {
      // 'running': whoever ran it before is gone, for the job's lease is over.
      const moved = await this.rows.move(tx, id, ['waiting', 'running'], 'running', { at: this.clock.now() });
      return moved ? this.rows.find(tx, id) : null;
    });
    if (!run) return;
    const source = await this.uploads.source(id);
    const outcome = source ? await this.attempt(system, run, source) : refused(refusedOutcome(MISSING, []));
    await this.database.transaction(system, (tx) => this.end(tx, id, outcome));
    if (outcome.state !== 'to-confirm') await this.uploads.remove(id);
  }

  /** Nobody said yes in time, or the attempts are used up. */
  async giveUp(tx: Tx, id: string, state: 'cancelled' | 'failed'): Promise<void> {
    const from: ImportState[] = state === 'cancelled' ? ['to-confirm'] : ['waiting', 'running'];
    const moved = await this.rows.move(tx, id, from, state, { at: this.clock.now() });
    if (!moved) return;
    await this.audit.record(tx, { action: 'import.ended', detail: { importRun: id, state } });
    tx.afterCommit(() => void this.uploads.remove(id));
  }

  private async end(tx: Tx, id: string, { state, outcome }: Ended): Promise<void> {
    const now = this.clock.now();
    if (!(await this.rows.move(tx, id, ['running'], state, { at: now, outcome }))) return;
    if (state === 'to-confirm') {
      const dueAt = new Date(now.getTime() + CONFIRM_MILLISECONDS);
      await this.outbox.add(tx, 'import.forget', { importRunId: id }, { dueAt });
      return;
    }
    await this.audit.record(tx, {
      action: 'import.ended',
      detail: { importRun: id, state, changed: outcome.changed, problems: outcome.problems.count },
    });
  }

  private async attempt(system: Actor, run: ImportRun, source: ImportSource): Promise<Ended> {
    const actor = run.startedBy.startsWith('person:') ? { name: run.startedBy, scope: 'admin' } : system;
    const progress = this.progressOf(system, run.id);
    try {
      return { state: 'done', outcome: await this.import(run, source, { actor, progress: progress.note }) };
    } catch (error) {
      if (error instanceof TooManyClosures) return { state: 'to-confirm', outcome: closuresOutcome(error) };
      if (error instanceof FileRefused) return refused(refusedOutcome(error.message, error.missing));
      if (error instanceof DomainError) return refused(refusedOutcome(error.message, []));
      throw error;
    } finally {
      await progress.stop();
    }
  }

  private async import(
    { kind, layer, key, allowClosures }: ImportRun,
    source: ImportSource,
    options: { actor: Actor; progress: (lines: number) => void },
  ): Promise<ImportOutcome> {
    switch (kind) {
      case 'schools':
        return settingsOutcome(await this.settings.fromGias(source, { ...options, allowClosures }));
      case 'early-years':
        return settingsOutcome(await this.settings.fromOfsted(source, { ...options, allowClosures }));
      case 'wales':
        return settingsOutcome(await this.settings.fromWales(source, { ...options, allowClosures }));
      case 'links':
        return linksOutcome(await this.links.fromGias(source, options));
      case 'school-hours':
        return calendarOutcome({ added: 0, ...(await this.links.hours(source, options)) });
      case 'contacts':
        return contactsOutcome(await this.contacts.run(source, options));
      case 'calendar':
        return calendarOutcome(await this.calendar.fromCsv(source, options));
      case 'icalendar': {
        const owner = { layer: layer ?? 'setting', key: key ?? '' };
        return calendarOutcome(await this.calendar.fromICalendar(source, owner, options));
      }
      case 'bank-holidays':
        return bankHolidayOutcome(await this.bankHolidays.fromJson(options.actor, await textOf(source)));
    }
  }

  /** Progress goes into transactions of its own: the import's is not to be seen before it is whole. */
  private progressOf(
    system: Actor,
    id: string,
  ): { note: (lines: number) => void; stop: () => Promise<void> } {
    let lines = 0;
    let told = 0;
    let writing: Promise<unknown> = Promise.resolve();
    const tell = (): void => {
      if (lines === told) return;
      const rowsRead = (told = lines);
      // A progress that is not written is no reason to stop an import.
      writing = this.database
        .transaction(system, (tx) => this.rows.progress(tx, id, rowsRead))
        .catch(() => undefined);
    };
    const timer = setInterval(tell, PROGRESS_MS);
    return {
      note: (count) => void (lines = count),
      stop: async () => {
        clearInterval(timer);
        await writing;
        tell();
        await writing;
      },
    };
  }
}

interface Ended {
  state: 'done' | 'refused' | 'to-confirm';
  outcome: ImportOutcome;
}

function refused(outcome: ImportOutcome): Ended {
  return { state: 'refused', outcome };
}

/** @throws DomainError when it is far larger than such a file ever is */
async function textOf(source: ImportSource): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source()) {
    bytes += chunk.length;
    if (bytes > LONGEST_JSON)
      throw new DomainError(
        'no-bank-holidays',
        "This is not gov.uk's list of bank holidays: it is far too long.",
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
