import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { present } from '../common/present.js';
import type { Tx } from '../database/database.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { textMessageAt } from '../delivery/domain/text-message-at.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { Outbox } from '../jobs/outbox.js';
import { londonDateOf } from '../calendar/domain/london-time.js';
import { Audit } from '../audit/audit.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { IndependentRolls } from '../notices/independent-rolls.port.js';
import { HandOn } from '../notices/hand-on.service.js';
import { Notices } from '../notices/notices.service.js';
import { tellsHolidayContacts } from './domain/holiday.js';
import type { LadderPlan, RungName } from './domain/ladder-plan.js';
import { holidayContactsAt, readersOn } from './domain/readers.js';
import { InSchool } from './in-school.service.js';
import { LadderInputs } from './ladder-inputs.service.js';
import { recipientsOf } from './recipients.js';
import { Rungs } from './rungs.repository.js';
import { StartLadder } from './start-ladder.service.js';

type Cause = JobCatalogue['ladder.replan-notice']['cause'];

const DAY_MS = 86_400_000;

/** Which settings a layer of the calendar speaks for. */
const SETTINGS_OF: Readonly<Record<JobCatalogue['calendar.changed']['layer'], string>> = {
  setting: 's.urn = $1',
  trust: 's.trust_code = $1',
  authority: 's.authority_code = $1',
  nation: 's.nation = $1',
};

/** The world changed under open notices: a snow day, a DSL who is ill, cover for her, a roll with other days for a child. */
@Injectable()
export class ReplanNotices {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly delivery: DeliveryService,
    private readonly inputs: LadderInputs,
    private readonly rungs: Rungs,
    private readonly ladder: StartLadder,
    private readonly question: InSchool,
    private readonly handOn: HandOn,
    private readonly rolls: IndependentRolls,
  ) {}

  /** One job per unread notice of the settings that the layer speaks for: a nation's is no transaction for one lock. */
  calendarChanged(tx: Tx, { layer, key }: JobCatalogue['calendar.changed']): Promise<void> {
    return this.fanOut(tx, SETTINGS_OF[layer], key, ['routed', 'delivered'], 'calendar');
  }

  /** Also of what was decided on before the day on which its owner was asked: a yes of this morning may not hold. */
  coverChanged(tx: Tx, { urn }: JobCatalogue['directory.cover-changed']): Promise<void> {
    const states = ['routed', 'delivered', 'acknowledged', 'actioned'];
    return this.fanOut(tx, SETTINGS_OF.setting, urn, states, 'cover');
  }

  /** Unread: planned anew if that says anything new. Read: an owner who is away is asked. */
  async one(tx: Tx, { noticeId, cause }: JobCatalogue['ladder.replan-notice']): Promise<void> {
    const notice = await this.notices.lock(tx, noticeId);
    if (!notice.settingUrn) return;
    if (notice.state === 'acknowledged' || notice.state === 'actioned') {
      return this.question.askIfOwnerIsAway(tx, await this.handOn.ifExcluded(tx, notice));
    }
    if (notice.state !== 'routed' && notice.state !== 'delivered') return;
    const known = cause === 'roll' ? await this.attendance(tx, notice) : notice;
    const replanned = await this.ladder.replan(tx, known, cause);
    await this.tellNewcomers(tx, notice, cause, replanned?.plan ?? null);
  }

  /** A roll that was imported after the ladder was planned may name the days of a part-time child, or no longer. */
  private async attendance(tx: Tx, notice: NoticeEntity): Promise<NoticeEntity> {
    const attends = await this.rolls.attendance(tx, notice);
    const same = (attends ?? []).join() === (notice.attends ?? []).join();
    return same ? notice : this.notices.update(tx, notice, { attends });
  }

  private async fanOut(
    tx: Tx,
    settings: string,
    key: string,
    states: readonly string[],
    cause: Cause,
  ): Promise<void> {
    const rows = await tx.query<{ id: string }>(
      `SELECT n.id FROM notice n JOIN setting s ON s.urn = n.setting_urn
       WHERE ${settings} AND n.state = ANY($2) AND (n.state <> 'actioned' OR n.in_school_asked_at > $3) ORDER BY n.id`,
      [key, states, new Date(this.clock.now().getTime() - DAY_MS)],
    );
    await this.outbox.addMany(
      tx,
      rows.map(({ id }) => ({
        name: 'ladder.replan-notice' as const,
        payload: { noticeId: id, cause },
        noticeId: id,
      })),
    );
  }

  /**
   * Whom no later rung would tell is told now, each contact once: who stands in for an absent DSL after the last rung that tells
   * the readers on duty has fired, and the holiday contact of days that became holidays after `first`.
   *
   * @param plan in force; null at the ladder's end
   */
  private async tellNewcomers(
    tx: Tx,
    notice: NoticeEntity,
    cause: Cause,
    plan: LadderPlan | null,
  ): Promise<void> {
    const fresh = await this.notices.find(tx, notice.id);
    const rungs = await this.rungs.of(tx, notice.id, fresh.generation);
    const comes = (name: RungName): boolean =>
      rungs.some(({ rung, state }) => rung === name && state === 'planned');
    if (comes('first')) return;
    const now = this.clock.now();
    const acknowledgeBy = present(fresh.acknowledgeBy, 'acknowledgeBy');
    const input = await this.inputs.forNotice(tx, fresh);
    const told = await this.delivery.contactsTold(tx, notice.id);
    const readers =
      cause === 'cover' && !comes('reminder')
        ? readersOn(input, plan?.schoolDay ?? londonDateOf(now), now, acknowledgeBy)
        : [];
    const inHolidays =
      plan?.holiday && tellsHolidayContacts(plan.holiday) ? holidayContactsAt(input, now, acknowledgeBy) : [];
    const knownAs = new Map([...readers, ...inHolidays].map((contact) => [contact.id, contact]));
    const newcomers = [...knownAs.values()].filter(({ id }) => !told.has(id));
    const recipients = recipientsOf(newcomers, this.delivery.channels(), now, textMessageAt(now, fresh));
    if (recipients.length === 0) return;
    const key = { noticeId: notice.id, generation: fresh.generation, rung: 'cover' };
    await this.delivery.queue(tx, key, recipients);
    await this.audit.record(tx, {
      action: 'rung.fired',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      detail: {
        rung: 'cover',
        generation: fresh.generation,
        contacts: [...new Set(recipients.map((recipient) => recipient.contactId))],
      },
    });
  }
}
