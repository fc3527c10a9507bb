import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, StateConflict } from '../common/errors.js';
import { isUuid, newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { SealedTexts } from '../sealing/sealed-texts.js';
import { NoticeReactions } from './notice-reactions.js';
import type { NoticeEntity } from './notice.entity.js';
import { Notices } from './notices.service.js';
import { WaitingChoices } from './waiting-choices.port.js';

/** How an officer made sure whom they were speaking to before telling them of a notice. */
export const IDENTITY_CHECKS = [
  'called-number-on-file',
  'known-voice',
  'rung-back-by-switchboard',
  'other',
] as const;
export type IdentityCheck = (typeof IDENTITY_CHECKS)[number];

export interface AcknowledgeResult {
  notice: NoticeEntity;
  /** False when somebody had acknowledged it before: who and when is in `notice`. */
  first: boolean;
}

/** The one act that stops a ladder. Only a person does it: signed in, by POST, or told by an officer on the telephone. */
@Injectable()
export class AcknowledgeNotice {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly sealedTexts: SealedTexts,
    private readonly choices: WaitingChoices,
  ) {}

  /**
   * "I have read this and will look after it." Fifty at once: one is first, the others are told who was; no message is
   * claimed after the first commit.
   * @throws NotFound for a notice the actor has no relationship to; StateConflict when it was withdrawn meanwhile, or an officer has
   *   chosen a setting for a desk's own: acknowledged, it would reach no school, and the officer would not learn of that
   */
  async fromPortal(actor: Actor, contactId: string, noticeId: string): Promise<AcknowledgeResult> {
    return this.database.transaction(actor, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      await this.notices.assertMayAct(tx, notice);
      if (notice.acknowledgedAt) return { notice, first: false };
      if (!notice.settingUrn) await tx.asSystem(() => this.choices.assertNone(tx, noticeId));
      return this.stopTheLadder(tx, notice, {
        acknowledgedAt: this.clock.now(),
        acknowledgedBy: contactId,
        acknowledgedVia: 'portal',
        recordedBy: null,
      });
    });
  }

  /**
   * An officer records which contact was told by telephone, when, and how identity was checked. Counted apart, and never as
   * before the bell.
   * @throws DomainError when the contact is not one of the notice's setting or is excluded from it, or `toldAt` is in the future
   *   or before the notice was received
   */
  async byTelephone(
    officer: Actor,
    officerContactId: string,
    noticeId: string,
    told: { contactId: string; toldAt: Date; identityCheck: IdentityCheck; note: string },
  ): Promise<AcknowledgeResult> {
    return this.database.transaction(officer, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      await this.assertMayBeTold(tx, notice, told);
      if (notice.acknowledgedAt) return { notice, first: false };
      const result = await this.stopTheLadder(tx, notice, {
        acknowledgedAt: told.toldAt,
        acknowledgedBy: told.contactId,
        acknowledgedVia: 'telephone',
        recordedBy: officerContactId,
      });
      const note = JSON.stringify({ identityCheck: told.identityCheck, note: told.note });
      await this.sealedTexts.seal(tx, {
        id: newId(),
        notificationId: notice.notificationId,
        noticeId: notice.id,
        kind: 'telephone',
        text: note,
        at: this.clock.now(),
      });
      return result;
    });
  }

  private async stopTheLadder(
    tx: Tx,
    notice: NoticeEntity,
    acknowledgement: Pick<
      NoticeEntity,
      'acknowledgedAt' | 'acknowledgedBy' | 'acknowledgedVia' | 'recordedBy'
    >,
  ): Promise<AcknowledgeResult> {
    const acknowledged = await this.notices.transition(tx, notice, 'acknowledge', acknowledgement);
    await this.audit.record(tx, {
      action:
        acknowledgement.acknowledgedVia === 'telephone'
          ? 'notice.telephone-acknowledged'
          : 'notice.acknowledged',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
      contactId: acknowledgement.acknowledgedBy,
      detail: { version: notice.version, via: acknowledgement.acknowledgedVia },
    });
    await this.reactions.run('acknowledged', tx, acknowledged);
    return { notice: await this.notices.find(tx, notice.id), first: true };
  }

  private async assertMayBeTold(
    tx: Tx,
    notice: NoticeEntity,
    told: { contactId: string; toldAt: Date },
  ): Promise<void> {
    if (!notice.settingUrn) {
      throw new StateConflict('This notice has no school yet. Place it first, then record whom you told.');
    }
    if (told.toldAt > this.clock.now() || told.toldAt < notice.receivedAt) {
      throw new DomainError(
        'told-at',
        'Give the time of the call: after the notice was received and not in the future.',
      );
    }
    const contacts = !isUuid(told.contactId)
      ? []
      : await tx.query(
          `SELECT 1 FROM contact c WHERE c.id = $1 AND c.setting_urn = $2 AND NOT c.shared_mailbox AND c.archived_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM notice_exclusion e WHERE e.notice_id = $3 AND e.contact_id = c.id)`,
          [told.contactId, notice.settingUrn, notice.id],
        );
    if (contacts.length === 0) {
      throw new DomainError('told-whom', 'Choose a person who is a contact of this notice’s school.');
    }
  }
}
