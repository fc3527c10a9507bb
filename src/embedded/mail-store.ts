import { addressKey, type CaughtMail } from './caught-mail.js';

/** Caught mail in memory: the newest `keep`, and up to a tenth more before the oldest go. */
export class MailStore {
  private mails: CaughtMail[] = [];
  private byAddress = new Map<string, CaughtMail[]>();

  constructor(private readonly keep: number) {}

  /** Oldest first. */
  all(): readonly CaughtMail[] {
    return this.mails;
  }

  add(mails: readonly CaughtMail[]): void {
    for (const mail of mails) {
      this.mails.push(mail);
      this.index(mail);
    }
    if (this.mails.length > this.keep * 1.1) {
      this.mails = this.mails.slice(-this.keep);
      this.byAddress = new Map();
      this.mails.forEach((mail) => this.index(mail));
    }
  }

  private index(mail: CaughtMail): void {
    const key = addressKey(mail.to);
    const list = this.byAddress.get(key);
    if (list) list.push(mail);
    else this.byAddress.set(key, [mail]);
  }

  /** Newest first; of one recipient when `to` is given, whatever its capitals. */
  list(to?: string): CaughtMail[] {
    const found = to === undefined ? this.mails : (this.byAddress.get(addressKey(to)) ?? []);
    return found.toReversed();
  }
}
