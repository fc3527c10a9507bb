import { describe, expect, it } from '@jest/globals';
import { smtpFault } from './smtp-fault.js';

const rcpt = (responseCode: number, response = `${responseCode} no`): object => ({
  code: 'EENVELOPE',
  command: 'RCPT TO',
  responseCode,
  response,
});

describe('what a mail server’s refusal means', () => {
  it.each([
    ['an unknown mailbox', rcpt(550, '550 5.1.1 <dsl@school.example>: unknown'), 'bounced', '550 5.1.1'],
    ['an unknown mailbox of an old server', rcpt(550), 'bounced', '550'],
    ['a mailbox that moved', rcpt(551), 'bounced', '551'],
    [
      'a mailbox that Exchange Online does not know',
      rcpt(550, '550 5.4.1 Recipient address rejected: Access denied.'),
      'bounced',
      '550 5.4.1',
    ],
    ['a domain without a route', rcpt(550, '550 5.4.4 no route to host'), 'transient', '550 5.4.4'],
    ['a full mailbox', rcpt(452, '452 4.2.2 full'), 'transient', '452 4.2.2'],
    ['a mailbox that is full for good', rcpt(552, '552 5.2.2 over quota'), 'transient', '552 5.2.2'],
    ['grey-listing', rcpt(451, '451 4.7.1 come back'), 'transient', '451 4.7.1'],
    ['our own relay refusing to relay', rcpt(554, '554 5.7.1 Relay access denied'), 'transient', '554 5.7.1'],
    ['a refused sender', { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550 }, 'transient', '550'],
    ['a refused login', { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 }, 'transient', '535'],
    ['refused content', { code: 'EMESSAGE', command: 'DATA', responseCode: 554 }, 'transient', '554'],
    [
      'a closed door',
      { code: 'ESOCKET', command: 'CONN', message: 'connect ECONNREFUSED 127.0.0.1:25' },
      'transient',
      'ECONNREFUSED',
    ],
    ['something else', undefined, 'transient', 'UNKNOWN'],
  ])('%s', (_what, error, fault, code) => {
    expect(smtpFault(error)).toMatchObject({ fault, code });
  });

  it('never repeats what the server wrote', () => {
    expect(JSON.stringify(smtpFault(rcpt(550, '550 5.1.1 <dsl@school.example>: unknown')))).not.toContain(
      '@',
    );
  });

  it('does not count the recipient’s trouble against the provider', () => {
    expect(smtpFault(rcpt(450)).blames).toBe('address');
    expect([450, 421, 554].map((reply) => smtpFault(rcpt(reply)).atRecipient)).toEqual([true, false, true]);
    expect(smtpFault(rcpt(550, '550 5.4.4 no route to host')).blames).toBe('address');
    expect(smtpFault(rcpt(421)).blames).toBe('provider');
    expect(smtpFault(rcpt(554, '554 5.7.1 no relay')).blames).toBe('provider');
  });

  it('knows when the message may have gone although no yes came', () => {
    const broken = (code: string, message: string) => smtpFault({ code, command: 'CONN', message }).maybeSent;
    expect(broken('ECONNECTION', 'Connection closed unexpectedly')).toBe(true);
    expect(broken('ESOCKET', 'read ECONNRESET')).toBe(true);
    expect(broken('ETIMEDOUT', 'Timeout')).toBe(true);
    expect(broken('ESOCKET', 'connect ECONNREFUSED 127.0.0.1:25')).toBe(false);
    expect(broken('ETIMEDOUT', 'Greeting never received')).toBe(false);
    expect(smtpFault(rcpt(450)).maybeSent).toBe(false);
  });
});
