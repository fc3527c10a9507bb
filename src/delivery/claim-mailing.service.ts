import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { present } from '../common/present.js';
import type { Tx } from '../database/database.js';
import { RetryAt } from '../jobs/job-handler.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import type { AuthoritySender, ProviderName } from './domain/authority-sender.js';
import type { MailItem } from './domain/mail-text.js';
import { purposeOf, stillWanted } from './domain/purpose.js';
import type { Channel } from './domain/recipient.js';
import { MailError } from './mail-sender.js';
import { MailingOutcome } from './mailing-outcome.service.js';
import { MailingsRepository } from './mailings.repository.js';
import { MessagesRepository, type PendingMessage } from './messages.repository.js';
import { OtherChannel } from './other-channel.service.js';
import { Providers } from './providers.js';

/** How long a claim holds: a sender that died is taken over after this. Above the sender's own total timeout of 60 s. */
export const CLAIM_LEASE_SECONDS = 120;

export interface Claim {
  mailingId: string;
  contactId: string;
  channel: Channel;
  provider: ProviderName;
  sender: AuthoritySender | null;
  address: string;
  items: MailItem[];
  /** Locked before the messages, by every transaction that touches both. */
  noticeIds: string[];
}

/** The provider is known to be down, and no probe is due: nothing was claimed. */
export class ProviderHeld extends Error {
  constructor(readonly retryAt: Date) {
    super('the provider is down');
    this.name = 'ProviderHeld';
  }
}

/** Decides, under the notices' locks, what one mailing carries. */
@Injectable()
export class ClaimMailing {
  constructor(
    private readonly clock: Clock,
    private readonly messages: MessagesRepository,
    private readonly mailings: MailingsRepository,
    private readonly notices: Notices,
    private readonly outcome: MailingOutcome,
    private readonly otherChannel: OtherChannel,
    private readonly providers: Providers,
  ) {}

  /**
   * @param inHand mailings that this process is sending now; whoever claimed any other one may be dead
   * @throws RetryAt while another sender's claim, perhaps a dead one's, still holds; ProviderHeld
   */
  async run(
    tx: Tx,
    mailingId: string,
    contactId: string,
    channel: Channel,
    inHand: readonly string[],
  ): Promise<Claim | null> {
    const now = this.clock.now();
    const realNow = this.clock.realNow();
    const noticeIds = await this.messages.noticesToClaim(tx, contactId, channel, now, realNow);
    if (noticeIds.length === 0) {
      const heldUntil = await this.messages.heldUntil(tx, contactId, channel, inHand);
      // Done now would be done for ever: nobody would look again when that claim runs out.
      if (heldUntil) throw new RetryAt(new Date(heldUntil.getTime() + 1));
      return null;
    }
    const contact = present(await this.mailings.contact(tx, contactId, channel), 'the contact of a message');
    const provider = this.providers.providerOf(channel, contact.sender);
    const retryAt = this.providers.heldUntil(provider);
    if (retryAt && contact.address) throw new ProviderHeld(retryAt);
    const notices = new Map(
      (await this.notices.lockMany(tx, noticeIds)).map((notice) => [notice.id, notice]),
    );
    const found = await this.messages.lockClaimable(tx, noticeIds, contactId, channel, now, realNow);
    const toSend = await this.sift(tx, found, notices);
    if (toSend.length === 0) return null;
    const leaseUntil = new Date(realNow.getTime() + CLAIM_LEASE_SECONDS * 1_000);
    const repeated = toSend.some((message) => message.repeated);
    const mailing = {
      id: mailingId,
      contactId,
      channel,
      provider,
      messages: toSend.length,
      claimedAt: now,
      repeated,
    };
    await this.mailings.claim(tx, mailing);
    await this.messages.claim(
      tx,
      mailingId,
      leaseUntil,
      toSend.map((message) => message.id),
    );
    const claim: Claim = {
      mailingId,
      contactId,
      channel,
      provider,
      sender: contact.sender,
      address: contact.address ?? '',
      items: itemsOf(toSend, notices),
      noticeIds: [...new Set(toSend.map((message) => message.noticeId))],
    };
    if (contact.address) {
      // Slow is as bad as down for whoever waits; what arrives twice in two ways is the smaller harm.
      if (this.providers.condition(provider) !== 'well')
        await this.otherChannel.queue(tx, contactId, channel, toSend);
      return claim;
    }
    // The address went bad after the rung was planned: as good as a bounce.
    await this.outcome.refused(tx, claim, new MailError('bounced', 'NO-ADDRESS'));
    return null;
  }

  async providerOf(tx: Tx, contactId: string, channel: Channel): Promise<ProviderName> {
    const contact = await this.mailings.contact(tx, contactId, channel);
    return this.providers.providerOf(channel, contact?.sender);
  }

  /** What is no longer wanted is suppressed on the spot. */
  private async sift(
    tx: Tx,
    found: readonly PendingMessage[],
    notices: ReadonlyMap<string, NoticeEntity>,
  ): Promise<PendingMessage[]> {
    const current = (message: PendingMessage): boolean => {
      const notice = notices.get(message.noticeId);
      return (
        notice !== undefined &&
        notice.generation === message.generation &&
        stillWanted(message.rung, notice.state)
      );
    };
    const wanted = (message: PendingMessage): boolean =>
      current(message) && !message.excluded && !message.needless;
    const unwanted = found.filter((message) => !wanted(message));
    await this.messages.suppress(
      tx,
      unwanted.map((message) => message.id),
    );
    // Excluded since the rung fired: where it told nobody else, the next one must not wait.
    await this.outcome.advanceIfLost(
      tx,
      unwanted.filter((message) => current(message) && message.excluded),
    );
    return found.filter(wanted);
  }
}

function itemsOf(
  messages: readonly PendingMessage[],
  notices: ReadonlyMap<string, NoticeEntity>,
): MailItem[] {
  const byNotice = new Map(messages.map((message) => [message.noticeId, message]));
  return [...byNotice.values()].map((message) => {
    const notice = present(notices.get(message.noticeId), 'the notice of a claimed message');
    const purpose = purposeOf(message.rung);
    const dueAt = {
      read: notice.acknowledgeBy,
      place: notice.placeBy,
      act: notice.actionBy,
      'in-school': null,
      'follow-up': null,
    }[purpose];
    return { reference: notice.reference, purpose, dueAt, test: notice.test };
  });
}
