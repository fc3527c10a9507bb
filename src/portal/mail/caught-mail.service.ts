import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { NotFound } from '../../common/errors.js';
import type { CaughtMail } from '../../embedded/caught-mail.js';
import { MAIL_CATCHER } from '../../embedded/embedded.module.js';
import type { MailCatcher } from '../../embedded/mail-catcher.js';
import { compactMoment, moment } from '../presenters/london-time.js';
import { codeInMail } from '../presenters/mail-code.js';
import type { MailListView, MailMessageView } from '../presenters/mail.view-model.js';

/** More than a person looks through; programs read them all. */
const MAILS_SHOWN = 50;
const ADDRESSES_SHOWN = 40;

/** The built-in mail catcher, for people and programs. Without one (a real mail server) there is nothing here. */
@Injectable()
export class CaughtMails {
  constructor(@Inject(MAIL_CATCHER) private readonly catcher: MailCatcher | null) {}

  /** Newest first; of one recipient when `to` is given. @throws NotFound without a catcher */
  all(to?: string): CaughtMail[] {
    if (!this.catcher) throw new NotFound();
    return this.catcher.list(to);
  }

  list(to: string): MailListView {
    const mails = this.all(to === '' ? undefined : to);
    const addresses = to === '' ? [...new Set(mails.map((mail) => mail.to))].slice(0, ADDRESSES_SHOWN) : [];
    return {
      to,
      mails: mails.slice(0, MAILS_SHOWN).map((mail) => ({
        id: idOf(mail),
        at: compactMoment(new Date(mail.at)),
        to: mail.to,
        from: mail.from,
        subject: mail.subject,
      })),
      addresses,
      jsonHref: `/mail.json${to === '' ? '' : `?to=${encodeURIComponent(to)}`}`,
    };
  }

  /** @throws NotFound for one that never was, or is no longer kept */
  message(id: string): MailMessageView {
    const mail = this.all().find((one) => idOf(one) === id);
    if (!mail) throw new NotFound();
    return {
      id,
      at: moment(new Date(mail.at)),
      to: mail.to,
      from: mail.from,
      subject: mail.subject,
      text: mail.text,
      code: codeInMail(mail.text),
      headers: Object.entries(mail.headers).map(([name, value]) => ({ name, value })),
    };
  }
}

/** The same for the same mail as long as it is kept; addresses stay out of the address bar. */
function idOf(mail: CaughtMail): string {
  const what = [mail.headers['message-id'] ?? '', mail.to, mail.at, mail.subject].join('\n');
  return createHash('sha256').update(what).digest('base64url').slice(0, 22);
}
