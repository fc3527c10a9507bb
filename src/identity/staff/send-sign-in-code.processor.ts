import { Injectable } from '@nestjs/common';
import { systemActor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { MailSender } from '../../delivery/mail-sender.js';
import type { JobCatalogue } from '../../jobs/catalogue.js';
import { JobHandler } from '../../jobs/job-handler.decorator.js';
import type { ExternalHandler } from '../../jobs/job-handler.js';
import { CODE_MINUTES, codeDigest, newCode } from './domain/one-time-code.js';

const ACTOR = systemActor('sign-in');

/** The code exists only here and in the mail: the job carries the row's id, the row a digest. A second run sends a new code. */
@Injectable()
@JobHandler()
export class SendSignInCodeProcessor implements ExternalHandler<'identity.send-sign-in-code'> {
  readonly kind = 'external';
  readonly job = 'identity.send-sign-in-code';

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly mail: MailSender,
  ) {}

  async handle({ codeId }: JobCatalogue['identity.send-sign-in-code']): Promise<void> {
    const code = newCode();
    const [row] = await this.database.transaction(ACTOR, (tx) =>
      tx.query<{ email: string }>(
        `UPDATE sign_in_code s SET code_digest = $2 FROM person p
         WHERE s.id = $1 AND p.id = s.person_id AND s.used_at IS NULL AND s.expires_at > $3 RETURNING p.email`,
        [codeId, codeDigest(codeId, code), this.clock.realNow()],
      ),
    );
    if (!row) return;
    await this.mail.send({
      to: row.email,
      mailingId: codeId,
      subject: 'Your Firstbell sign-in code',
      text:
        `Your sign-in code is ${code}. It works once, for ${CODE_MINUTES} minutes.\n\n` +
        'Nobody from Firstbell will ever ask you for it. If you did not ask for a code, you need do nothing.\n',
    });
  }
}
