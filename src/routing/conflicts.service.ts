import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { Contacts } from '../directory/contacts.service.js';
import { OPEN_STATES } from '../notices/domain/state.js';
import { NoticeReactions, type NoticeReaction } from '../notices/notice-reactions.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { conflictsOf } from '../notifications/domain/conflict.js';
import type { NotificationDto } from '../notifications/dto/notification.dto.js';
import { SealedTexts } from '../sealing/sealed-texts.js';

/** Keeps whoever is, or may be, an adult of the incident from ever learning of its notices. */
@Injectable()
export class Conflicts implements OnModuleInit, NoticeReaction {
  readonly feature = 'routing';

  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly contacts: Contacts,
    private readonly sealedTexts: SealedTexts,
    private readonly reactions: NoticeReactions,
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

  /** The police's words behind a notice, in its version; null when they were erased. */
  async read(tx: Tx, notice: NoticeEntity): Promise<NotificationDto | null> {
    const [version] = await tx.query<{ id: string }>(
      `SELECT id FROM notification_version WHERE notification_id = $1 AND version = $2`,
      [notice.notificationId, notice.version],
    );
    const text = version ? await this.sealedTexts.open(tx, notice.notificationId, version.id) : null;
    return text === null ? null : (JSON.parse(text) as NotificationDto);
  }

  /** The setting's contacts and its duty desk's officers, by name. Officers who own the notice at a desk are matched likewise. */
  private async exclude(tx: Tx, notice: NoticeEntity, adults: NotificationDto['adults']): Promise<void> {
    const people = [
      ...(notice.settingUrn ? await this.contacts.ofSetting(tx, notice.settingUrn) : []),
      ...(notice.deskId ? await this.contacts.ofDeskId(tx, notice.deskId) : []),
      ...(await this.contacts.ofDesk(tx, notice.authorityCode, 'duty')),
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
  }

  /** A contact was added or renamed: the open notices of that setting or desk are looked through again. */
  async contactChanged(tx: Tx, contactId: string): Promise<void> {
    const open = await tx.query<{ id: string }>(
      `SELECT n.id FROM notice n JOIN contact c ON c.id = $1
       WHERE n.state = ANY($2) AND (n.setting_urn = c.setting_urn OR n.desk_id = c.desk_id OR EXISTS (
         SELECT 1 FROM desk d WHERE d.id = c.desk_id AND d.authority_code = n.authority_code)) ORDER BY n.id`,
      [contactId, OPEN_STATES],
    );
    for (const { id } of open) {
      const notice = await this.notices.lock(tx, id);
      const notification = await this.read(tx, notice);
      if (notification) await this.exclude(tx, notice, notification.adults);
    }
  }
}
