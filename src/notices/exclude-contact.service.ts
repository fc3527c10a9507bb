import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { NotFound } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { Vouching } from '../directory/vouching.service.js';
import { Outbox } from '../jobs/outbox.js';
import { ExclusionRows, type PossibleReader } from './exclusions.repository.js';
import { HandOn } from './hand-on.service.js';
import { Notices } from './notices.service.js';

export type { PossibleReader } from './exclusions.repository.js';

export interface NoticeReaders {
  reference: string;
  testNotice: boolean;
  readers: PossibleReader[];
}

/**
 * An officer says that somebody must not know of an incident: a party to it, or a relation. From that moment they see none of its
 * notices in any post, and nothing is sent to them: messages that wait are dropped when they would be claimed, and a rung that told
 * nobody else moves on. Nobody at the setting is told that this was done, or that there is anything to see.
 */
@Injectable()
export class ExcludeContact {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly rows: ExclusionRows,
    private readonly handOn: HandOn,
    private readonly vouching: Vouching,
  ) {}

  /** @throws NotFound outside the officer's authority */
  async readers(officer: Actor, officerContactId: string, noticeId: string): Promise<NoticeReaders> {
    return this.database.transaction(officer, async (tx) => {
      const notice = await this.notices.find(tx, noticeId);
      const readers = await this.rows.possibleReaders(tx, noticeId);
      await this.audit.record(tx, {
        action: 'desk.read',
        noticeId,
        notificationId: notice.notificationId,
        authorityCode: notice.authorityCode,
        contactId: officerContactId,
        detail: { readers: readers.length },
      });
      return { reference: notice.reference, testNotice: notice.test, readers };
    });
  }

  /**
   * @returns who looks after the notice now, when it was in the hands of the one who may not see it; null otherwise
   * @throws NotFound outside the officer's authority, or for a contact who could not read the notice anyway
   */
  async run(
    officer: Actor,
    officerContactId: string,
    noticeId: string,
    contactId: string,
  ): Promise<{ handedTo: string | null; wasOwner: boolean }> {
    return this.database.transaction(officer, async (tx) => {
      const { notificationId } = await this.notices.find(tx, noticeId);
      const known = await this.rows.possibleReaders(tx, noticeId);
      if (!known.some((reader) => reader.contactId === contactId)) throw new NotFound();
      return tx.asSystem(() => this.exclude(tx, officerContactId, noticeId, notificationId, contactId));
    });
  }

  private async exclude(
    tx: Tx,
    officerContactId: string,
    noticeId: string,
    notificationId: string,
    contactId: string,
  ): Promise<{ handedTo: string | null; wasOwner: boolean }> {
    const notices = await this.notices.lockMany(tx, await this.rows.ofIncident(tx, notificationId));
    const ids = notices.map(({ id }) => id);
    const added = await this.rows.exclude(tx, ids, contactId, this.clock.now());
    for (const one of added) {
      const notice = notices.find(({ id }) => id === one.noticeId);
      await this.audit.record(tx, {
        action: 'notice.contact-excluded',
        noticeId: one.noticeId,
        notificationId,
        authorityCode: notice?.authorityCode ?? null,
        contactId: one.contactId,
        detail: { why: 'by-person', by: officerContactId },
      });
    }
    await this.vouching.settle(tx, ids);
    const contacts = new Set(added.map((one) => one.contactId));
    const urns = new Set(notices.flatMap(({ settingUrn }) => settingUrn ?? []));
    for (const urn of urns) await this.outbox.add(tx, 'directory.cover-changed', { urn });
    for (const { id, chargeContactId } of notices)
      if (chargeContactId) await this.outbox.add(tx, 'desk.charge-ended', { noticeId: id });
    let result = { handedTo: null as string | null, wasOwner: false };
    for (const notice of notices) {
      if (!contacts.has(notice.ownerContactId ?? notice.acknowledgedBy ?? '')) continue;
      const handedTo = (await this.handOn.run(tx, notice))?.name ?? null;
      if (notice.id === noticeId) result = { handedTo, wasOwner: true };
    }
    return result;
  }
}
