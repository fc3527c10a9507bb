import { MailError } from './mail-sender.js';
import { SmsSender } from './sms-sender.js';

/** For an installation that has no provider for text messages. */
export class NoSmsSender extends SmsSender {
  send(): Promise<{ providerId: string }> {
    return Promise.reject(new MailError('transient', 'NO-SMS-PROVIDER'));
  }

  available(): boolean {
    return false;
  }
}
