import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Audit } from '../audit/audit.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database, type Tx } from '../database/database.js';
import { Metrics } from '../health/metrics.js';
import { Notices } from '../notices/notices.service.js';
import { addressDigest } from './address-digest.js';
import { DeliveryEvents } from './delivery-events.js';
import { verdictOn, type ReportedRecipient } from './domain/bounce-report.js';
import type { NotifyVerdict } from './domain/notify-outcome.js';
import { Fallback } from './fallback.service.js';
import { MailingOutcome, type Answered } from './mailing-outcome.service.js';
import { MailingsRepository, type Mailing } from './mailings.repository.js';
import { MessagesRepository } from './messages.repository.js';
import { OtherChannel } from './other-channel.service.js';

export type ReportSource = 'notify' | 'bounce-listener' | 'bounce-mailbox';

/** What somebody outside says became of a mailing. */
export interface DeliveryReport {
  mailingId: string;
  source: ReportSource;
  /** A verdict, or the recipients of an RFC 3464 report, to be compared with the address that the mailing went to. */
  says: NotifyVerdict | readonly ReportedRecipient[];
}

/** `unknown`: no mail of ours (forged), or one that nobody follows up. `repeated`: nothing new, or too late to count. */
export type ReportOutcome = 'applied' | 'repeated' | 'unknown' | 'ignored';

const REPORTER = systemActor('delivery-reports');
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Takes what became of mailings. A report may come twice, late, out of order, or before our own transaction has written the
 * provider's yes: a report about a mailing that is still being sent is that yes.
 */
@Injectable()
export class DeliveryReports {
  private readonly counted: Counter<'source' | 'kind' | 'outcome'>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly messages: MessagesRepository,
    private readonly mailings: MailingsRepository,
    private readonly outcome: MailingOutcome,
    private readonly otherChannel: OtherChannel,
    private readonly fallback: Fallback,
    private readonly events: DeliveryEvents,
    metrics: Metrics,
  ) {
    this.counted = new Counter({
      name: 'firstbell_delivery_reports_total',
      help: 'Bounce reports and delivery receipts, by what they say and what became of them.',
      labelNames: ['source', 'kind', 'outcome'] as const,
      registers: [metrics.registry],
    });
  }

  /** @throws driver errors: whoever brought the report must bring it again */
  async take(report: DeliveryReport): Promise<ReportOutcome> {
    const { kind, outcome } = await this.database.transaction(REPORTER, (tx) =>
      UUID.test(report.mailingId) ? this.apply(tx, report) : this.ofOtherMail(tx, report),
    );
    this.count(report.source, kind, outcome);
    return outcome;
  }

  /** Something came that is no report about a mailing: an automatic reply, a read receipt, spam. */
  ignore(source: ReportSource, kind: 'auto-reply' | 'not-a-report' | 'no-mailing'): void {
    this.count(source, kind, 'ignored');
  }

  private count(source: ReportSource, kind: string, outcome: ReportOutcome): void {
    this.counted.inc({ source, kind, outcome });
  }

  private async apply(tx: Tx, report: DeliveryReport): Promise<{ kind: string; outcome: ReportOutcome }> {
    const known = await this.mailings.find(tx, report.mailingId, false);
    if (!known) return this.ofFallback(tx, report);
    const isOurs = (address: string): boolean =>
      known.addressDigest !== null && addressDigest(known.id, address).equals(known.addressDigest);
    const verdict = 'kind' in report.says ? report.says : verdictOn(report.says, isOurs);
    if (!verdict) return { kind: 'none', outcome: 'ignored' };
    const noticeIds = await this.messages.noticesOfMailing(tx, known.id);
    await this.notices.lockMany(tx, noticeIds);
    const mailing = (await this.mailings.find(tx, known.id, true)) ?? known;
    const answered: Answered = {
      mailingId: mailing.id,
      contactId: mailing.contactId,
      channel: mailing.channel,
      noticeIds,
    };
    const applied = await this.decide(tx, mailing, answered, verdict, report.source);
    return { kind: verdict.kind, outcome: applied ? 'applied' : 'repeated' };
  }

  private async decide(
    tx: Tx,
    mailing: Mailing,
    answered: Answered,
    verdict: NotifyVerdict,
    source: ReportSource,
  ): Promise<boolean> {
    const open = mailing.state === 'sending' || mailing.state === 'accepted';
    const believes = verdict.kind === 'hard' ? open || mailing.state === 'delivered' : open;
    if (!believes || (verdict.kind === 'delayed' && mailing.delayed)) return false;
    const base = { contactId: mailing.contactId };
    const detail = { mailing: mailing.id, source, status: verdict.status };
    switch (verdict.kind) {
      case 'delivered':
        await this.acceptedFirst(tx, mailing, answered);
        await this.mailings.close(tx, mailing.id, 'delivered', verdict.status, this.clock.now());
        await this.messages.delivered(tx, mailing.id, this.clock.now());
        await this.audit.record(tx, { action: 'message.delivered', ...base, detail });
        return true;
      case 'delayed':
        await this.acceptedFirst(tx, mailing, answered);
        await this.mailings.delayed(tx, mailing.id, this.clock.now());
        await this.audit.record(tx, { action: 'message.delayed', ...base, detail });
        await this.tellAnotherWay(tx, mailing);
        return true;
      case 'hard':
        await this.audit.record(tx, { action: 'message.bounced', ...base, detail });
        await this.outcome.bounced(tx, answered, verdict.status, verdict.marksAddress);
        return true;
      case 'soft':
        await this.outcome.failed(tx, answered, verdict.status);
        return true;
      case 'technical':
        await this.acceptedFirst(tx, mailing, answered);
        await this.outcome.lostByProvider(tx, answered, verdict.status);
        return true;
    }
  }

  private async acceptedFirst(tx: Tx, mailing: Mailing, answered: Answered): Promise<void> {
    if (mailing.state === 'sending') await this.outcome.accepted(tx, answered, null);
  }

  private async tellAnotherWay(tx: Tx, { id, contactId, channel }: Mailing): Promise<void> {
    await this.otherChannel.queue(tx, contactId, channel, await this.messages.ofMailing(tx, id));
  }

  private async ofOtherMail(
    tx: Tx,
    { mailingId, says }: DeliveryReport,
  ): Promise<{ kind: string; outcome: ReportOutcome }> {
    const verdict = 'kind' in says ? says : verdictOn(says, () => false);
    const lost = verdict !== null && verdict.kind !== 'delivered' && verdict.kind !== 'delayed';
    if (!lost || !(await this.events.otherMailLost(tx, mailingId, verdict.status))) {
      return { kind: 'none', outcome: 'unknown' };
    }
    return { kind: verdict.kind, outcome: 'applied' };
  }

  private async ofFallback(
    tx: Tx,
    report: DeliveryReport,
  ): Promise<{ kind: string; outcome: ReportOutcome }> {
    const verdict = 'kind' in report.says ? report.says : verdictOn(report.says, () => false);
    if (!verdict) return { kind: 'none', outcome: 'ignored' };
    return { kind: verdict.kind, outcome: await this.fallback.reported(tx, report.mailingId, verdict) };
  }
}
