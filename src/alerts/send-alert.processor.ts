import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import { MailSender } from '../delivery/mail-sender.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { ExternalHandler } from '../jobs/job-handler.js';
import { alertText, type AlertRow } from './domain/alert-text.js';

const ACTOR = systemActor('alerts');

/** Mails an alert to the operator and, where it is a force's business, to the force's mailbox. */
@Injectable()
@JobHandler()
export class SendAlertProcessor implements ExternalHandler<'alert.send'> {
  readonly kind = 'external';
  readonly job = 'alert.send';

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly mail: MailSender,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async handle({ alertId }: JobCatalogue['alert.send']): Promise<void> {
    const [alert] = await this.database.transaction(ACTOR, (tx) =>
      tx.query<AlertRow & { mailbox: string | null; mailed_at: Date | null }>(
        `SELECT a.kind, a.subject, a.detail, a.raised_at, a.mailed_at, f.mailbox
         FROM alert a LEFT JOIN force f ON f.code = a.force_code WHERE a.id = $1`,
        [alertId],
      ),
    );
    if (!alert || alert.mailed_at) return;
    const addresses = [this.config.mail.operator, ...(alert.mailbox ? [alert.mailbox] : [])];
    for (const [index, to] of addresses.entries()) {
      await this.mail.send({ to, mailingId: `${alertId}.${index}`, ...alertText(alert) });
    }
    await this.database.transaction(ACTOR, (tx) =>
      tx.execute(`UPDATE alert SET mailed_at = $2 WHERE id = $1`, [alertId, this.clock.now()]),
    );
  }
}
