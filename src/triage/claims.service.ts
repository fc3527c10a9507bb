import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { StateConflict } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';

/** Long enough to ring a school, short enough that a row does not wait for somebody who was called away. */
export const CLAIM_MINUTES = 10;

export interface Holder {
  contactId: string;
  name: string;
  /** Real time. */
  until: Date;
}

export interface ClaimResult {
  noticeId: string;
  /** Null when the asker has it now. */
  holder: Holder | null;
}

/** Two officers never work one row: whoever has a claim works it, for some minutes of real time. */
@Injectable()
export class Claims {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /**
   * Fifty at once: one has it, the others are told who. Claiming what one has already starts the minutes again.
   * @returns one result for each notice that waits at a desk and that the officer may know of; the others are left out
   */
  async claim(officer: Actor, contactId: string, noticeIds: readonly string[]): Promise<ClaimResult[]> {
    return this.database.transaction(officer, async (tx) => {
      const results: ClaimResult[] = [];
      // In one order, so that two officers with the same ticks never wait for each other in a ring.
      for (const noticeId of [...new Set(noticeIds)].sort()) {
        const before = await this.holderOf(tx, noticeId);
        if (await this.take(tx, contactId, noticeId)) {
          if (before?.contactId !== contactId) await this.record(tx, 'notice.claimed', contactId, noticeId);
          results.push({ noticeId, holder: null });
        } else {
          const holder = await this.holderOf(tx, noticeId);
          if (holder) results.push({ noticeId, holder });
        }
      }
      return results;
    });
  }

  /** Agreed between two officers; whose it was stays on the record. */
  async takeOver(officer: Actor, contactId: string, noticeId: string): Promise<void> {
    await this.database.transaction(officer, async (tx) => {
      const before = await this.holderOf(tx, noticeId, true);
      if (!before || before.contactId === contactId) {
        await this.take(tx, contactId, noticeId);
        return;
      }
      await tx.execute(
        `UPDATE notice_claim SET contact_id = $2, claimed_at = $3, until_at = $4 WHERE notice_id = $1`,
        [noticeId, contactId, ...this.span()],
      );
      await this.record(tx, 'notice.claim-taken-over', contactId, noticeId, before.contactId);
    });
  }

  /** Gives back what the officer has; what a colleague has stays theirs. */
  async release(officer: Actor, contactId: string, noticeIds: readonly string[]): Promise<void> {
    await this.database.transaction(officer, (tx) => this.drop(tx, contactId, noticeIds, true));
  }

  /** @throws StateConflict while a colleague has it */
  async assertFree(tx: Tx, contactId: string, noticeId: string): Promise<void> {
    const holder = await this.holderOf(tx, noticeId);
    if (holder && holder.contactId !== contactId) {
      throw new StateConflict(`${holder.name} is working on this one. Take it over if you have agreed to.`);
    }
  }

  /** The work is done: the row needs nobody. */
  async drop(tx: Tx, contactId: string, noticeIds: readonly string[], onRecord = false): Promise<void> {
    const gone = await tx.query<{ notice_id: string }>(
      `DELETE FROM notice_claim WHERE notice_id = ANY($1) AND contact_id = $2 RETURNING notice_id`,
      [noticeIds, contactId],
    );
    if (!onRecord) return;
    for (const row of gone) await this.record(tx, 'notice.claim-released', contactId, row.notice_id);
  }

  private span(): [Date, Date] {
    const now = this.clock.realNow();
    return [now, new Date(now.getTime() + CLAIM_MINUTES * 60_000)];
  }

  private async take(tx: Tx, contactId: string, noticeId: string): Promise<boolean> {
    const changed = await tx.execute(
      `INSERT INTO notice_claim AS c (notice_id, contact_id, claimed_at, until_at)
       SELECT n.id, $2, $3, $4 FROM notice n WHERE n.id = $1 AND n.state = 'triage'
       ON CONFLICT (notice_id) DO UPDATE SET contact_id = excluded.contact_id, claimed_at = excluded.claimed_at,
         until_at = excluded.until_at
       WHERE c.until_at <= excluded.claimed_at OR c.contact_id = excluded.contact_id`,
      [noticeId, contactId, ...this.span()],
    );
    return changed === 1;
  }

  private async holderOf(tx: Tx, noticeId: string, lock = false): Promise<Holder | null> {
    const [row] = await tx.query<Holder>(
      `SELECT c.contact_id AS "contactId", p.name, c.until_at AS until FROM notice_claim c JOIN contact p ON p.id = c.contact_id
       WHERE c.notice_id = $1 AND c.until_at > $2${lock ? ' FOR UPDATE OF c' : ''}`,
      [noticeId, this.clock.realNow()],
    );
    return row ?? null;
  }

  private async record(
    tx: Tx,
    action: 'notice.claimed' | 'notice.claim-released' | 'notice.claim-taken-over',
    contactId: string,
    noticeId: string,
    from?: string,
  ): Promise<void> {
    const [notice] = await tx.query<{ authority: string | null; notification: string }>(
      `SELECT authority_code AS authority, notification_id AS notification FROM notice WHERE id = $1`,
      [noticeId],
    );
    await this.audit.record(tx, {
      action,
      noticeId,
      notificationId: notice?.notification ?? null,
      authorityCode: notice?.authority ?? null,
      contactId,
      detail: from ? { from } : {},
    });
  }
}
