import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { StateConflict } from '../common/errors.js';
import { newId, newReference } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { Desks } from '../directory/desks.service.js';
import { SealedTexts } from '../sealing/sealed-texts.js';
import { NoticeReactions } from './notice-reactions.js';
import type { NoticeEntity, RedirectReason } from './notice.entity.js';
import { Notices } from './notices.service.js';

/**
 * "Not our pupil" and "I know this family": both take the notice out of the asker's hands and give it to the authority's desk
 * at once, as a notice of the desk's own with its own clock. R stays the true one. The school never learns where it went.
 */
@Injectable()
export class RedirectNotice {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly desks: Desks,
    private readonly sealedTexts: SealedTexts,
  ) {}

  /**
   * @param known what the school knows of where the child is now, in its own words; sealed, for the desk only
   * @throws NotFound without a relationship to the notice; StateConflict when it was handed back or withdrawn already */
  async run(
    actor: Actor,
    contactId: string,
    noticeId: string,
    reason: RedirectReason,
    known = '',
  ): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      if (!notice.settingUrn) throw new StateConflict('This notice is with the desk.');
      await this.notices.assertMayAct(tx, notice);
      const now = this.clock.now();
      const redirected = await this.notices.transition(tx, notice, 'redirect', {
        redirectedAt: now,
        redirectReason: reason,
        nextDueAt: null,
      });
      await this.audit.record(tx, {
        action: 'notice.redirected',
        noticeId,
        notificationId: notice.notificationId,
        settingUrn: notice.settingUrn,
        authorityCode: notice.authorityCode,
        forceCode: notice.forceCode,
        contactId,
        detail: { reason },
      });
      await this.reactions.run('withdrawn', tx, redirected);
      await tx.asSystem(() => this.giveToDesk(tx, redirected, contactId, reason, known.trim()));
    });
  }

  private async giveToDesk(
    tx: Tx,
    from: NoticeEntity,
    contactId: string,
    reason: RedirectReason,
    known: string,
  ): Promise<void> {
    const now = this.clock.now();
    const { id: deskId } = await this.desks.find(tx, from.authorityCode, 'triage');
    const notice = await this.deskNotice(tx, from, deskId, now);
    // Whoever may not see the first notice may not see what follows it.
    await tx.execute(
      `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at)
       SELECT $2, contact_id, why, excluded_at FROM notice_exclusion WHERE notice_id = $1 ON CONFLICT DO NOTHING`,
      [from.id, notice.id],
    );
    if (reason === 'knows-family') await this.exclude(tx, notice, contactId);
    if (known !== '') {
      await this.sealedTexts.seal(tx, {
        id: newId(),
        notificationId: notice.notificationId,
        noticeId: notice.id,
        kind: 'redirect',
        text: known,
        at: now,
      });
    }
    await this.audit.record(tx, {
      action: 'notice.to-desk',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
      detail: { why: reason, from: from.id },
    });
    await this.reactions.run('ownedByDesk', tx, notice);
  }

  /** The desk's own notice of the child: the one it has already, where another school handed the child back before. */
  private async deskNotice(tx: Tx, from: NoticeEntity, deskId: string, now: Date): Promise<NoticeEntity> {
    // Two schools that hand the same child back at once take turns.
    await tx.query(`SELECT 1 FROM child WHERE id = $1 FOR UPDATE`, [from.childId]);
    const [there] = await tx.query<{ id: string }>(
      `SELECT id FROM notice WHERE child_id = $1 AND desk_id = $2 AND version = $3 AND state = 'triage'`,
      [from.childId, deskId, from.version],
    );
    if (there) return this.notices.lock(tx, there.id);
    return this.notices.insert(tx, {
      id: newId(),
      reference: newReference(),
      notificationId: from.notificationId,
      version: from.version,
      childId: from.childId,
      childReference: from.childReference,
      forceCode: from.forceCode,
      deskId,
      authorityCode: from.authorityCode,
      homeAuthorityCode: from.homeAuthorityCode,
      incidentAuthorityCode: from.incidentAuthorityCode,
      risk: from.risk,
      mustNotCollect: from.mustNotCollect,
      test: from.test,
      state: 'triage',
      receivedAt: from.receivedAt,
      routedAt: now,
      nextDueAt: now,
      fromNoticeId: from.id,
    });
  }

  /**
   * Every contact of the same person, so that a second post does not open what the first may not; and every notice of the
   * notification, because the family's other children are the same family.
   */
  private async exclude(tx: Tx, notice: NoticeEntity, contactId: string): Promise<void> {
    const added = await tx.query<{ noticeId: string }>(
      `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at)
       SELECT n.id, c.id, 'knows-family', $3 FROM notice n, contact c JOIN contact self ON self.id = $2
       WHERE n.notification_id = $1 AND (c.id = self.id OR c.person_id = self.person_id)
       ON CONFLICT DO NOTHING RETURNING notice_id AS "noticeId"`,
      [notice.notificationId, contactId, this.clock.now()],
    );
    for (const noticeId of new Set(added.map((row) => row.noticeId))) {
      await this.audit.record(tx, {
        action: 'notice.contact-excluded',
        noticeId,
        authorityCode: notice.authorityCode,
        contactId,
        detail: { why: 'knows-family' },
      });
    }
  }
}
