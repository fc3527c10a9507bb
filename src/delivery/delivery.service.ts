import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import { NoticeReactions, type NoticeReaction } from '../notices/notice-reactions.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { mistakesInMessages } from './domain/message-state.js';
import { FOLLOW_UP_RUNGS, stillWanted } from './domain/purpose.js';
import type { Channel, Recipient } from './domain/recipient.js';
import { MessagesRepository } from './messages.repository.js';
import { SmsSender } from './sms-sender.js';

/** Queues messages for a notice, and takes back what nobody has claimed when the notice no longer needs them. */
@Injectable()
export class DeliveryService implements OnModuleInit, NoticeReaction {
  readonly feature = 'delivery';

  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly messages: MessagesRepository,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly sms: SmsSender,
  ) {}

  /** @throws Error naming the mistakes of the table by which messages live */
  onModuleInit(): void {
    const mistakes = mistakesInMessages();
    if (mistakes.length > 0) throw new Error(mistakes.join(' '));
    this.reactions.register(this);
  }

  /** Ways to reach somebody that this installation can really use. */
  channels(): readonly Channel[] {
    return this.sms.available() ? ['email', 'sms'] : ['email'];
  }

  /**
   * One row per (notice, generation, rung, contact, channel), and a sender's job for each contact and channel.
   * @returns false when every one of these rows was there already, or nobody is to be told
   */
  async queue(
    tx: Tx,
    message: { noticeId: string; generation: number; rung: string },
    recipients: readonly Recipient[],
  ): Promise<boolean> {
    if (recipients.length === 0) return false;
    const added = await this.messages.add(tx, { ...message, createdAt: this.clock.now() }, recipients);
    await this.outbox.addMany(
      tx,
      recipients.map((recipient) => ({
        name: 'delivery.send' as const,
        payload: { contactId: recipient.contactId, channel: recipient.channel },
        dueAt: recipient.notBefore,
      })),
    );
    return added > 0;
  }

  /** A new generation of the same setting's ladder: what a fired rung has not sent yet is still wanted. */
  carryOver(tx: Tx, noticeId: string, from: number, to: number): Promise<void> {
    return this.messages.carryOver(tx, noticeId, from, to);
  }

  /** Everybody for whom a message about this notice was ever made and not taken back, lost or refused. */
  contactsTold(tx: Tx, noticeId: string): Promise<Set<string>> {
    return this.messages.contactsTold(tx, noticeId);
  }

  acknowledged(tx: Tx, notice: NoticeEntity): Promise<void> {
    return this.takeBack(tx, notice);
  }

  async placedByDesk(): Promise<void> {}

  async handedBack(): Promise<void> {}

  withdrawn(tx: Tx, notice: NoticeEntity): Promise<void> {
    return this.takeBack(tx, notice);
  }

  async handedOn(): Promise<void> {}

  actioned(tx: Tx, notice: NoticeEntity): Promise<void> {
    return this.takeBack(tx, notice);
  }

  async ownedBySetting(): Promise<void> {}

  async ownedByDesk(): Promise<void> {}

  private async takeBack(tx: Tx, notice: NoticeEntity): Promise<void> {
    // A task may outlive the support decision, and the version that it came from.
    const spared = stillWanted(FOLLOW_UP_RUNGS, notice.state) ? FOLLOW_UP_RUNGS : null;
    const { suppressed, crossed } = await this.messages.suppressUnclaimed(tx, notice.id, spared);
    if (crossed > 0) await this.notices.update(tx, notice, { crossed: notice.crossed + crossed });
    if (suppressed + crossed > 0) {
      await this.audit.record(tx, {
        action: 'message.suppressed',
        noticeId: notice.id,
        notificationId: notice.notificationId,
        settingUrn: notice.settingUrn,
        authorityCode: notice.authorityCode,
        detail: { suppressed, crossed },
      });
    }
  }
}
