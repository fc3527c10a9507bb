import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Audit } from '../audit/audit.js';
import { systemActor } from '../common/actor.js';
import { Database } from '../database/database.js';
import { MailSender } from '../delivery/mail-sender.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { JobHandler } from '../jobs/job-handler.decorator.js';
import type { ExternalHandler } from '../jobs/job-handler.js';
import { handedBackMail } from './domain/handed-back-mail.js';

const ACTOR = systemActor('tell-force');

/** One mail without content to the force's mailbox: what it stated about a child's school is out of date. */
@Injectable()
@JobHandler()
export class TellForceProcessor implements ExternalHandler<'redirect.tell-force'> {
  readonly kind = 'external';
  readonly job = 'redirect.tell-force';

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly mail: MailSender,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async handle({ noticeId }: JobCatalogue['redirect.tell-force']): Promise<void> {
    const told = await this.database.transaction(ACTOR, async (tx) => {
      const [row] = await tx.query<{
        mailbox: string | null;
        reference: string;
        force: string;
        done: boolean;
      }>(
        `SELECT f.mailbox, t.force_reference AS reference, n.force_code AS force, EXISTS (SELECT 1 FROM audit_event a
           WHERE a.notice_id = n.id AND a.action = 'notice.force-told') AS done
         FROM notice n JOIN notification t ON t.id = n.notification_id JOIN force f ON f.code = n.force_code WHERE n.id = $1`,
        [noticeId],
      );
      return row;
    });
    if (!told?.mailbox || told.done) return;
    const { mailbox, reference } = told;
    await this.mail.send({
      to: mailbox,
      mailingId: noticeId,
      ...handedBackMail(reference, this.config.http.publicUrl),
    });
    await this.database.transaction(ACTOR, (tx) =>
      this.audit.record(tx, { action: 'notice.force-told', noticeId, forceCode: told.force }),
    );
  }
}
