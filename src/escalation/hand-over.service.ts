import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, StateConflict } from '../common/errors.js';
import { Database } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { Notices } from '../notices/notices.service.js';
import { Colleagues } from './colleagues.service.js';
import { InSchool } from './in-school.service.js';

/** The message to whoever looks after a notice from now on: one for each time it changes hands. */
export function handedOverRung(at: Date): string {
  return `act-handed-over-${at.toISOString().slice(0, 16)}`;
}

/** "Hand over to": somebody else looks after a notice from now on. No clock moves; the new owner is told by a message of their own. */
@Injectable()
export class HandOver {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly delivery: DeliveryService,
    private readonly colleagues: Colleagues,
    private readonly question: InSchool,
  ) {}

  /**
   * Anybody of the setting may: the owner may be ill. Who acknowledged stays on the record.
   * @throws StateConflict when the notice is not acknowledged, or they look after it already; DomainError for somebody who cannot
   *   take it: of another setting, a mailbox, without an address that works, or who must not know of it (the words are the same)
   */
  async run(actor: Actor, contactId: string, noticeId: string, toContactId: string): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      await this.notices.assertMayAct(tx, notice);
      if (notice.state !== 'acknowledged') {
        throw new StateConflict('Only a notice that somebody looks after can be handed over.');
      }
      const from = notice.ownerContactId ?? notice.acknowledgedBy;
      if (from === toContactId) throw new StateConflict('They look after this notice already.');
      const colleagues = await this.colleagues.of(tx, notice);
      if (!colleagues.some(({ id }) => id === toContactId)) {
        throw new DomainError('to', 'Choose a colleague from the list: somebody who can be told by e-mail.');
      }
      const now = this.clock.now();
      const asked = notice.inSchoolAskedAt !== null && notice.inSchoolAnsweredAt === null;
      const handedOver = await this.notices.update(tx, notice, {
        ownerContactId: toContactId,
        ...(asked ? { inSchoolAnsweredAt: now } : {}),
      });
      const rung = handedOverRung(now);
      await this.delivery.queue(tx, { noticeId, generation: notice.generation, rung }, [
        { contactId: toContactId, channel: 'email', notBefore: now },
      ]);
      await this.audit.record(tx, {
        action: 'notice.handed-over',
        noticeId,
        notificationId: notice.notificationId,
        settingUrn: notice.settingUrn,
        authorityCode: notice.authorityCode,
        contactId: toContactId,
        detail: { from, by: contactId },
      });
      // Handed to somebody who is not there that day: asked as an owner who falls ill is, and silence goes on to the others.
      await this.question.askIfOwnerIsAway(tx, handedOver, { asked });
    });
  }
}
