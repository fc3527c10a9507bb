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

  it('beside real notices tests are counted apart, are marked by themselves, and never set the deadline', () => {
    const test = item({ reference: 'TST0001', test: true, dueAt: new Date('2026-11-23T07:00:00Z') });
    const mail = mailText([test, item()], now, 'u');
    expect(mail.subject).toBe('Safeguarding notice to read by 08:45 (KTM4XQ2) (and 1 TEST)');
    expect(mail.text).toBe(
      'You have a safeguarding notice to read by 08:45. Also 1 TEST notice. References KTM4XQ2, TST0001 (TEST). Sign in: u\n',
    );
    const more = mailText(
      [test, item(), { ...test, reference: 'TST0002' }, item({ reference: 'B' })],
      now,
      'u',
    );
    expect(more.subject).toBe('2 safeguarding notices, the first by 08:45 (and 2 TEST)');
    expect(more.text).toContain(
      'You have 2 safeguarding notices to read, the first by 08:45. Also 2 TEST notices. References KTM4XQ2, B, TST0001 (TEST), TST0002 (TEST).',
    );
  });

  it('with tests alone is a test as a whole', () => {
    const mail = mailText([item({ test: true }), item({ reference: 'B', test: true })], now, 'u');
    expect(mail.subject).toBe('TEST: 2 safeguarding notices, the first by 08:45');
    expect(mail.text).toMatch(/^TEST: You have 2 .* References KTM4XQ2, B\. Sign in: u\n$/);
  });

  it('names the day in the subject when the deadline is not today in London', () => {
    const saturday = new Date('2026-11-21T23:10:00Z');
    expect(mailText([item()], saturday, 'u').subject).toBe(
      'Safeguarding notice to read by 08:45 on Monday 23 November (KTM4XQ2)',
    );
  });

  it.each(['2026-11-22T22:58:00Z', '2026-11-20T22:00:00Z', '2026-11-23T14:00:00Z'])(
    'keeps its sentence to the letter at %s: which day is meant, or that it has passed, is the subject’s',
    (at) => {
      expect(mailText([item()], new Date(at), 'u').text).toBe(
        'You have a safeguarding notice to read by 08:45. Reference KTM4XQ2. Sign in: u\n',
      );
    },
  );

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

  it('says to the desk that it is to ring, not to answer or decide', () => {
    const mail = mailText([item({ purpose: 'ring', dueAt: null })], now, 'u');
    expect(mail.subject).toBe('Safeguarding notice to take up with the school by telephone now (KTM4XQ2)');
    expect(mail.text).toMatch(
      /^You have a safeguarding notice to take up with the school by telephone now\./,
    );
  });
});
