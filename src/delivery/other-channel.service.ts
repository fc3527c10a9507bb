import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import { Notices } from '../notices/notices.service.js';
import { FiredRungs } from './fired-rungs.repository.js';
import { stillWanted } from './domain/purpose.js';
import type { Channel } from './domain/recipient.js';
import { textMessageAt } from './domain/text-message-at.js';
import { KeptFrom } from './kept-from.repository.js';
import { MailingsRepository } from './mailings.repository.js';
import { MessagesRepository, type MessageRung } from './messages.repository.js';
import { Providers } from './providers.js';

const OTHER: Readonly<Record<Channel, Channel>> = { email: 'sms', sms: 'email' };

/** Tells the same person another way, before the deadline, when the first way is down, slow, or has lost the message. */
@Injectable()
export class OtherChannel {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly messages: MessagesRepository,
    private readonly firedRungs: FiredRungs,
    private readonly mailings: MailingsRepository,
    private readonly notices: Notices,
    private readonly keptFrom: KeptFrom,
    private readonly providers: Providers,
  ) {}

  /**
   * Queues a message row of its own on the other channel for each message that the notice still wants; where the plan has told
   * this person on both channels anyway, nothing is added. It is dropped when the first one arrives after all.
   *
   * @param messages on locked notices
   * @returns false when this person has no other way, for one of them at least: a shared address may be somebody's who must not know
   */
  async queue(
    tx: Tx,
    contactId: string,
    channel: Channel,
    messages: readonly MessageRung[],
  ): Promise<boolean> {
    if (messages.length === 0) return true;
    const other = OTHER[channel];
    if (other === 'sms' && !this.providers.sms.available()) return false;
    const contact = await this.mailings.contact(tx, contactId, other);
    if (!contact?.address) return false;
    if (this.providers.condition(this.providers.providerOf(other, contact.sender)) === 'down') return false;
    const now = this.clock.now();
    const notices = new Map(
      (
        await this.notices.lockMany(
          tx,
          messages.map(({ noticeId }) => noticeId),
        )
      ).map((notice) => [notice.id, notice]),
    );
    const kept = await this.keptFrom.of(tx, { contactId, channel: other }, [...notices.keys()]);
    let hasAnother = true;
    for (const message of messages) {
      const notice = notices.get(message.noticeId);
      if (!notice || notice.generation !== message.generation || !stillWanted(message.rung, notice.state))
        continue;
      if (await this.firedRungs.told(tx, message, contactId, other)) continue;
      if (kept.has(notice.id)) {
        hasAnother = false;
        continue;
      }
      const notBefore = other === 'sms' ? textMessageAt(now, notice) : now;
      const key = { ...message, createdAt: now, insteadOf: message.id };
      await this.messages.add(tx, key, [{ contactId, channel: other, notBefore }]);
      await this.outbox.add(tx, 'delivery.send', { contactId, channel: other }, { dueAt: notBefore });
      await this.audit.record(tx, {
        action: 'message.other-channel',
        noticeId: notice.id,
        notificationId: notice.notificationId,
        settingUrn: notice.settingUrn,
        authorityCode: notice.authorityCode,
        contactId,
        detail: { rung: message.rung, generation: message.generation, from: channel, to: other },
      });
    }
    return hasAnother;
  }
}
