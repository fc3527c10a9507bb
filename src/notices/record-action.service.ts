import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.js';
import { SealedTexts } from '../sealing/sealed-texts.js';
import { NoticeReactions } from './notice-reactions.js';
import type { NoticeEntity } from './notice.entity.js';
import { Notices } from './notices.service.js';

export const IN_SCHOOL = ['yes', 'no', 'not-a-school-day', 'not-known'] as const;
export const TOLD = ['social-worker', 'early-help', 'no-one-involved', 'not-yet'] as const;

/** The support decision, as the short form asks for it. The free texts are sealed. */
export interface SupportDecision {
  inSchool: (typeof IN_SCHOOL)[number];
  /** Required when the child is not in school: who has seen the child safe today. */
  seenSafeBy: string;
  told: (typeof TOLD)[number];
  /** What was seen, heard and said, in the child's own words. */
  voice: string;
  decision: string;
}

/** Records what the school decided to do: ends the action clock of an acknowledged notice. */
@Injectable()
export class RecordAction {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly sealedTexts: SealedTexts,
  ) {}

  /**
   * @throws DomainError when something the form needs is missing; StateConflict when the notice is not acknowledged or the
   *   decision is already recorded; NotFound without a relationship
   */
  async run(
    actor: Actor,
    contactId: string,
    noticeId: string,
    decision: SupportDecision,
  ): Promise<NoticeEntity> {
    if (decision.inSchool === 'no' && decision.seenSafeBy.trim() === '') {
      throw new DomainError(
        'seen-safe-by',
        'The child is not in school: say who has seen the child safe today.',
      );
    }
    if (decision.decision.trim() === '') {
      throw new DomainError(
        'decision',
        'Say in a sentence what support you decided on, even if it is "keep an eye on her".',
      );
    }
    return this.database.transaction(actor, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      await this.notices.assertMayAct(tx, notice);
      const now = this.clock.now();
      const actioned = await this.notices.transition(tx, notice, 'act', { actionedAt: now, nextDueAt: null });
      const sealedId = newId();
      const { seenSafeBy, voice, decision: words } = decision;
      await this.sealedTexts.seal(tx, {
        id: sealedId,
        notificationId: notice.notificationId,
        noticeId,
        kind: 'action',
        text: JSON.stringify({ seenSafeBy, voice, decision: words }),
        at: now,
      });
      await tx.execute(
        `INSERT INTO notice_action (id, notice_id, contact_id, decided_at, in_school, told, sealed_text_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [newId(), noticeId, contactId, now, decision.inSchool, decision.told, sealedId],
      );
      await this.audit.record(tx, {
        action: 'notice.action-recorded',
        noticeId,
        notificationId: notice.notificationId,
        settingUrn: notice.settingUrn,
        authorityCode: notice.authorityCode,
        forceCode: notice.forceCode,
        contactId,
        detail: { inSchool: decision.inSchool, told: decision.told },
      });
      await this.reactions.run('actioned', tx, actioned);
      return actioned;
    });
  }
}
