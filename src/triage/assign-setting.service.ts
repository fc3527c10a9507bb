import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Calendars } from '../calendar/calendars.service.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { StateConflict } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { present } from '../common/present.js';
import { Database, type Tx } from '../database/database.js';
import { deadlineFor } from '../escalation/domain/deadline.js';
import { Outbox } from '../jobs/outbox.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { PlaceNotice } from '../notices/place-notice.service.js';
import { WaitingChoices } from '../notices/waiting-choices.port.js';
import { Claims } from './claims.service.js';
import { heldUntil } from './domain/hold.js';
import { Placements } from './placements.repository.js';

export interface Assigned {
  placementId: string;
  /** When the school is told; null when it has been told already. */
  sendAt: Date | null;
}

/** An officer's choice of a setting. It can be taken back for two minutes, unless the bell is near. */
@Injectable()
export class AssignSetting implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly calendars: Calendars,
    private readonly place: PlaceNotice,
    private readonly claims: Claims,
    private readonly placements: Placements,
    private readonly choices: WaitingChoices,
  ) {}

  onModuleInit(): void {
    this.choices.register((tx, noticeId) => this.assertNotChosen(tx, noticeId));
  }

  /**
   * The desk owns the notice, and its clock runs, until the school is told.
   * @throws StateConflict when a colleague is working on it or chose before; DomainError when the setting is unknown or closed;
   *   NotFound outside the officer's authority
   */
  async run(officer: Actor, contactId: string, noticeId: string, urn: string): Promise<Assigned> {
    return this.database.transaction(officer, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      await this.claims.assertFree(tx, contactId, noticeId);
      await this.assertNotChosen(tx, noticeId);
      await this.place.assertPlaceable(tx, notice, urn);
      const now = this.clock.now();
      const sendAt = heldUntil(now, await this.deadline(tx, notice, urn, now));
      const placementId = newId();
      await this.placements.add(tx, {
        id: placementId,
        noticeId,
        authorityCode: notice.authorityCode,
        deskId: present(notice.deskId, 'the desk'),
        settingUrn: urn,
        contactId,
        chosenAt: now,
        sendAt: sendAt ?? now,
        sentAt: sendAt ? null : now,
      });
      await this.audit.record(tx, {
        action: 'notice.placement-chosen',
        noticeId,
        notificationId: notice.notificationId,
        settingUrn: null,
        authorityCode: notice.authorityCode,
        contactId,
        detail: { urn, placement: placementId, sendAt: (sendAt ?? now).toISOString() },
      });
      await this.claims.drop(tx, contactId, [noticeId]);
      if (sendAt) {
        await this.outbox.add(tx, 'triage.send-held', { placementId }, { dueAt: sendAt, noticeId });
      } else {
        await this.place.inTransaction(tx, notice, urn, { contactId, name: officer.name });
      }
      return { placementId, sendAt };
    });
  }

  /** @throws StateConflict when the school has been told already, or a colleague took it back */
  async undo(officer: Actor, contactId: string, placementId: string): Promise<void> {
    await this.database.transaction(officer, async (tx) => {
      const noticeId = await this.placements.undone(tx, placementId, this.clock.now(), contactId);
      if (!noticeId) {
        throw new StateConflict(
          'It is too late to take this back: the setting has been told, or a colleague took it back.',
        );
      }
      await this.audit.record(tx, {
        action: 'notice.placement-undone',
        noticeId,
        contactId,
        detail: { placement: placementId },
      });
    });
  }

  /** @throws StateConflict saying who chose what */
  async assertNotChosen(tx: Tx, noticeId: string): Promise<void> {
    const waiting = await this.placements.waitingFor(tx, noticeId);
    if (!waiting) return;
    throw new StateConflict(
      `${waiting.officer} has chosen ${waiting.setting} for this one. Take that back first if it is wrong.`,
    );
  }

  /** As the ladder will have it: the rule for R, or for now when that has passed. */
  private async deadline(tx: Tx, notice: NoticeEntity, urn: string, now: Date): Promise<Date> {
    const calendar = await this.calendars.ofSetting(tx, urn, now);
    const { acknowledgeBy } = deadlineFor(notice.receivedAt, calendar);
    return acknowledgeBy > now ? acknowledgeBy : deadlineFor(now, calendar).acknowledgeBy;
  }
}
