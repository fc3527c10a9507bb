import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import { MailError, MailSender } from '../delivery/mail-sender.js';
import { PublicUrl } from '../delivery/public-url.js';
import { CoverageWarningRows } from './coverage-warnings.repository.js';
import { reminderText } from './domain/reminder-text.js';

const ACTOR = systemActor('reminders');

/** Mails to heads, DSLs and managers about their contacts; never about a notice. */
@Injectable()
export class Reminders {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly rows: CoverageWarningRows,
    private readonly mail: MailSender,
    private readonly publicUrl: PublicUrl,
  ) {}

  /** A second run after the provider's yes and before ours sends it twice; nothing hangs on it. @throws MailError transient */
  async send(reminderId: string): Promise<void> {
    const reminder = await this.database.transaction(ACTOR, (tx) => this.rows.find(tx, reminderId));
    if (!reminder || reminder.sentAt || reminder.email === null) return;
    const text = reminderText(reminder.kind, reminder.settings, this.publicUrl.to('/sign-in'));
    const bounced = await this.mail.send({ to: reminder.email, mailingId: reminderId, ...text }).then(
      () => false,
      (error: unknown) => {
        if (error instanceof MailError && error.fault === 'bounced') return true;
        throw error;
      },
    );
    await this.database.transaction(ACTOR, async (tx) => {
      await this.rows.sent(tx, reminderId, this.clock.now());
      const { contactId } = reminder;
      if (bounced) {
        await tx.execute(
          `UPDATE contact SET email_bounced_at = coalesce(email_bounced_at, $2) WHERE id = $1`,
          [contactId, this.clock.now()],
        );
      }
      await this.audit.record(tx, {
        action: bounced ? 'contact.address-bounced' : 'contact.reminded',
        contactId,
        detail: bounced ? { channel: 'email' } : { kind: reminder.kind },
      });
    });
  }
}
