import { Injectable } from '@nestjs/common';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { RetryAt } from '../jobs/job-handler.js';
import { Seldom } from '../jobs/seldom.js';
import { Together } from '../jobs/together.js';
import { writeWhileHeld } from '../jobs/write-while-held.js';
import {
  CLAIM_LEASE_SECONDS,
  ClaimMailing,
  type Claim,
  type Claimed,
  type Wanted,
} from './claim-mailing.service.js';
import { DeliveryEvents } from './delivery-events.js';
import { mailText } from './domain/mail-text.js';
import { smsText } from './domain/sms-text.js';
import { MailError } from './mail-sender.js';
import { MailingOutcome } from './mailing-outcome.service.js';
import { MessagesRepository } from './messages.repository.js';
import { OtherChannel } from './other-channel.service.js';
import { Providers } from './providers.js';
import { PublicUrl } from './public-url.js';
import type { ProviderName } from './domain/authority-sender.js';
import type { Channel } from './domain/recipient.js';

const SENDER = systemActor('sender');
/** Domain time after which a message stands in a line, not merely between two steps. */
const WAITED_MILLISECONDS = 10_000;
const LINE_AT_ONCE = 100;

/** Sends whatever is pending for one contact and channel as one mailing. */
@Injectable()
export class SendMailing {
  /** Mailings that this process is sending now; whoever claimed any other one may be dead. */
  private readonly inHand = new Set<string>();
  /** Providers that this process has complained about. */
  private readonly complained = new Set<ProviderName>();
  private readonly line = new Seldom(5_000);
  private readonly claiming = new Together<Wanted, Claimed>((wanted) =>
    this.claimMany(wanted, 'skip-locked'),
  );
  private readonly accepted: Together<{ mailing: Claim; providerId: string }, undefined>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly claims: ClaimMailing,
    private readonly outcome: MailingOutcome,
    private readonly messages: MessagesRepository,
    private readonly otherChannel: OtherChannel,
    private readonly events: DeliveryEvents,
    private readonly providers: Providers,
    private readonly publicUrl: PublicUrl,
  ) {
    this.accepted = new Together(async (answers) => {
      await database.transaction(SENDER, (tx) => outcome.acceptedMany(tx, answers));
      return answers.map(() => undefined);
    });
  }

  /**
   * Claims (a transaction), sends (the network), records the answer (a transaction). Nothing is claimed for a notice that was
   * acknowledged before the claim; what is acknowledged between claim and answer is a crossed message.
   * @throws MailError transient, to be tried again; RetryAt while the provider is down, or while another sender's claim, perhaps
   * a dead one's, still holds
   */
  async run(contactId: string, channel: Channel): Promise<void> {
    const mailingId = newId();
    const heldUntil = new Date(this.clock.realNow().getTime() + CLAIM_LEASE_SECONDS * 1_000);
    this.inHand.add(mailingId);
    try {
      const answer = await this.claim({ mailingId, contactId, channel });
      if (answer.kind === 'claim') {
        await this.deliver(answer.claim, heldUntil).finally(() => this.tellTheLine(answer.claim));
      } else if (answer.kind === 'held') throw new RetryAt(answer.retryAt);
      else if (answer.kind === 'provider-down') {
        await this.database.transaction(SENDER, (tx) => this.tellAnotherWay(tx, contactId, channel));
        throw new RetryAt(answer.retryAt);
      }
    } finally {
      this.inHand.delete(mailingId);
    }
  }

  /** In company first; where somebody has one of the notices in hand, alone, and waiting for it. */
  private async claim(wanted: Wanted): Promise<Claimed> {
    const answer = await this.claiming.ask(wanted);
    if (answer.kind !== 'busy') return answer;
    const [alone] = await this.claimMany([wanted], 'wait');
    if (!alone || alone.kind === 'busy') throw new Error('a notice of a message cannot be locked');
    return alone;
  }

  private claimMany(wanted: readonly Wanted[], taken: 'wait' | 'skip-locked'): Promise<Claimed[]> {
    return this.database.transaction(SENDER, (tx) => this.claims.run(tx, wanted, this.inHand, taken));
  }

  /** The attempts are used up: what was tried and not accepted has failed, and its rungs may be lost. */
  async giveUp(tx: Tx, contactId: string, channel: Channel): Promise<void> {
    const rungs = await this.messages.giveUp(tx, contactId, channel);
    await this.outcome.recordLost(tx, contactId, 'EXHAUSTED', rungs);
    await this.outcome.advanceIfLost(tx, rungs);
  }

  /** A yes that is not on record would be sent once more when the claim ends: it is written as soon as PostgreSQL is back. */
  private record(heldUntil: Date, write: (tx: Tx) => Promise<void>): Promise<void> {
    return writeWhileHeld(this.clock, heldUntil, () => this.database.transaction(SENDER, write));
  }

  private async deliver(claim: Claim, heldUntil: Date): Promise<void> {
    let providerId: string;
    try {
      ({ providerId } = await this.send(claim));
    } catch (error) {
      const fault =
        error instanceof MailError ? error : new MailError('transient', 'UNKNOWN', { maybeSent: true });
      await this.record(heldUntil, async (tx) => {
        await this.outcome.refused(tx, claim, fault);
        await this.watch(tx, claim);
      });
      if (fault.fault === 'bounced') return;
      throw fault.retryAt ? new RetryAt(fault.retryAt) : fault;
    }
    await writeWhileHeld(this.clock, heldUntil, () => this.accepted.ask({ mailing: claim, providerId }));
    if (this.isTroubled(claim)) await this.database.transaction(SENDER, (tx) => this.watch(tx, claim));
  }

  private isTroubled({ provider }: Claim): boolean {
    return this.complained.has(provider) || this.providers.condition(provider) !== 'well';
  }

  private send(claim: Claim): Promise<{ providerId: string }> {
    const { address: to, mailingId, sender } = claim;
    const signIn = this.publicUrl.to('/sign-in');
    const now = this.clock.now();
    return claim.channel === 'sms'
      ? this.providers.sms.send({ to, mailingId, sender, text: smsText(claim.items, now, signIn) })
      : this.providers.mail.send({ to, mailingId, sender, ...mailText(claim.items, now, signIn) });
  }

  private async tellAnotherWay(tx: Tx, contactId: string, channel: Channel): Promise<void> {
    const waiting = await this.messages.waiting(tx, contactId, channel, this.clock.now());
    const told = await this.otherChannel.queue(tx, contactId, channel, waiting);
    if (!told) await this.complain(tx, await this.claims.providerOf(tx, contactId, channel), waiting.length);
  }

  /** A provider that is not well: who waits for it is told another way; where there is none, a person is told. */
  private async watch(tx: Tx, { provider, contactId, channel }: Claim): Promise<void> {
    if (this.providers.condition(provider) === 'well') {
      if (this.complained.delete(provider)) await this.events.mended(tx, 'provider-down', provider);
      return;
    }
    const waiting = await this.messages.waiting(tx, contactId, channel, this.clock.now());
    if (!(await this.otherChannel.queue(tx, contactId, channel, waiting))) {
      await this.complain(tx, provider, waiting.length);
    }
  }

  /** Behind a slow or silent provider a line forms: those in it need not wait for their turn to be told another way. */
  private async tellTheLine({ provider, channel }: Claim): Promise<void> {
    if (this.providers.condition(provider) === 'well' || !this.line.now()) return;
    const contacts = await this.database.transaction(SENDER, (tx) => {
      const now = this.clock.now();
      const before = new Date(now.getTime() - WAITED_MILLISECONDS);
      return this.messages.contactsWaiting(tx, channel, now, before, LINE_AT_ONCE);
    });
    for (const contactId of contacts) {
      await this.database.transaction(SENDER, async (tx) => {
        const own = await this.claims.providerOf(tx, contactId, channel);
        if (this.providers.condition(own) === 'well') return;
        await this.tellAnotherWay(tx, contactId, channel);
      });
    }
  }

  private async complain(tx: Tx, provider: ProviderName, waiting: number): Promise<void> {
    this.complained.add(provider);
    await this.events.troubled(tx, 'provider-down', provider, { waiting });
  }
}
