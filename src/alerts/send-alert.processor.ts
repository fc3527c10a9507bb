import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { LOGGER, type Logger } from '../common/logger.js';
import { Database } from '../database/database.js';
import { MailError, MailSender } from '../delivery/mail-sender.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import { Outbox } from '../jobs/outbox.js';
import type { ExternalHandler } from '../jobs/job-handler.js';
import { AlertMails } from './alert-mails.service.js';
import { alertMailId, type AlertRecipient } from './domain/alert-mail.js';
import { alertText, type AlertRow } from './domain/alert-text.js';

const ACTOR = systemActor('alerts');

interface AlertToSend extends AlertRow {
  id: string;
  force_code: string | null;
  mailbox: string | null;
  mailed_at: Date | null;
  /** A notice that no mail has named begins a new one, and so does each day. */
  round: number;
  /** When this round of mails began; null: when it was raised. */
  round_from: Date | null;
  /** Who took this mail, or never will. */
  told: AlertRecipient[];
}

/** A round is over by then; what goes on is mailed anew. */
const ROUND_HOURS = 24;

/**
 * Mails an alert to the operator and, where it is a force's business, to the force's mailbox: each of them once a round, whatever
 * becomes of the other. Any refusal is tried again until the round is over, one for good too: a mail server that calls everybody
 * unknown is the very thing that is to be told of. What goes on is mailed anew each day. Each round has a job of its own; whichever
 * comes first does what is left of the present one.
 */
@Injectable()
@JobHandler()
export class SendAlertProcessor implements ExternalHandler<'alert.send'> {
  readonly kind = 'external';
  readonly job = 'alert.send';

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly mails: AlertMails,
    private readonly mail: MailSender,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws MailError of an address that refused, when every address has been tried */
  async handle({ alertId }: JobCatalogue['alert.send']): Promise<void> {
    const alert = await this.find(alertId);
    if (!alert || alert.mailed_at) return;
    const refusals: Error[] = [];
    for (const [recipient, to] of this.addressesOf(alert)) {
      if (alert.told.includes(recipient)) continue;
      await this.tell(alert, recipient, to).catch((error: Error) => refusals.push(error));
    }
    if (refusals[0]) throw refusals[0];
    await this.database.transaction(ACTOR, async (tx) => {
      const now = this.clock.now();
      const mailed = await tx.execute(
        `UPDATE alert SET mailed_at = $2, told = '{}', unmailed = '{}' WHERE id = $1 AND mailed_at IS NULL AND round = $3`,
        [alertId, now, alert.round],
      );
      // A notice came while this mail was on its way, and found this job under way.
      if (mailed === 0) await this.outbox.add(tx, 'alert.send', { alertId }, { dueAt: minuteAfter(now) });
    });
  }

  private async find(alertId: string): Promise<AlertToSend | undefined> {
    const [alert] = await this.database.transaction(ACTOR, (tx) =>
      tx.query<AlertToSend>(
        `SELECT a.id, a.kind, a.subject, a.detail, a.raised_at, a.force_code, a.mailed_at, a.told, a.round,
           a.round_from, a.unmailed, f.mailbox
         FROM alert a LEFT JOIN force f ON f.code = a.force_code WHERE a.id = $1`,
        [alertId],
      ),
    );
    return alert;
  }

  private addressesOf({ mailbox }: AlertToSend): [AlertRecipient, string][] {
    const operator: [AlertRecipient, string] = ['operator', this.config.mail.operator];
    return mailbox ? [operator, ['force', mailbox]] : [operator];
  }

  private async tell(alert: AlertToSend, recipient: AlertRecipient, to: string): Promise<void> {
    const mailingId = alertMailId({ alertId: alert.id, recipient, round: alert.round });
    try {
      await this.mail.send({ to, mailingId, ...alertText(alert) });
    } catch (error) {
      if (!(error instanceof MailError) || !this.isOver(alert)) throw error;
      return this.undeliverable(alert, recipient, error.code);
    }
    await this.settle(alert, recipient);
  }

  private isOver({ round_from: roundFrom, raised_at: raisedAt }: AlertToSend): boolean {
    const from = roundFrom ?? raisedAt;
    return this.clock.now().getTime() - from.getTime() >= ROUND_HOURS * 3_600_000;
  }

  private async undeliverable(alert: AlertToSend, recipient: AlertRecipient, code: string): Promise<void> {
    await this.settle(alert, recipient, code);
    this.logger.error(
      { event: 'alert.undeliverable', alertId: alert.id, kind: alert.kind, recipient, code },
      'an alert could not be mailed in a day: the address refuses it',
    );
  }

  /** Nothing more goes to this recipient about this round of the alert; `lostBy`: what it was refused with. */
  private async settle(
    { id: alertId, round }: AlertToSend,
    recipient: AlertRecipient,
    lostBy?: string,
  ): Promise<void> {
    await this.database.transaction(ACTOR, async (tx) => {
      const settled = await tx.execute(
        `UPDATE alert SET told = array_append(told, $2)
         WHERE id = $1 AND mailed_at IS NULL AND $2 <> ALL(told) AND round = $3`,
        [alertId, recipient, round],
      );
      if (settled === 1 && lostBy) await this.mails.lost(tx, { alertId, recipient, round }, lostBy);
    });
  }
}

function minuteAfter(instant: Date): Date {
  return new Date(instant.getTime() + 60_000);
}
