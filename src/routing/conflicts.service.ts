import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { Contacts } from '../directory/contacts.service.js';
import { Vouching } from '../directory/vouching.service.js';
import { Outbox } from '../jobs/outbox.js';
import { OPEN_STATES } from '../notices/domain/state.js';
import { NoticeReactions, type NoticeReaction } from '../notices/notice-reactions.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { conflictsOf } from '../notifications/domain/conflict.js';
import type { NotificationDto } from '../notifications/dto/notification.dto.js';
import { SealedTexts } from '../sealing/sealed-texts.js';
import { Corrections } from './corrections.service.js';

/** What is done or replaced is still on a page. */
const READABLE_STATES = [...OPEN_STATES, 'closed', 'superseded'];

/** Keeps whoever is, or may be, an adult of the incident from ever learning of its notices. */
@Injectable()
export class Conflicts implements OnModuleInit, NoticeReaction {
  readonly feature = 'routing';
  /** Forgotten with the transaction. */
  private readonly opened = new WeakMap<Tx, Map<string, Promise<NotificationDto | null>>>();

  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly contacts: Contacts,
    private readonly vouching: Vouching,
    private readonly sealedTexts: SealedTexts,
    private readonly reactions: NoticeReactions,
    private readonly corrections: Corrections,
  ) {}

  onModuleInit(): void {
    this.reactions.register(this);
  }

  /** Before the ladder is planned: who must not know is left out of it from its first rung. */
  async ownedBySetting(tx: Tx, notice: NoticeEntity): Promise<void> {
    await this.exclude(tx, notice, (await this.read(tx, notice))?.adults);
  }

  async ownedByDesk(tx: Tx, notice: NoticeEntity): Promise<void> {
    await this.exclude(tx, notice, (await this.read(tx, notice))?.adults);
  }

  async acknowledged(): Promise<void> {}

  async withdrawn(): Promise<void> {}

  async actioned(): Promise<void> {}

  async handedOn(): Promise<void> {}

  /** What the officer's choice teaches. */
  async placedByDesk(tx: Tx, notice: NoticeEntity): Promise<void> {
    const notification = await this.read(tx, notice);
    const child = notification?.children.find(({ reference }) => reference === notice.childReference);
    if (notification && child) await this.corrections.placed(tx, notice, notification, child);
  }

  /** What the school's "not our pupil" teaches. */
  async handedBack(tx: Tx, from: NoticeEntity): Promise<void> {
    const notification = await this.read(tx, from);
    const child = notification?.children.find(({ reference }) => reference === from.childReference);
    await this.corrections.handedBack(tx, from, child ?? null);
  }

  /** The police's words behind a notice, in its version; null when they were erased. Read once in a transaction. */
  read(tx: Tx, notice: NoticeEntity): Promise<NotificationDto | null> {
    const known = this.opened.get(tx) ?? new Map<string, Promise<NotificationDto | null>>();
    this.opened.set(tx, known);
    const key = `${notice.notificationId} ${notice.version}`;
    const reading = known.get(key) ?? this.open(tx, notice);
    known.set(key, reading);
    return reading;
  }

  private async open(tx: Tx, notice: NoticeEntity): Promise<NotificationDto | null> {
    const [version] = await tx.query<{ id: string }>(
      `SELECT id FROM notification_version WHERE notification_id = $1 AND version = $2`,
      [notice.notificationId, notice.version],
    );
    const text = version ? await this.sealedTexts.open(tx, notice.notificationId, version.id) : null;
    return text === null ? null : (JSON.parse(text) as NotificationDto);
  }

  /**
   * By name: the setting's contacts and the officers of every desk of its authority, who all see the list, and of the operator's,
   * who stands in. And, in every post of theirs, whoever said "I know this family" of another child or of an earlier version. And
   * whoever is there by the word of such people alone.
   */
  private async exclude(tx: Tx, notice: NoticeEntity, adults: NotificationDto['adults']): Promise<void> {
    await tx.execute(
      `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at)
       SELECT DISTINCT ON (post.id) $1::uuid, post.id, e.why, $3::timestamptz
       FROM notice_exclusion e JOIN notice n ON n.id = e.notice_id CROSS JOIN LATERAL (
         SELECT e.contact_id AS id UNION
         SELECT other.id FROM contact self JOIN contact other ON other.person_id = self.person_id AND other.archived_at IS NULL
         WHERE self.id = e.contact_id) AS post
       WHERE n.notification_id = $2 AND e.why IN ('knows-family', 'by-person') ON CONFLICT DO NOTHING`,
      [notice.id, notice.notificationId, this.clock.now()],
    );
    const people = [
      ...(notice.settingUrn ? await this.contacts.ofSetting(tx, notice.settingUrn) : []),
      ...(await this.contacts.ofDesks(tx, notice.authorityCode)),
    ].filter((contact) => !contact.sharedMailbox);
    for (const contactId of conflictsOf(people, adults).contactIds) {
      const added = await tx.execute(
        `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at) VALUES ($1, $2, 'name-match', $3)
         ON CONFLICT DO NOTHING`,
        [notice.id, contactId, this.clock.now()],
      );
      if (added === 0) continue;
      await this.audit.record(tx, {
        action: 'notice.contact-excluded',
        noticeId: notice.id,
        authorityCode: notice.authorityCode,
        contactId,
        detail: { why: 'name-match' },
      });
    }
    await this.vouching.settle(tx, [notice.id]);
    if (notice.chargeContactId) await this.outbox.add(tx, 'desk.charge-ended', { noticeId: notice.id });
  }

  /**
   * A contact was added, renamed or given an address: what can still be read at that setting or desk is looked through again.
   * @returns the setting whose notices somebody else may look after now, when it has any
   */
  async contactChanged(tx: Tx, contactId: string): Promise<string | null> {
    const open = await tx.query<{ id: string; urn: string | null }>(
      `SELECT n.id, c.setting_urn AS urn FROM notice n JOIN contact c ON c.id = $1
       WHERE n.state = ANY($2) AND (n.setting_urn = c.setting_urn OR EXISTS (SELECT 1 FROM desk d
         WHERE d.id = c.desk_id AND (d.authority_code = n.authority_code OR d.kind = 'operator'))) ORDER BY n.id`,
      [contactId, READABLE_STATES],
    );
    for (const { id } of open) {
      const notice = await this.notices.lock(tx, id);
      const notification = await this.open(tx, notice);
      if (notification) await this.exclude(tx, notice, notification.adults);
    }
    return open[0]?.urn ?? null;
  }
}
