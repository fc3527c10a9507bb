import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../src/common/ids.js';
import { SmtpMailSender } from '../../src/delivery/smtp-mail-sender.js';
import { RecordingMail } from '../support/mail.js';

describe('a mail server slower than its connections', () => {
  let mail: RecordingMail;
  let sender: SmtpMailSender;
  beforeEach(async () => {
    mail = await RecordingMail.start();
    sender = new SmtpMailSender({
      url: mail.url,
      from: 'desk@firstbell.example',
      timeoutSeconds: 3,
      connections: 1,
    });
  });
  afterEach(async () => {
    await sender.close();
    await mail.close();
  });

  const send = (to: string): Promise<unknown> =>
    sender.send({ to, subject: 'Firstbell', text: 'Read it.', mailingId: newId(), sender: null });

  it('is handed nothing that could not be answered in time: what waited too long has not been sent', async () => {
    mail.behave({ kind: 'slow', delayMs: 1_800 });
    const [first, second] = await Promise.allSettled([
      send('dsl@school.example'),
      send('deputy@school.example'),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'BUSY', maybeSent: false } });
    await sleep(1_000);
    expect(mail.unexpected().map(({ to }) => to)).toEqual(['dsl@school.example']);
    mail.expectAll();
  });
});
