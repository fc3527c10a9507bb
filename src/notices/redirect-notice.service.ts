import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, StateConflict } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { isOpen, type SettingStatus } from '../directory/domain/setting.js';
import { Outbox } from '../jobs/outbox.js';
import { AfterHandBack } from './after-hand-back.service.js';
import type { Whereabouts } from './domain/whereabouts.js';
import { NoticeReactions } from './notice-reactions.js';
import type { NoticeEntity, RedirectReason } from './notice.entity.js';
import { Notices } from './notices.service.js';

/** What the school adds to "not our pupil". */
export interface SchoolKnows {
  whereabouts: Whereabouts;
  /** In its own words; sealed, for the desk only. */
  words: string;
}

const NOTHING_KNOWN: SchoolKnows = { whereabouts: { kind: 'not-known' }, words: '' };

/**
 * "Not our pupil" and "I know this family": both take the notice out of the asker's hands at once and route the child again.
 * R stays the true one. The school never learns where it went.
 */
@Injectable()
export class RedirectNotice {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly afterHandBack: AfterHandBack,
  ) {}

  /**
   * @returns the notice as it was handed back
   * @throws DomainError when the setting named is unknown, closed or the asker's own; NotFound without a relationship to the
   *   notice; StateConflict when it was handed back or withdrawn already
   */
  async run(
    actor: Actor,
    contactId: string,
    noticeId: string,
    reason: RedirectReason,
    known: SchoolKnows = NOTHING_KNOWN,
  ): Promise<NoticeEntity> {
    return this.database.transaction(actor, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      if (!notice.settingUrn) throw new StateConflict('This notice is with the desk.');
      await this.notices.assertMayAct(tx, notice);
      await assertKnownSetting(tx, notice.settingUrn, known.whereabouts);
      const redirected = await this.notices.transition(tx, notice, 'redirect', {
        redirectedAt: this.clock.now(),
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
        detail: { reason, whereabouts: known.whereabouts.kind },
      });
      await this.reactions.run('withdrawn', tx, redirected);
      await tx.asSystem(async () => {
        // Only what the force could correct is the force's business.
        if (reason === 'not-our-pupil') await this.outbox.add(tx, 'redirect.tell-force', { noticeId });
        await this.afterHandBack.run(tx, redirected, {
          contactId,
          reason,
          whereabouts: known.whereabouts,
          known: known.words.trim(),
        });
      });
      return redirected;
    });
  }
}

async function assertKnownSetting(tx: Tx, own: string, whereabouts: Whereabouts): Promise<void> {
  if (whereabouts.kind !== 'setting') return;
  if (whereabouts.urn === own) {
    throw new DomainError('urn', 'That is your own setting. Choose where the child is now.');
  }
  const [setting] = await tx.query<{ status: SettingStatus }>(`SELECT status FROM setting WHERE urn = $1`, [
    whereabouts.urn,
  ]);
  if (!setting || !isOpen(setting.status)) {
    throw new DomainError(
      'urn',
      'That setting is not in the register, or not open. Choose one from the list.',
    );
  }
}
