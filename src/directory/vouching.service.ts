import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { vouchedByExcluded } from './domain/vouching.js';
import { VouchingRows } from './vouching.repository.js';

/**
 * Whoever must not know of an incident could let herself in: she adds a contact with an address of her own and signs in as that one.
 * So a contact for whom only such people stand is kept from the notice too, in that post, until somebody else says that it is right.
 */
@Injectable()
export class Vouching {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly rows: VouchingRows,
  ) {}

  /** After somebody was excluded, or the notice has other readers. In the system's scope. */
  async settle(tx: Tx, noticeIds: readonly string[]): Promise<void> {
    for (const noticeId of noticeIds) await this.settleOne(tx, noticeId, true);
  }

  /**
   * After contacts, or who stands for them, changed: at once, before anybody can sign in with them. In the system's scope. The record
   * has it from the job that follows (`directory.contact-changed`): here it would stand in the name of her who must not know.
   */
  async settleAround(tx: Tx, contactIds: readonly string[]): Promise<void> {
    for (const noticeId of await this.rows.noticesKeptFrom(tx, contactIds))
      await this.settleOne(tx, noticeId, false);
  }

  private async settleOne(tx: Tx, noticeId: string, recorded: boolean): Promise<void> {
    const notice = await this.rows.withExclusions(tx, noticeId);
    if (!notice) return;
    const contacts = await this.rows.around(tx, noticeId);
    const doubted = vouchedByExcluded(contacts);
    const kept = contacts.filter(({ id, here }) => here && doubted.has(id)).map(({ id }) => id);
    const lifted = await this.rows.liftExcept(tx, noticeId, kept);
    await this.rows.exclude(tx, noticeId, kept, this.clock.now());
    const unrecorded = recorded ? await this.rows.unrecorded(tx, noticeId) : [];
    await this.audit.record(
      tx,
      ...lifted.map((contactId) => ({
        action: 'notice.exclusion-lifted' as const,
        noticeId,
        authorityCode: notice.authorityCode,
        contactId,
        detail: {},
      })),
      ...unrecorded.map((contactId) => ({
        action: 'notice.contact-excluded' as const,
        noticeId,
        authorityCode: notice.authorityCode,
        contactId,
        detail: { why: 'vouched-by' },
      })),
    );
  }
}
