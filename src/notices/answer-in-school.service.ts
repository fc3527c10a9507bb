import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, StateConflict } from '../common/errors.js';
import { Database } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import { isAsked } from './domain/in-school.js';
import { Notices } from './notices.service.js';

export const IN_SCHOOL_ANSWERS = ['yes', 'hand-over', 'take-over'] as const;
export type InSchoolAnswer = (typeof IN_SCHOOL_ANSWERS)[number];

/** "Are you in school today?": whoever acknowledged on Saturday may be ill on Monday, and the child comes in all the same. */
@Injectable()
export class AnswerInSchool {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
  ) {}

  /**
   * The owner says yes, or hands over: then the deputies are told at once. A colleague may take over: from then on the reminders
   * are theirs; who acknowledged stays on the record.
   * @throws StateConflict when nothing is asked any more; DomainError for the owner's answer from somebody else
   */
  async run(actor: Actor, contactId: string, noticeId: string, answer: InSchoolAnswer): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      await this.notices.assertMayAct(tx, notice);
      if (!isAsked(notice)) throw new StateConflict('This question is answered already.');
      const owner = (notice.ownerContactId ?? notice.acknowledgedBy) === contactId;
      if (owner === (answer === 'take-over')) {
        throw new DomainError(
          'answer',
          'Only whoever looks after the notice can answer for themselves.',
          403,
        );
      }
      if (answer === 'hand-over') {
        const { generation } = notice;
        await this.outbox.add(
          tx,
          'ladder.in-school',
          // A round of its own: a message of an earlier round to the same people would otherwise stand for this one.
          {
            noticeId,
            generation,
            step: 'deputies',
            round: this.clock.now().toISOString().slice(0, 16),
            handedOver: true,
          },
          { noticeId, generation },
        );
      } else {
        await this.notices.update(tx, notice, {
          inSchoolAnsweredAt: this.clock.now(),
          ...(answer === 'take-over' ? { ownerContactId: contactId } : {}),
        });
      }
      await this.audit.record(tx, {
        action: 'notice.in-school-answered',
        noticeId,
        notificationId: notice.notificationId,
        settingUrn: notice.settingUrn,
        authorityCode: notice.authorityCode,
        contactId,
        detail: { answer },
      });
    });
  }
}
