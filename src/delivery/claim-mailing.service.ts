import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { present } from '../common/present.js';
import type { Tx } from '../database/database.js';
import { readingDeadline } from '../notices/domain/reading-deadline.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { isAnswered } from '../notices/domain/in-school.js';
import { Notices } from '../notices/notices.service.js';
import type { AuthoritySender, ProviderName } from './domain/authority-sender.js';
import { pairOf, type ContactChannel } from './domain/contact-channel.js';
import type { MailItem } from './domain/mail-text.js';
import { purposeOf, stillWanted, taskOf } from './domain/purpose.js';
import type { Channel } from './domain/recipient.js';
import { MailError } from './mail-sender.js';
import { MailingOutcome } from './mailing-outcome.service.js';
import { MailingsRepository, type ContactForSending, type NewMailing } from './mailings.repository.js';
import { MessagesRepository, type PendingMessage } from './messages.repository.js';
import { OtherChannel } from './other-channel.service.js';
import { Providers } from './providers.js';

/** How long a claim holds: a sender that died is taken over after this. Above the sender's own total timeout of 60 s. */
export const CLAIM_LEASE_SECONDS = 120;

const AFTER_PROBE_MILLISECONDS = 2_000;

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

/** A sender that wants whatever is pending for one contact and channel, as one mailing. */
export interface Wanted extends ContactChannel {
  mailingId: string;
}

/**
 * `nothing`: nobody waits for anything. `held`: another sender's claim, perhaps a dead one's, still holds until then.
 * `provider-down`: nothing was claimed, and no probe is due before then. `busy`: somebody else has one of its notices in hand; only
 * in company, where nobody is waited for.
 */
export type Claimed =
  | { kind: 'claim'; claim: Claim }
  | { kind: 'nothing' }
  | { kind: 'held'; retryAt: Date }
  | { kind: 'provider-down'; retryAt: Date }
  | { kind: 'busy' };

/** Decides, under the notices' locks, what mailings carry. */
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
   * Several, in one go, take as many statements as one.
   *
   * @param inHand mailings that this process is sending now; whoever claimed any other one may be dead. Those wanted here are left
   * out: what already carries their ids was claimed by a transaction whose answer was lost, and nobody sends it.
   * @param taken what to do where somebody else has a notice in hand: in company nobody is waited for, because one held-up
   * notice must not hold up the mails of others
   * @returns an answer for each, in order
   */
  async run(
    tx: Tx,
    wanted: readonly Wanted[],
    inHand: ReadonlySet<string>,
    taken: 'wait' | 'skip-locked',
  ): Promise<Claimed[]> {
    const others = [...inHand].filter((id) => wanted.every(({ mailingId }) => mailingId !== id));
    const now = this.clock.now();
    const realNow = this.clock.realNow();
    const claimable = await this.messages.noticesToClaim(tx, wanted, now, realNow);
    const idle = wanted.filter((one) => !claimable.has(pairOf(one)));
    const held = await this.messages.heldUntil(tx, idle, others);
    const contacts = await this.mailings.contacts(
      tx,
      wanted.filter((one) => claimable.has(pairOf(one))),
    );
    const seen = new Set<string>();
    const probed = new Set<ProviderName>();
    const answers = new Map<Wanted, Claimed>();
    for (const one of wanted) {
      const pair = pairOf(one);
      const heldUntil = held.get(pair);
      // Done now would be done for ever: nobody would look again when that claim runs out.
      if (heldUntil) answers.set(one, { kind: 'held', retryAt: after(heldUntil) });
      else if (!claimable.has(pair) || seen.has(pair)) answers.set(one, { kind: 'nothing' });
      else {
        const contact = present(contacts.get(pair), 'the contact of a message');
        const provider = this.providers.providerOf(one.channel, contact.sender);
        const retryAt = this.providers.heldUntil(provider) ?? this.afterProbe(provider, probed, realNow);
        if (retryAt && contact.address) answers.set(one, { kind: 'provider-down', retryAt });
        else seen.add(pair);
      }
    }
    const open = wanted.filter((one) => !answers.has(one));
    const noticeIds = new Set(open.flatMap((one) => claimable.get(pairOf(one)) ?? []));
    const notices = new Map(
      (await this.notices.lockMany(tx, [...noticeIds], taken)).map((notice) => [notice.id, notice]),
    );
    const free = open.filter((one) => (claimable.get(pairOf(one)) ?? []).every((id) => notices.has(id)));
    for (const one of open) if (!free.includes(one)) answers.set(one, { kind: 'busy' });
    const claims = await this.claim(tx, free, { claimable, notices, contacts, now, realNow });
    // Somebody was quicker while we waited for the notice: their claim, too, may be a dead one's.
    const gone = [...claims].flatMap(([one, claim]) => (claim ? [] : one));
    const heldNow = await this.messages.heldUntil(tx, gone, others);
    for (const [one, claim] of claims) {
      const heldUntil = heldNow.get(pairOf(one));
      if (claim) answers.set(one, { kind: 'claim', claim });
      else if (heldUntil) answers.set(one, { kind: 'held', retryAt: after(heldUntil) });
    }
    return wanted.map((one) => answers.get(one) ?? { kind: 'nothing' });
  }

  /** Where a provider that is down may be asked again, one mailing asks it; the others of the batch come a little later. */
  private afterProbe(provider: ProviderName, probed: Set<ProviderName>, realNow: Date): Date | null {
    if (this.providers.condition(provider) !== 'down') return null;
    if (probed.has(provider)) return new Date(realNow.getTime() + AFTER_PROBE_MILLISECONDS);
    probed.add(provider);
    return null;
  }

  private async claim(tx: Tx, wanted: readonly Wanted[], known: Known): Promise<Map<Wanted, Claim | null>> {
    const { claimable, notices, contacts, now, realNow } = known;
    const claims = new Map<Wanted, Claim | null>();
    if (wanted.length === 0) return claims;
    const noticeIds = wanted.flatMap((one) => claimable.get(pairOf(one)) ?? []);
    const found = await this.messages.lockClaimable(tx, wanted, noticeIds, now, realNow);
    const toSend = await this.sift(tx, found, notices);
    const leaseUntil = new Date(realNow.getTime() + CLAIM_LEASE_SECONDS * 1_000);
    const mailings: NewMailing[] = [];
    const carried: { id: string; mailingId: string }[] = [];
    for (const one of wanted) {
      const contact = present(contacts.get(pairOf(one)), 'the contact of a message');
      const own = toSend.filter((message) => pairOf(message) === pairOf(one));
      if (own.length === 0) {
        claims.set(one, null);
        continue;
      }
      const provider = this.providers.providerOf(one.channel, contact.sender);
      const repeated = own.some((message) => message.repeated);
      const test = own.every(({ noticeId }) => notices.get(noticeId)?.test);
      mailings.push({ ...one, provider, address: contact.address, messages: own.length, repeated, test });
      carried.push(...own.map(({ id }) => ({ id, mailingId: one.mailingId })));
      claims.set(one, {
        ...one,
        provider,
        sender: contact.sender,
        address: contact.address ?? '',
        items: itemsOf(own, notices, now),
        noticeIds: [...new Set(own.map((message) => message.noticeId))],
      });
    }
    await this.mailings.claim(tx, mailings, now);
    await this.messages.claim(tx, carried, leaseUntil);
    for (const [one, claim] of claims) {
      if (!claim) continue;
      if (claim.address) await this.tellAnotherWay(tx, claim, toSend);
      else {
        // The address went bad after the rung was planned: as good as a bounce.
        await this.outcome.refused(tx, claim, new MailError('bounced', 'NO-ADDRESS'));
        claims.set(one, null);
      }
    }
    return claims;
  }

  /** Slow is as bad as down for whoever waits; what arrives twice in two ways is the smaller harm. */
  private async tellAnotherWay(tx: Tx, claim: Claim, toSend: readonly PendingMessage[]): Promise<void> {
    if (this.providers.condition(claim.provider) === 'well') return;
    const own = toSend.filter((message) => pairOf(message) === pairOf(claim));
    await this.otherChannel.queue(tx, claim.contactId, claim.channel, own);
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
        stillWanted(message.rung, notice.state) &&
        !(purposeOf(message.rung) === 'in-school' && isAnswered(notice))
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

function after(instant: Date): Date {
  return new Date(instant.getTime() + 1);
}

interface Known {
  claimable: ReadonlyMap<string, readonly string[]>;
  notices: ReadonlyMap<string, NoticeEntity>;
  contacts: ReadonlyMap<string, ContactForSending>;
  now: Date;
  realNow: Date;
}

function itemsOf(
  messages: readonly PendingMessage[],
  notices: ReadonlyMap<string, NoticeEntity>,
  now: Date,
): MailItem[] {
  const byNotice = new Map(messages.map((message) => [message.noticeId, message]));
  return [...byNotice.values()].map((message) => {
    const notice = present(notices.get(message.noticeId), 'the notice of a claimed message');
    const purpose = taskOf(message.rung, notice.settingUrn !== null);
    const dueAt = {
      read: readingDeadline(notice, now),
      place: notice.placeBy,
      act: notice.actionBy,
      'in-school': null,
      ring: null,
      'follow-up': null,
    }[purpose];
    return { reference: notice.reference, purpose, dueAt, test: notice.test };
  });
}
