import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { present } from '../common/present.js';
import { Database, type Tx } from '../database/database.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { RetryAt } from '../jobs/job-handler.js';
import { DeliveryEvents } from './delivery-events.js';
import { mailText, type MailItem } from './domain/mail-text.js';
import { purposeOf, stillWanted } from './domain/purpose.js';
import { MailError, MailSender } from './mail-sender.js';
import type { Channel } from './domain/recipient.js';
import { MessagesRepository, type PendingMessage } from './messages.repository.js';
import { PublicUrl } from './public-url.js';

/** How long a claim holds: a sender that died is taken over after this. Above the sender's own total timeout of 60 s. */
export const CLAIM_LEASE_SECONDS = 120;

const SENDER = systemActor('sender');

interface Claim {
  mailingId: string;
  address: string;
  items: MailItem[];
  /** Locked before the messages, by every transaction that touches both. */
  noticeIds: string[];
}

/** Sends whatever is pending for one contact and channel as one mailing. */
@Injectable()
export class SendMailing {
  /** Mailings that this process is sending now; whoever claimed any other one may be dead. */
  private readonly inHand = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly messages: MessagesRepository,
    private readonly notices: Notices,
    private readonly events: DeliveryEvents,
    private readonly mail: MailSender,
    private readonly publicUrl: PublicUrl,
  ) {}

  /**
   * Claims (a transaction), sends (the network), records the answer (a transaction). Nothing is claimed for a notice that was
   * acknowledged before the claim; what is acknowledged between claim and answer is a crossed message.
   * @throws MailError transient, to be tried again; RetryAt while another sender's claim, perhaps a dead one's, still holds
   */
  async run(contactId: string, channel: Channel): Promise<void> {
    const mailingId = newId();
    this.inHand.add(mailingId);
    try {
      const claim = await this.database.transaction(SENDER, (tx) =>
        this.claim(tx, mailingId, contactId, channel),
      );
      if (claim) await this.deliver(claim, contactId);
    } finally {
      this.inHand.delete(mailingId);
    }
  }

  private async deliver(claim: Claim, contactId: string): Promise<void> {
    let providerId: string;
    try {
      const mail = mailText(claim.items, this.clock.now(), this.publicUrl.to('/sign-in'));
      ({ providerId } = await this.mail.send({ to: claim.address, mailingId: claim.mailingId, ...mail }));
    } catch (error) {
      const fault = error instanceof MailError ? error : new MailError('transient', 'UNKNOWN');
      await this.database.transaction(SENDER, (tx) => this.refused(tx, claim, contactId, fault));
      if (fault.fault === 'transient') throw fault;
      return;
    }
    await this.database.transaction(SENDER, (tx) => this.accepted(tx, claim, contactId, providerId));
  }

  /** The attempts are used up: what was tried and not accepted has failed, and its rungs may be lost. */
  async giveUp(tx: Tx, contactId: string, channel: Channel): Promise<void> {
    await this.advanceLostRungs(
      tx,
      contactId,
      'EXHAUSTED',
      await this.messages.giveUp(tx, contactId, channel),
    );
  }

  private async claim(tx: Tx, mailingId: string, contactId: string, channel: Channel): Promise<Claim | null> {
    const now = this.clock.now();
    const realNow = this.clock.realNow();
    const noticeIds = await this.messages.noticesToClaim(tx, contactId, channel, now, realNow);
    if (noticeIds.length === 0) {
      const heldUntil = await this.messages.heldUntil(tx, contactId, channel, [...this.inHand]);
      // Done now would be done for ever: nobody would look again when that claim runs out.
      if (heldUntil) throw new RetryAt(new Date(heldUntil.getTime() + 1));
      return null;
    }
    const notices = new Map(
      (await this.notices.lockMany(tx, noticeIds)).map((notice) => [notice.id, notice]),
    );
    const found = await this.messages.lockClaimable(tx, noticeIds, contactId, channel, now, realNow);
    const [address] = await tx.query<{ email: string | null; usable: boolean }>(
      `SELECT email, archived_at IS NULL AND email_bounced_at IS NULL AND email IS NOT NULL AS usable FROM contact WHERE id = $1`,
      [contactId],
    );
    const excluded = await this.excludedFrom(tx, contactId, noticeIds);
    const current = (message: PendingMessage): boolean => {
      const notice = notices.get(message.noticeId);
      return (
        notice !== undefined &&
        notice.generation === message.generation &&
        stillWanted(message.rung, notice.state)
      );
    };
    const wanted = (message: PendingMessage): boolean => current(message) && !excluded.has(message.noticeId);
    const toSend = found.filter(wanted);
    await this.messages.suppress(
      tx,
      found.filter((message) => !wanted(message)).map((message) => message.id),
    );
    // Excluded since the rung fired: where it told nobody else, the next one must not wait.
    await this.advanceIfLost(
      tx,
      found.filter((message) => current(message) && !wanted(message)),
    );
    if (toSend.length === 0) return null;
    const leaseUntil = new Date(realNow.getTime() + CLAIM_LEASE_SECONDS * 1_000);
    const repeated = toSend.some((message) => message.repeated);
    await this.messages.claim(
      tx,
      { id: mailingId, contactId, channel, claimedAt: now, leaseUntil, repeated },
      toSend.map((message) => message.id),
    );
    if (!address?.usable) {
      // The address went bad after the rung was planned: as good as a bounce.
      await this.refused(
        tx,
        { mailingId, address: '', items: [], noticeIds },
        contactId,
        new MailError('bounced', 'NO-ADDRESS'),
      );
      return null;
    }
    return {
      mailingId,
      address: present(address.email, 'the address'),
      items: itemsOf(toSend, notices),
      noticeIds: [...new Set(toSend.map((message) => message.noticeId))],
    };
  }

  private async accepted(tx: Tx, claim: Claim, contactId: string, providerId: string): Promise<void> {
    const now = this.clock.now();
    const notices = await this.notices.lockMany(tx, claim.noticeIds);
    const carried = new Set(await this.messages.accepted(tx, claim.mailingId, providerId, now));
    for (const notice of notices.filter(({ id }) => carried.has(id))) {
      const base = {
        noticeId: notice.id,
        notificationId: notice.notificationId,
        settingUrn: notice.settingUrn,
        authorityCode: notice.authorityCode,
        forceCode: notice.forceCode,
        contactId,
      };
      await this.audit.record(tx, {
        action: 'message.accepted',
        ...base,
        detail: { mailing: claim.mailingId },
      });
      if (notice.deliveredAt) continue;
      if (notice.state === 'routed')
        await this.notices.transition(tx, notice, 'deliver', { deliveredAt: now });
      else await this.notices.update(tx, notice, { deliveredAt: now });
      await this.audit.record(tx, { action: 'notice.delivered', ...base });
    }
  }

  private async refused(tx: Tx, claim: Claim, contactId: string, fault: MailError): Promise<void> {
    const bounced = fault.fault === 'bounced';
    await this.notices.lockMany(tx, claim.noticeIds);
    const rungs = await this.messages.notAccepted(tx, claim.mailingId, {
      mailing: bounced ? 'bounced' : 'failed',
      message: bounced ? 'bounced' : 'pending',
      code: fault.code,
    });
    if (!bounced) return;
    await tx.execute(`UPDATE contact SET email_bounced_at = coalesce(email_bounced_at, $2) WHERE id = $1`, [
      contactId,
      this.clock.now(),
    ]);
    await this.advanceLostRungs(tx, contactId, fault.code, rungs);
  }

  private async advanceLostRungs(
    tx: Tx,
    contactId: string,
    code: string,
    rungs: { noticeId: string; generation: number; rung: string }[],
  ): Promise<void> {
    for (const { noticeId, generation, rung } of rungs) {
      await this.audit.record(tx, {
        action: 'message.failed',
        noticeId,
        contactId,
        detail: { rung, generation, code },
      });
    }
    await this.advanceIfLost(tx, rungs);
  }

  private async advanceIfLost(
    tx: Tx,
    rungs: readonly { noticeId: string; generation: number; rung: string }[],
  ): Promise<void> {
    for (const { noticeId, generation, rung } of rungs) {
      if (await this.messages.rungIsLost(tx, noticeId, generation, rung)) {
        await this.events.rungUndelivered(tx, noticeId, generation, rung);
      }
    }
  }

  private async excludedFrom(tx: Tx, contactId: string, noticeIds: readonly string[]): Promise<Set<string>> {
    const rows = await tx.query<{ notice_id: string }>(
      `SELECT notice_id FROM notice_exclusion WHERE contact_id = $1 AND notice_id = ANY($2)`,
      [contactId, noticeIds],
    );
    return new Set(rows.map((row) => row.notice_id));
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
    }[purpose];
    return { reference: notice.reference, purpose, dueAt, test: notice.test };
  });
}
