import { Injectable } from '@nestjs/common';
import { Audit, type AuditEntry } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import { UNREAD_STATES } from '../notices/domain/state.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { BounceStorms } from './bounce-storms.service.js';
import { DeliveryEvents } from './delivery-events.js';
import type { Channel } from './domain/recipient.js';
import { FiredRungs } from './fired-rungs.repository.js';
import { LateMessages } from './late-messages.service.js';
import type { MailError } from './mail-sender.js';
import { MailingsRepository, type Mailing } from './mailings.repository.js';
import { MessagesRepository, type AcceptedMessage, type MessageRung } from './messages.repository.js';
import { OtherChannel } from './other-channel.service.js';

/** From here on the same person is also told another way. */
const OTHER_CHANNEL_AFTER_ATTEMPTS = 3;
/** A message that nobody took for so long (domain time) has failed, unless its notice still waits to be read in time. */
const FAILED_AFTER_HOURS = 24;

/** The mailing an answer belongs to. */
export interface Answered {
  mailingId: string;
  contactId: string;
  channel: Channel;
  noticeIds: readonly string[];
}

/** Writes down what became of a mailing, and lets the ladder go on where it told nobody. */
@Injectable()
export class MailingOutcome {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly messages: MessagesRepository,
    private readonly mailings: MailingsRepository,
    private readonly notices: Notices,
    private readonly events: DeliveryEvents,
    private readonly otherChannel: OtherChannel,
    private readonly storms: BounceStorms,
    private readonly lateMessages: LateMessages,
    private readonly firedRungs: FiredRungs,
  ) {}

  /** The provider said yes. A report that was quicker has written it already: then nothing is written twice. */
  accepted(tx: Tx, mailing: Answered, providerId: string | null): Promise<void> {
    return this.acceptedMany(tx, [{ mailing, providerId }]);
  }

  /** The same for several mailings in one go: as many statements as for one. */
  async acceptedMany(
    tx: Tx,
    answers: readonly { mailing: Answered; providerId: string | null }[],
  ): Promise<void> {
    const now = this.clock.now();
    const noticeIds = new Set(answers.flatMap(({ mailing }) => mailing.noticeIds));
    const notices = new Map((await this.notices.lockMany(tx, [...noticeIds])).map((one) => [one.id, one]));
    const providerIds = answers.map(({ mailing, providerId }) => ({ id: mailing.mailingId, providerId }));
    await this.mailings.accepted(tx, providerIds, now);
    const mailingIds = answers.map(({ mailing }) => mailing.mailingId);
    const accepted = await this.messages.accepted(tx, mailingIds, now);
    const carried = new Map(accepted.map((one) => [`${one.mailingId} ${one.noticeId}`, one]));
    const record: AuditEntry[] = [];
    for (const { mailingId, contactId, noticeId, settingUrn } of carried.values()) {
      const notice = notices.get(noticeId);
      if (!notice) continue;
      const base = { ...placeOf(notice), forceCode: notice.forceCode, contactId };
      record.push({ action: 'message.accepted', ...base, detail: { mailing: mailingId } });
      // An officer who knows of it is nobody at the school.
      if (notice.deliveredAt || settingUrn !== notice.settingUrn) continue;
      record.push({ action: 'notice.delivered', ...base });
      const told =
        notice.state === 'routed'
          ? await this.notices.transition(tx, notice, 'deliver', { deliveredAt: now })
          : await this.notices.update(tx, notice, { deliveredAt: now });
      notices.set(noticeId, told);
    }
    await this.audit.record(tx, ...record);
    await this.arrivedLate(tx, accepted, notices);
  }

  /** The ladder has gone on without them; who was told is not told the same again by the next plan. */
  private async arrivedLate(
    tx: Tx,
    accepted: readonly AcceptedMessage[],
    notices: ReadonlyMap<string, NoticeEntity>,
  ): Promise<void> {
    const late = accepted.filter(
      (one) => one.late && notices.get(one.noticeId)?.generation === one.generation,
    );
    if (late.length > 0) await this.events.rungsArrivedLate(tx, late);
  }

  /** The provider said no, or nothing. */
  async refused(tx: Tx, mailing: Answered, fault: MailError): Promise<void> {
    const notices = await this.notices.lockMany(tx, mailing.noticeIds);
    if (fault.fault === 'bounced') {
      await this.bounced(tx, mailing, fault.code, fault.code !== 'NO-ADDRESS');
      return;
    }
    const now = this.clock.now();
    await this.mailings.close(tx, mailing.mailingId, 'failed', fault.code, now);
    const back = await this.messages.putBack(tx, mailing.mailingId, {
      code: fault.code,
      maybeSent: fault.maybeSent,
      failBefore: new Date(now.getTime() - FAILED_AFTER_HOURS * 3_600_000),
      wantedBy: notices.filter((notice) => isStillInTime(notice, now)).map(({ id }) => id),
    });
    const failed = back.filter(({ state }) => state === 'failed');
    await this.recordLost(tx, mailing.contactId, fault.code, failed);
    const troubled = back.filter(({ attempts }) => attempts >= OTHER_CHANNEL_AFTER_ATTEMPTS);
    await this.otherChannel.queue(tx, mailing.contactId, mailing.channel, [...troubled, ...failed]);
    const waiting = back.filter(({ state }) => state === 'pending');
    const late = await this.lateMessages.mark(tx, mailing.mailingId, fault, waiting, notices);
    await this.advanceIfLost(tx, [...failed, ...late]);
  }

  /** The address refuses it for good. */
  async bounced(tx: Tx, mailing: Answered, code: string, marksAddress: boolean): Promise<void> {
    const now = this.clock.now();
    const sent = await this.mailings.find(tx, mailing.mailingId, false);
    await this.mailings.close(tx, mailing.mailingId, 'bounced', code, now);
    const rungs = await this.messages.lost(tx, mailing.mailingId, 'bounce', code);
    if (marksAddress && sent && !(await this.storms.blamesProvider(tx, mailing))) {
      await this.markAddress(tx, sent);
    }
    await this.recordLost(tx, mailing.contactId, code, rungs);
    await this.otherChannel.queue(tx, mailing.contactId, mailing.channel, rungs);
    await this.advanceIfLost(tx, rungs);
  }

  /** It will not arrive, and nobody says that the address is to blame. */
  async failed(tx: Tx, mailing: Answered, code: string): Promise<void> {
    await this.mailings.close(tx, mailing.mailingId, 'failed', code, this.clock.now());
    const rungs = await this.messages.lost(tx, mailing.mailingId, 'fail', code);
    await this.recordLost(tx, mailing.contactId, code, rungs);
    await this.otherChannel.queue(tx, mailing.contactId, mailing.channel, rungs);
    await this.advanceIfLost(tx, rungs);
  }

  /** Lost by the provider's own fault: it asks for it again. */
  async lostByProvider(tx: Tx, mailing: Answered, code: string): Promise<void> {
    await this.mailings.close(tx, mailing.mailingId, 'failed', code, this.clock.now());
    const rows = await this.messages.sendAgain(tx, mailing.mailingId, code, OTHER_CHANNEL_AFTER_ATTEMPTS);
    const failed = rows.filter(({ state }) => state === 'failed');
    await this.recordLost(tx, mailing.contactId, code, failed);
    await this.otherChannel.queue(tx, mailing.contactId, mailing.channel, failed);
    await this.advanceIfLost(tx, failed);
    if (failed.length === rows.length) return;
    await this.outbox.add(tx, 'delivery.send', { contactId: mailing.contactId, channel: mailing.channel });
  }

  async recordLost(tx: Tx, contactId: string, code: string, rungs: readonly MessageRung[]): Promise<void> {
    await this.audit.record(
      tx,
      ...rungs.map(({ noticeId, generation, rung }) => ({
        action: 'message.failed' as const,
        noticeId,
        contactId,
        detail: { rung, generation, code },
      })),
    );
  }

  async advanceIfLost(
    tx: Tx,
    rungs: readonly { noticeId: string; generation: number; rung: string }[],
  ): Promise<void> {
    const seen = new Set<string>();
    for (const { noticeId, generation, rung } of rungs) {
      const key = `${noticeId} ${generation} ${rung}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (await this.firedRungs.isLost(tx, { noticeId, generation, rung })) {
        await this.events.rungUndelivered(tx, noticeId, generation, rung);
      }
    }
  }

  private async markAddress(tx: Tx, mailing: Mailing): Promise<void> {
    const { id: mailingId, contactId, channel, claimedAt } = mailing;
    // Changed since: what the old address does says nothing about the new one, and a forged report must not reach it.
    if (!(await this.mailings.wentToPresentAddress(tx, mailing))) return;
    const marked = await this.mailings.markAddress(tx, contactId, channel, claimedAt, this.clock.now());
    await this.audit.record(
      tx,
      ...marked.map(({ id, urn }) => ({
        action: 'address.marked' as const,
        contactId: id,
        settingUrn: urn,
        detail: { channel, mailing: mailingId },
      })),
    );
    // Plans and coverage follow: somebody who was counted on can no longer be told this way.
    const urns = new Set(marked.flatMap(({ urn }) => urn ?? []));
    await this.outbox.addMany(
      tx,
      [...urns].map((urn) => ({ name: 'directory.cover-changed' as const, payload: { urn } })),
    );
  }
}

/** Nobody has read it, and its bell is still ahead: a mail of yesterday is worth as much as one of this minute. */
function isStillInTime({ state, acknowledgeBy }: NoticeEntity, now: Date): boolean {
  return UNREAD_STATES.includes(state) && acknowledgeBy !== null && acknowledgeBy > now;
}

function placeOf(notice: NoticeEntity) {
  return {
    noticeId: notice.id,
    notificationId: notice.notificationId,
    settingUrn: notice.settingUrn,
    authorityCode: notice.authorityCode,
  };
}
