import { Injectable } from '@nestjs/common';
import { Audit, type AuditAction } from '../../audit/audit.js';
import { Clock } from '../../common/clock.js';
import { NotFound } from '../../common/errors.js';
import { Database, type Tx } from '../../database/database.js';
import type { NoticeEntity } from '../../notices/notice.entity.js';
import { Notices } from '../../notices/notices.service.js';
import type { DeskContact, DeskListView } from '../presenters/authority.view-model.js';
import { moment } from '../presenters/london-time.js';
import { presentFollowUp, type FollowUpRecord } from '../presenters/follow-up.presenter.js';
import { FollowUpLists } from '../reading/follow-up-lists.repository.js';
import { NoticeContents } from '../reading/notice-content.service.js';
import type { OpenedNotice } from '../reading/school-reading.service.js';
import { SchoolNotices } from '../reading/school-notices.repository.js';
import { DeskContacts } from './desk-contacts.repository.js';
import { DeskRows, type DeskRecord } from './desk-list.repository.js';
import type { DeskScope } from './desk-scope.js';
import { chargeWords, isToAsk, presentDeskRow } from './desk-words.js';
import { HandBacks, type SettingSays } from './hand-backs.service.js';
import { PlacingReadings, type PlacingReading } from './placing-reading.service.js';

/** Everything a desk's page about one notice is made of. */
export interface DeskReading {
  readonly record: DeskRecord;
  /** Null when the notice is not a desk's to place. */
  readonly placing: PlacingReading | null;
  /** What the settings that handed the child back know, the first first. */
  readonly settingsSay: readonly SettingSays[];
  readonly handedOver: string | null;
  /** What settings still had to do when they handed the child back. */
  readonly endedFollowUps: readonly FollowUpRecord[];
  readonly contacts: readonly DeskContact[];
  /** This officer may ask to be shown the police's words. */
  readonly mayOpen: boolean;
}

/** What a desk's officers read, each look on the record. */
@Injectable()
export class DeskReadings {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly rows: DeskRows,
    private readonly placing: PlacingReadings,
    private readonly contacts: DeskContacts,
    private readonly contents: NoticeContents,
    private readonly schoolNotices: SchoolNotices,
    private readonly handBacks: HandBacks,
    private readonly followUpLists: FollowUpLists,
  ) {}

  /** @throws NotFound for another authority's notice, and for one the officer must not know of */
  async notice(scope: DeskScope, noticeId: string, searchText = ''): Promise<DeskReading> {
    return this.database.transaction(scope.actor, async (tx) => {
      const record = await this.find(tx, scope, noticeId);
      const notice = await this.notices.find(tx, noticeId);
      const atDesk = record.state === 'triage';
      const ring = record.state === 'routed' || record.state === 'delivered' || isToAsk(record);
      await this.recordLook(tx, 'desk.read', notice, scope, { child: atDesk });
      return {
        record,
        placing: atDesk ? await this.placing.of(tx, scope, noticeId, searchText) : null,
        settingsSay: atDesk ? await this.handBacks.words(tx, notice) : [],
        handedOver: await this.placing.handedOver(tx, notice),
        endedFollowUps: await this.followUpLists.endedBefore(tx, noticeId),
        contacts: ring ? await this.contacts.of(tx, noticeId, this.clock.now()) : [],
        mayOpen: mayOpen(scope, record),
      };
    });
  }

  /** @throws NotFound as `notice` does; for commands, which see as much as row-level security shows */
  async assertMine(scope: DeskScope, noticeId: string): Promise<void> {
    await this.database.transaction(scope.actor, (tx) => this.find(tx, scope, noticeId));
  }

  /** As `assertMine`, of the notice for which it was chosen. @throws NotFound also for a placement that there is not */
  async assertMyPlacement(scope: DeskScope, placementId: string): Promise<void> {
    await this.database.transaction(scope.actor, async (tx) => {
      const noticeId = await this.placing.noticeOf(tx, placementId);
      if (!noticeId) throw new NotFound();
      await this.find(tx, scope, noticeId);
    });
  }

  /** "Show what the police wrote": only of a desk's own notice. */
  async open(scope: DeskScope, noticeId: string): Promise<void> {
    await this.database.transaction(scope.actor, async (tx) => {
      const { notice, profile } = await this.own(tx, scope, noticeId);
      await this.recordLook(tx, 'notice.opened', notice, scope, { profile });
    });
  }

  /** @returns null when this officer has not asked to be shown it */
  async read(scope: DeskScope, noticeId: string): Promise<OpenedNotice | null> {
    return this.database.transaction(scope.actor, async (tx) => {
      const { record, notice, content, profile } = await this.own(tx, scope, noticeId);
      if (!(await this.schoolNotices.hasOpened(tx, noticeId))) return null;
      await this.recordLook(tx, 'notice.read', notice, scope, { profile });
      const shown = await this.schoolNotices.record(tx, notice, scope.contactId);
      return {
        record: { ...shown, settingName: record.deskName ?? scope.place },
        content,
        previous: null,
        guidance: await this.schoolNotices.guidance(tx, notice.authorityCode),
      };
    });
  }

  private async find(tx: Tx, scope: DeskScope, noticeId: string): Promise<DeskRecord> {
    const record = await this.rows.find(tx, scope, noticeId);
    if (!record) throw new NotFound();
    return record;
  }

  private async own(tx: Tx, scope: DeskScope, noticeId: string) {
    const record = await this.find(tx, scope, noticeId);
    if (!mayOpen(scope, record)) throw new NotFound();
    const notice = await this.notices.find(tx, noticeId);
    const disclosed = await this.contents.forRecipient(tx, notice);
    if (!disclosed) throw new NotFound('The text of this notice was erased as its retention time ended.');
    return { record, notice, ...disclosed };
  }

  private async recordLook(
    tx: Tx,
    action: Extract<AuditAction, 'desk.read' | 'notice.opened' | 'notice.read'>,
    notice: NoticeEntity,
    scope: DeskScope,
    detail: Record<string, string | boolean>,
  ): Promise<void> {
    await this.audit.record(tx, {
      action,
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
      contactId: scope.contactId,
      detail: { version: notice.version, ...detail },
    });
  }
}

/** Its own officers read a desk's own notice, and the duty desk, which stands in for every other. */
export function mayOpen(scope: DeskScope, record: DeskRecord): boolean {
  return record.deskOwn && (record.deskId === scope.deskId || scope.deskKind === 'duty');
}

/** Everything of the desk's page but the children that wait for a setting. */
export function presentDeskList(
  scope: DeskScope,
  records: readonly DeskRecord[],
  followUps: readonly FollowUpRecord[],
  now: Date,
): DeskListView {
  const waiting = (record: DeskRecord): boolean => record.acknowledgedAt === null;
  const charged = (record: DeskRecord): boolean => waiting(record) && chargeWords(record, now) !== null;
  const free = records.filter((record) => waiting(record) && !charged(record));
  const rows = (wanted: (record: DeskRecord) => boolean, from = free) =>
    from.filter(wanted).map((record) => presentDeskRow(record, now));
  return {
    deskName: scope.place,
    asAt: moment(now),
    toRead: rows((record) => record.state === 'triage' && record.deskOwn),
    toRing: rows((record) => record.state !== 'triage'),
    inCharge: rows(charged, [...records]),
    toAsk: rows((record) => !waiting(record), [...records]),
    overdueFollowUps: followUps.map((one) => presentFollowUp(one, scope.contactId, now)),
  };
}
