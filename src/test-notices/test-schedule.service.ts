import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { londonDateOf } from '../calendar/domain/london-time.js';
import { Calendars } from '../calendar/calendars.service.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database, type Tx } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import { nextTestAt } from './domain/next-test.js';
import { TestNoticeRows } from './test-notices.repository.js';
import { TestNotices } from './test-notices.service.js';

export interface ScheduledTest {
  urn: string;
  settingName: string;
  nextAt: Date | null;
}

/** Where the calendar has no fitting day: it may have one when it is looked at again. */
const LOOK_AGAIN_AFTER_MS = 30 * 24 * 3_600_000;

/** A setting that asked for it gets a test notice each term, at an instant of its own. */
@Injectable()
export class TestSchedule {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly calendars: Calendars,
    private readonly rows: TestNoticeRows,
    private readonly tests: TestNotices,
  ) {}

  /** @returns the instants of those that are switched on; a setting without any fitting day has none yet */
  async switchOn(actor: Actor, urns: readonly string[]): Promise<{ urn: string; nextAt: Date | null }[]> {
    return this.database.transaction(actor, async (tx) => {
      const planned: { urn: string; nextAt: Date | null }[] = [];
      for (const urn of urns) planned.push({ urn, nextAt: await this.arm(tx, urn) });
      await this.onRecord(tx, urns, true);
      return planned;
    });
  }

  async switchOff(actor: Actor, urns: readonly string[]): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      // The timer that is armed finds another generation, and does nothing.
      await tx.execute(
        `UPDATE test_schedule SET enabled = false, next_at = NULL, generation = generation + 1 WHERE setting_urn = ANY($1)`,
        [urns],
      );
      await this.onRecord(tx, urns, false);
    });
  }

  /** The timer of a generation: sends when it is still wanted and had a day, and arms the next term's. */
  async fire(tx: Tx, urn: string, generation: number): Promise<void> {
    const [row] = await tx.query<{ enabled: boolean; generation: number; next_at: Date | null }>(
      `SELECT enabled, generation, next_at FROM test_schedule WHERE setting_urn = $1 FOR UPDATE`,
      [urn],
    );
    if (!row?.enabled || row.generation !== generation) return;
    if (row.next_at) await this.send(tx, urn);
    await this.arm(tx, urn);
  }

  private async send(tx: Tx, urn: string): Promise<void> {
    const setting = await this.rows.setting(tx, urn);
    const calendar = await this.calendars.ofSetting(tx, urn, this.clock.now());
    // Closed since (snow, a changed term): the next term's, rather than a test that nobody is there for.
    const open = calendar.isOpen(londonDateOf(this.clock.now()));
    if (setting && open && !(await this.rows.isRunning(tx, urn))) await this.tests.sendTo(tx, setting, true);
  }

  /** The test failed for good: next term's is armed all the same. */
  async lost(tx: Tx, urn: string, generation: number): Promise<void> {
    const rows = await tx.query(
      `SELECT 1 FROM test_schedule WHERE setting_urn = $1 AND generation = $2 AND enabled FOR UPDATE`,
      [urn, generation],
    );
    if (rows.length > 0) await this.arm(tx, urn);
  }

  async of(actor: Actor, where: { urn: string } | { authorityCode: string }): Promise<ScheduledTest[]> {
    const [column, value] =
      'urn' in where ? ['t.setting_urn', where.urn] : ['s.authority_code', where.authorityCode];
    return this.database.transaction(actor, (tx) =>
      tx.query<ScheduledTest>(
        `SELECT t.setting_urn AS urn, s.name AS "settingName", t.next_at AS "nextAt"
         FROM test_schedule t JOIN setting s ON s.urn = t.setting_urn
         WHERE ${column} = $1 AND t.enabled ORDER BY t.next_at NULLS LAST, t.setting_urn LIMIT 500`,
        [value],
      ),
    );
  }

  private async arm(tx: Tx, urn: string): Promise<Date | null> {
    const now = this.clock.now();
    const nextAt = nextTestAt(urn, await this.calendars.ofSetting(tx, urn, now), now);
    const [row] = await tx.query<{ generation: number }>(
      `INSERT INTO test_schedule (setting_urn, authority_code, enabled, next_at, generation)
       SELECT urn, authority_code, true, $2, 1 FROM setting WHERE urn = $1
       ON CONFLICT (setting_urn) DO UPDATE SET enabled = true, next_at = $2, generation = test_schedule.generation + 1,
         authority_code = excluded.authority_code
       RETURNING generation`,
      [urn, nextAt],
    );
    if (!row) return null;
    await this.outbox.add(
      tx,
      'test-notice.scheduled',
      { urn, generation: row.generation },
      { dueAt: nextAt ?? new Date(now.getTime() + LOOK_AGAIN_AFTER_MS) },
    );
    return nextAt;
  }

  private async onRecord(tx: Tx, urns: readonly string[], on: boolean): Promise<void> {
    for (const settingUrn of urns) {
      await this.audit.record(tx, { action: 'test-notice.scheduled', settingUrn, detail: { on } });
    }
  }
}
