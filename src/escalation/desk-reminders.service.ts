import { Injectable } from '@nestjs/common';
import { Alerts } from '../alerts/alerts.service.js';
import { Audit } from '../audit/audit.js';
import { londonDateOf, londonInstant } from '../calendar/domain/london-time.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { textMessageAt } from '../delivery/domain/text-message-at.js';
import { Outbox } from '../jobs/outbox.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { alertDetail } from './alert-detail.js';
import { deskInstant, nextDeskRepeatAt, nextEarlyReminderAt } from './domain/desk-repeat.js';
import { HOLIDAY_MISSED } from './domain/desk-steps.js';
import { AUTHORITY_DAY_START, nextHolidayRepeatAt } from './domain/holiday.js';
import type { PlannedRecipient } from './domain/ladder-contact.js';
import type { LadderInput } from './domain/ladder-plan.js';
import { DEFAULT_POLICY } from './domain/policy.js';
import { dutyDeskAt } from './domain/readers.js';
import { LadderInputs } from './ladder-inputs.service.js';
import { recipientsOf } from './recipients.js';
import { Rungs } from './rungs.repository.js';
import { UnreadLadder, type LadderKey } from './unread-ladder.service.js';

type Chain = 'ladder.repeat-desk' | 'ladder.holiday-by';

/**
 * The duty desk again, beside and after the rungs: until somebody at the school has read the notice. Whoever is there at that
 * moment is told, not who was on duty when it was planned. Every entry does nothing when it is late, stale or repeated.
 */
@Injectable()
export class DeskReminders {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly alerts: Alerts,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly delivery: DeliveryService,
    private readonly inputs: LadderInputs,
    private readonly rungs: Rungs,
    private readonly unread: UnreadLadder,
  ) {}

  /** The bell was missed at `missedAt`: the first repeat. */
  async start(tx: Tx, notice: NoticeEntity, missedAt: Date): Promise<void> {
    const { id: noticeId, generation } = notice;
    const { policy } = await this.inputs.forNotice(tx, notice);
    const dueAt = nextDeskRepeatAt(missedAt, notice.risk, policy.deskRepeat, this.clock.now());
    await this.arm(tx, 'ladder.repeat-desk', { noticeId, generation, step: 1 }, dueAt);
  }

  /** After D, on the grid of D. Pauses while an officer has charge. */
  async repeat(tx: Tx, { noticeId, generation, step }: LadderKey & { step: number }): Promise<void> {
    const notice = await this.unread.lock(tx, { noticeId, generation });
    if (!notice || (await this.ranBefore(tx, 'ladder.repeat-desk', { noticeId, generation, step }))) return;
    const now = this.clock.now();
    const input = await this.inputs.forNotice(tx, notice);
    const charge = chargeOf(notice, now);
    if (!charge) await this.tell(tx, notice, `desk-repeat-${step}`, dutyDeskAt(input, now));
    // The bell that was missed, not what the calendar of this moment would make of it.
    const missedAt = notice.acknowledgeBy ?? now;
    const dueAt = nextDeskRepeatAt(missedAt, notice.risk, input.policy.deskRepeat, charge ?? now);
    await this.arm(tx, 'ladder.repeat-desk', { noticeId, generation, step: step + 1 }, dueAt);
    await this.notices.update(tx, notice, { nextDueAt: dueAt });
  }

  /** The holiday contact stayed silent: the duty desk, then each working day, until the bell's own ladder takes over. */
  async holidayBy(tx: Tx, { noticeId, generation, step }: LadderKey & { step: number }): Promise<void> {
    const notice = await this.unread.lock(tx, { noticeId, generation });
    if (!notice || (await this.ranBefore(tx, 'ladder.holiday-by', { noticeId, generation, step }))) return;
    const now = this.clock.now();
    const desk = dutyDeskAt(await this.inputs.forNotice(tx, notice), now);
    if (step === 1) {
      const key = { noticeId, generation, rung: 'holiday-missed' };
      const told = desk.map((contact) => contact.id);
      await this.rungs.settle(tx, key, 'fired', now, HOLIDAY_MISSED, told);
    }
    await this.tell(tx, notice, `holiday-by-${step}`, desk);
    const authorityDays = await this.inputs.authorityDays(tx, notice.authorityCode, now);
    const dueAt = nextHolidayRepeatAt(now, authorityDays);
    if (notice.acknowledgeBy && dueAt < notice.acknowledgeBy) {
      await this.arm(tx, 'ladder.holiday-by', { noticeId, generation, step: step + 1 }, dueAt);
    }
    await this.unread.setNextDue(tx, notice);
  }

  /**
   * The `desk` rung ran before its instant, because nobody at the setting could be told or somebody asked for it: what the desk
   * heard on a Saturday night must not be all it hears before Monday's bell. It is told again at that instant, and each morning
   * until then (HIGH: also at a weekend), where no holiday's own reminders do so. Pauses while an officer has charge.
   *
   * @param ranNow the rung ran in this transaction; otherwise its timer, or one of those armed here, found that it had
   */
  async again(tx: Tx, notice: NoticeEntity, input: LadderInput, ranNow: boolean): Promise<void> {
    const stored = (await this.rungs.of(tx, notice.id, notice.generation)).find(
      ({ rung }) => rung === 'desk',
    );
    if (!stored?.firedAt || !notice.acknowledgeBy) return;
    if (!(await this.rungs.firedEarly(tx, notice.id, 'desk'))) return;
    // Not by its state: a row that was taken over becomes `empty` when its messages come back.
    const inherited = stored.at <= stored.firedAt;
    const instant = inherited ? deskInstant(notice.acknowledgeBy, input.policy) : stored.at;
    const now = this.clock.now();
    const today = londonDateOf(now);
    const reached = now >= instant;
    const morning = londonInstant(today, AUTHORITY_DAY_START);
    const due = reached || (stored.firedAt < morning && morning <= now);
    if (!ranNow && due && !chargeOf(notice, now)) {
      const rung = `desk-again-${reached ? 'at-' : ''}${today}`;
      if (!(await this.wasTold(tx, notice.id, rung)))
        await this.tell(tx, notice, rung, dutyDeskAt(input, now));
    }
    if (reached) return;
    const next = nextEarlyReminderAt(now, instant, input, notice.holidayBy !== null);
    // A rung of this plan has a timer of its own at its instant; one that was taken over has none.
    if (inherited || next < instant) await this.armDesk(tx, notice, next);
  }

  /** A repeat failed for good. The next one is armed without planning anything: what failed was perhaps the planning. */
  async repeatLost(tx: Tx, { noticeId, generation, step }: LadderKey & { step: number }): Promise<void> {
    const notice = await this.unread.lock(tx, { noticeId, generation });
    if (!notice) return;
    const dueAt = minutesAfter(this.clock.now(), DEFAULT_POLICY.deskRepeat.everyMinutes);
    await this.arm(tx, 'ladder.repeat-desk', { noticeId, generation, step: step + 1 }, dueAt);
    await this.notices.update(tx, notice, { nextDueAt: dueAt });
  }

  /** The same for a working day of the holidays; from D on the ladder has its own. */
  async holidayLost(tx: Tx, { noticeId, generation, step }: LadderKey & { step: number }): Promise<void> {
    const notice = await this.unread.lock(tx, { noticeId, generation });
    const dueAt = minutesAfter(this.clock.now(), 24 * 60);
    if (!notice?.acknowledgeBy || dueAt >= notice.acknowledgeBy) return;
    await this.arm(tx, 'ladder.holiday-by', { noticeId, generation, step: step + 1 }, dueAt);
    await this.unread.setNextDue(tx, notice);
  }

  /** Each step of a chain arms the next; run a second time, it would start a second chain. */
  private ranBefore(
    tx: Tx,
    name: Chain,
    { noticeId, generation, step }: LadderKey & { step: number },
  ): Promise<boolean> {
    return this.outbox.wasArmed(tx, { name, noticeId, generation, step: String(step + 1) });
  }

  private async arm(tx: Tx, name: Chain, payload: LadderKey & { step: number }, dueAt: Date): Promise<void> {
    const { noticeId, generation } = payload;
    await this.outbox.add(tx, name, payload, { dueAt, noticeId, generation });
  }

  /** Once for each instant, however often the job that arms it runs. */
  private async armDesk(tx: Tx, { id: noticeId, generation }: NoticeEntity, dueAt: Date): Promise<void> {
    const armed = await tx.query(
      `SELECT 1 FROM outbox WHERE notice_id = $1 AND generation = $2 AND name = 'ladder.fire-rung'
         AND payload->>'rung' = 'desk' AND due_at = $3`,
      [noticeId, generation, dueAt],
    );
    if (armed.length > 0) return;
    const payload = { noticeId, generation, rung: 'desk' };
    await this.outbox.add(tx, 'ladder.fire-rung', payload, { dueAt, noticeId, generation });
  }

  /** By whichever generation: a new plan is no reason to say the same again on the same morning. */
  private async wasTold(tx: Tx, noticeId: string, rung: string): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM audit_event WHERE notice_id = $1 AND action = 'desk.reminded' AND detail->>'rung' = $2 LIMIT 1`,
      [noticeId, rung],
    );
    return rows.length > 0;
  }

  private async tell(
    tx: Tx,
    notice: NoticeEntity,
    rung: string,
    desk: readonly PlannedRecipient[],
  ): Promise<void> {
    const now = this.clock.now();
    const recipients = recipientsOf(desk, this.delivery.channels(), now, textMessageAt(now, notice));
    const key = { noticeId: notice.id, generation: notice.generation, rung };
    const fresh = await this.delivery.queue(tx, key, recipients);
    if (recipients.length > 0 && !fresh) return;
    await this.audit.record(tx, {
      action: 'desk.reminded',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      authorityCode: notice.authorityCode,
      detail: { rung, contacts: recipients.map((recipient) => recipient.contactId) },
    });
    if (recipients.length === 0) {
      await this.alerts.raise(
        tx,
        'desk-unreachable',
        notice.authorityCode ?? 'operator',
        alertDetail(notice),
      );
    }
  }
}

/** Until when an officer has charge, or null. */
function chargeOf({ chargeUntil }: NoticeEntity, now: Date): Date | null {
  return chargeUntil !== null && chargeUntil > now ? chargeUntil : null;
}

function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * 60_000);
}
