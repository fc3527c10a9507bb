import { Injectable } from '@nestjs/common';
import { Audit, type AuditAction } from '../../audit/audit.js';
import type { Actor } from '../../common/actor.js';
import { NotFound } from '../../common/errors.js';
import { Database, type Tx } from '../../database/database.js';
import { FollowUps } from '../../escalation/follow-ups.service.js';
import type { NoticeEntity } from '../../notices/notice.entity.js';
import { Notices } from '../../notices/notices.service.js';
import type { FollowUpRecord } from '../presenters/follow-up.presenter.js';
import type { InboxRecord } from '../presenters/inbox.presenter.js';
import type { NoticeContent } from '../presenters/notice-content.js';
import type { NoticeRecord } from '../presenters/notice.presenter.js';
import type { GuidanceTexts } from '../presenters/notice.view-model.js';
import { FollowUpLists } from './follow-up-lists.repository.js';
import { NoticeContents, type DisclosedContent } from './notice-content.service.js';
import { SchoolNotices } from './school-notices.repository.js';

export interface OpenedNotice {
  record: NoticeRecord;
  content: NoticeContent;
  previous: NoticeContent | null;
  guidance: GuidanceTexts;
}

/** What a school's people read, each look on the record with the version and the disclosure profile they were shown. */
@Injectable()
export class SchoolReading {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly schoolNotices: SchoolNotices,
    private readonly contents: NoticeContents,
    private readonly followUps: FollowUps,
    private readonly followUpLists: FollowUpLists,
  ) {}

  async inbox(
    actor: Actor,
    urn: string,
    now: Date,
  ): Promise<{ records: InboxRecord[]; followUps: FollowUpRecord[] }> {
    return this.database.transaction(actor, async (tx) => {
      const records = await this.schoolNotices.inbox(tx, urn, now);
      const followUps = await this.followUpLists.ofSetting(tx, urn, now);
      await this.audit.record(tx, {
        action: 'inbox.read',
        settingUrn: urn,
        detail: { notices: records.length, followUps: followUps.length },
      });
      return { records, followUps };
    });
  }

  /** How many open follow-ups end when the notice is handed back; 0 of one that the actor cannot see. */
  async openFollowUps(actor: Actor, noticeId: string): Promise<number> {
    return this.database.transaction(actor, (tx) => this.followUps.openWith(tx, noticeId));
  }

  /** @throws NotFound for a notice of another setting, a handed-back one, or one the reader must not know of */
  async cover(
    actor: Actor,
    contactId: string,
    noticeId: string,
  ): Promise<{ record: NoticeRecord; content: NoticeContent }> {
    return this.database.transaction(actor, async (tx) => {
      const { notice, disclosed } = await this.find(tx, noticeId);
      await this.recordLook(tx, 'notice.cover-shown', notice, disclosed, contactId);
      return { record: await this.schoolNotices.record(tx, notice, contactId), content: disclosed.content };
    });
  }

  /** "Our pupil: open": from now on this person sees the narrative. */
  async open(actor: Actor, contactId: string, noticeId: string): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      const { notice, disclosed } = await this.find(tx, noticeId);
      await this.recordLook(tx, 'notice.opened', notice, disclosed, contactId);
    });
  }

  /** @returns null when this person has not opened it from its cover */
  async read(actor: Actor, contactId: string, noticeId: string): Promise<OpenedNotice | null> {
    return this.database.transaction(actor, async (tx) => {
      const { notice, disclosed } = await this.find(tx, noticeId);
      if (!(await this.schoolNotices.hasOpened(tx, noticeId))) return null;
      await this.recordLook(tx, 'notice.read', notice, disclosed, contactId);
      const before = await this.schoolNotices.previousVersion(tx, notice);
      const previous = before === null ? null : await this.contents.forRecipient(tx, notice, before);
      return {
        record: await this.schoolNotices.record(tx, notice, contactId),
        content: disclosed.content,
        previous: previous?.content ?? null,
        guidance: await this.schoolNotices.guidance(tx, notice.authorityCode),
      };
    });
  }

  private async find(
    tx: Tx,
    noticeId: string,
  ): Promise<{ notice: NoticeEntity; disclosed: DisclosedContent }> {
    const notice = await this.notices.find(tx, noticeId);
    // A notice that was handed back is withdrawn from the school's view; what was superseded can still be read.
    if (notice.state === 'redirected' || !notice.settingUrn) throw new NotFound();
    if (notice.state === 'retracted') {
      throw new NotFound(notice.test ? 'This test has ended.' : 'The police have withdrawn this notice.');
    }
    const disclosed = await this.contents.forRecipient(tx, notice);
    if (!disclosed) throw new NotFound('The text of this notice was erased as its retention time ended.');
    return { notice, disclosed };
  }

  private async recordLook(
    tx: Tx,
    action: Extract<AuditAction, 'notice.cover-shown' | 'notice.opened' | 'notice.read'>,
    notice: NoticeEntity,
    disclosed: DisclosedContent,
    contactId: string,
  ): Promise<void> {
    await this.audit.record(tx, {
      action,
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
      contactId,
      detail: { version: notice.version, profile: disclosed.profile },
    });
  }
}
