import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, NotFound, StateConflict } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import type { CalendarLayer } from './domain/calendar-entry.js';
import type { ImportKind, ImportRun } from './domain/import-run.js';
import { ImportRunRows } from './import-run.repository.js';
import { Uploads } from './uploads.service.js';

export interface NewImport {
  kind: ImportKind;
  /** Whose days an iCalendar file has; null otherwise. */
  owner: { layer: CalendarLayer; key: string } | null;
}

const CONFIRM_HOURS = 24;
const LISTED = 20;

/** Imports that administrators start with a file: kept private, run as a job, seen while they run. */
@Injectable()
export class ImportRuns {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly rows: ImportRunRows,
    private readonly uploads: Uploads,
  ) {}

  /** @throws DomainError when the file is empty or too large; nothing is kept then */
  async start(actor: Actor, wanted: NewImport, content: AsyncIterable<Buffer>): Promise<string> {
    const id = newId();
    const bytes = await this.uploads.save(id, content);
    try {
      if (bytes === 0) throw new DomainError('upload-empty', 'The file is empty.', 422);
      await this.database.transaction(actor, async (tx) => {
        const { layer, key } = wanted.owner ?? { layer: null, key: null };
        await this.rows.add(tx, { id, kind: wanted.kind, layer, key, bytes }, this.clock.now());
        await this.audit.record(tx, {
          action: 'import.started',
          detail: { importRun: id, kind: wanted.kind, bytes },
        });
        await this.outbox.add(tx, 'import.run', { importRunId: id });
      });
    } catch (error) {
      await this.uploads.remove(id);
      throw error;
    }
    return id;
  }

  async newest(actor: Actor): Promise<ImportRun[]> {
    return this.database.transaction(actor, (tx) => this.rows.newest(tx, LISTED));
  }

  /** @throws NotFound */
  async find(actor: Actor, id: string): Promise<ImportRun> {
    const run = await this.database.transaction(actor, (tx) => this.rows.find(tx, id));
    if (!run) throw new NotFound();
    return run;
  }

  /** "Yes, these schools did close." @throws StateConflict when it is not waiting for that any more */
  async confirm(actor: Actor, id: string): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      const moved = await this.rows.move(tx, id, ['to-confirm'], 'waiting', {
        at: this.clock.now(),
        allowClosures: true,
      });
      if (!moved) throw new StateConflict('This import is not waiting for a confirmation any more.');
      await this.audit.record(tx, {
        action: 'import.started',
        detail: { importRun: id, allowClosures: true },
      });
      await this.outbox.add(tx, 'import.run', { importRunId: id });
    });
  }

  /** The file is forgotten; nothing was changed by it. @throws StateConflict when it runs or has ended */
  async cancel(actor: Actor, id: string): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      if (!(await this.rows.move(tx, id, ['to-confirm', 'waiting'], 'cancelled', { at: this.clock.now() })))
        throw new StateConflict('This import runs or has ended already.');
      await this.audit.record(tx, { action: 'import.ended', detail: { importRun: id, state: 'cancelled' } });
    });
    await this.uploads.remove(id);
  }
}

/** For the run itself: how long a person has to say yes. */
export const CONFIRM_MILLISECONDS = CONFIRM_HOURS * 3_600_000;
