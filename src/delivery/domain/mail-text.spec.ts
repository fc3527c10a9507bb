import { describe, expect, it } from '@jest/globals';
import { mailText, type MailItem } from './mail-text.js';

const now = new Date('2026-11-23T06:00:00Z');
const item = (over: Partial<MailItem> = {}): MailItem => ({
  reference: 'KTM4XQ2',
  purpose: 'read',
  dueAt: new Date('2026-11-23T08:45:00Z'),
  test: false,
  ...over,
});

describe('the text of a mailing', () => {
  it('says how many, by when, the reference and where to sign in, and nothing more', () => {
    const mail = mailText([item()], now, 'https://firstbell.example/sign-in');
    expect(mail.text).toBe(
      'You have a safeguarding notice to read by 08:45. Reference KTM4XQ2. Sign in: https://firstbell.example/sign-in\n',
    );
    expect(mail.subject).toBe('Safeguarding notice to read by 08:45 (KTM4XQ2)');
  });

  it('beside real notices a test is marked by itself, and never sets the deadline', () => {
    const test = item({ reference: 'TST0001', test: true, dueAt: new Date('2026-11-23T07:00:00Z') });
    const mail = mailText([test, item()], now, 'u');
    expect(mail.subject).toBe('2 safeguarding notices, the first by 08:45');
    expect(mail.text).toContain('References KTM4XQ2, TST0001 (TEST).');
  });

  it('names the day in the subject when the deadline is not today in London', () => {
    const saturday = new Date('2026-11-21T23:10:00Z');
    expect(mailText([item()], saturday, 'u').subject).toBe(
      'Safeguarding notice to read by 08:45 on Monday 23 November (KTM4XQ2)',
    );
  });

  it('speaks London time in summer', () => {
    const summer = mailText(
      [item({ dueAt: new Date('2026-06-15T07:45:00Z') })],
      new Date('2026-06-15T05:00:00Z'),
      'u',
    );
    expect(summer.text).toContain('by 08:45.');
  });

  it('counts what goes together, the earliest deadline first', () => {
    const six = Array.from({ length: 6 }, (_, i) =>
      item({ reference: `REF${i}`, dueAt: new Date(Date.UTC(2026, 10, 23, 8, 50 - i)) }),
    );
    const mail = mailText(six, now, 'u');
    expect(mail.subject).toBe('6 safeguarding notices, the first by 08:45');
    expect(mail.text).toContain('References REF5, REF4');
  });

  it('says "now" when the deadline has passed', () => {
    expect(mailText([item()], new Date('2026-11-23T09:00:00Z'), 'u').subject).toBe(
      'Safeguarding notice to read now (it was due by 08:45) (KTM4XQ2)',
    );
  });

  it('says the desk is to place it, and marks a test notice', () => {
    const mail = mailText([item({ purpose: 'place', test: true })], now, 'u');
    expect(mail.text).toMatch(/^TEST: You have a safeguarding notice to place by 08:45\./);
  });
});
