import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { isOpen, type SettingStatus } from '../directory/domain/setting.js';
import { nextState } from './domain/state.js';
import { NoticeReactions } from './notice-reactions.js';
import type { NoticeEntity } from './notice.entity.js';
import { Notices } from './notices.service.js';

/** Who chose the setting; the one who carries it out may be a timer. */
export interface PlacedBy {
  contactId: string;
  /** As the record names actors: `contact:<id>`. */
  name: string;
}

/** A setting is assigned to a notice that a desk owns: the school's ladder starts at once, towards the true deadline. */
@Injectable()
export class PlaceNotice {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
  ) {}

  /**
   * @throws DomainError when the setting is unknown or closed; StateConflict when a colleague placed it first; NotFound outside
   *   the officer's authority
   */
  async run(officer: Actor, officerContactId: string, noticeId: string, urn: string): Promise<NoticeEntity> {
    return this.database.transaction(officer, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      await this.assertPlaceable(tx, notice, urn);
      return this.inTransaction(tx, notice, urn, { contactId: officerContactId, name: officer.name });
    });
  }

  /** @throws DomainError when the setting is unknown or closed; StateConflict when the notice is not a desk's to place */
  async assertPlaceable(tx: Tx, notice: NoticeEntity, urn: string): Promise<void> {
    if (!nextState(notice.state, 'place')) this.notices.refuse(notice);
    const [setting] = await tx.query<{ status: SettingStatus; routable: boolean }>(
      `SELECT status, routable FROM setting WHERE urn = $1`,
      [urn],
    );
    if (!setting)
      throw new DomainError(
        'urn',
        'There is no setting with that URN in the register. Search by name or postcode.',
      );
    if (!isOpen(setting.status) || !setting.routable) {
      throw new DomainError('urn', 'That setting is not open. Choose the setting the child attends now.');
    }
  }

  /** @param notice locked, and checked by `assertPlaceable` in this transaction */
  async inTransaction(tx: Tx, notice: NoticeEntity, urn: string, by: PlacedBy): Promise<NoticeEntity> {
    // The new owner's authority may be another one: the officer loses sight of the row with this statement.
    return tx.asSystem(async () => {
      const now = this.clock.now();
      const there = await this.openNoticeAt(tx, notice, urn);
      if (there) return this.leaveToSetting(tx, notice, there, by.contactId);
      const authorityCode = await this.authorityOf(tx, urn);
      const placed = await this.notices.transition(tx, notice, 'place', {
        settingUrn: urn,
        deskId: null,
        authorityCode,
        outside: false,
        outsideAuthorityCode: null,
        routedAt: now,
        nextDueAt: now,
        deliveredAt: null,
        placeBy: null,
        chargeContactId: null,
        chargeUntil: null,
        why: 'The authority’s desk found that this child is registered at your school.',
      });
      await tx.execute(
        `INSERT INTO routing_decision (id, notice_id, at, decision, urn, authority_code, candidates, why, decided_by)
         VALUES ($1, $2, $3, 'setting', $4, $5, '[]', '["placed-by-desk"]', $6)`,
        [newId(), notice.id, now, urn, authorityCode, by.name],
      );
      await this.audit.record(tx, {
        action: 'notice.placed',
        noticeId: notice.id,
        notificationId: notice.notificationId,
        settingUrn: urn,
        authorityCode: notice.authorityCode,
        forceCode: notice.forceCode,
        contactId: by.contactId,
      });
      // Timers and messages of the desk's clock end here; the setting's ladder begins.
      await this.reactions.run('withdrawn', tx, placed);
      await this.reactions.run('placedByDesk', tx, placed);
      await this.reactions.run('ownedBySetting', tx, placed);
      return this.notices.find(tx, notice.id);
    });
  }

  private async authorityOf(tx: Tx, urn: string): Promise<string> {
    const [row] = await tx.query<{ code: string }>(
      `SELECT authority_code AS code FROM setting WHERE urn = $1`,
      [urn],
    );
    if (!row) throw new Error(`no setting ${urn}`);
    return row.code;
  }

  /** A child registered at two schools, one of which handed it back: the other one has its notice already. */
  private async openNoticeAt(tx: Tx, notice: NoticeEntity, urn: string): Promise<string | undefined> {
    const [there] = await tx.query<{ id: string }>(
      `SELECT id FROM notice WHERE child_id = $1 AND setting_urn = $2 AND version = $3
         AND state NOT IN ('redirected', 'superseded', 'retracted', 'closed')`,
      [notice.childId, urn, notice.version],
    );
    return there?.id;
  }

  /** The desk's question is answered, and the setting is not told a second time: its own notice and ladder go on. */
  private async leaveToSetting(
    tx: Tx,
    notice: NoticeEntity,
    there: string,
    officerContactId: string,
  ): Promise<NoticeEntity> {
    const left = await this.notices.transition(tx, notice, 'supersede', {
      supersededBy: there,
      nextDueAt: null,
    });
    await this.audit.record(tx, {
      action: 'notice.superseded',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
      contactId: officerContactId,
      detail: { version: notice.version, why: 'placed-where-it-is-already' },
    });
    await this.reactions.run('withdrawn', tx, left);
    return left;
  }
}
