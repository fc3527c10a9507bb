import { describe, expect, it } from '@jest/globals';
import type { MailItem } from './mail-text.js';
import { ONE_SMS, smsText } from './sms-text.js';

const now = new Date('2026-11-23T06:30:00Z');
const item = (over: Partial<MailItem> = {}): MailItem => ({
  reference: 'KTM4XQ2',
  purpose: 'read',
  dueAt: new Date('2026-11-23T08:45:00Z'),
  test: false,
  ...over,
});
const URL = 'https://firstbell.northshire.gov.uk/sign-in';

describe('a text message', () => {
  it('says what a mail says, in one message', () => {
    expect(smsText([item()], now, URL)).toBe(
      `You have a safeguarding notice to read by 08:45. Reference KTM4XQ2. Sign in: ${URL}`,
    );
  });

  it('fits into one message of plain characters in every case', () => {
    const monday = new Date('2026-11-30T08:45:00Z');
    for (const purpose of ['read', 'place', 'act', 'in-school', 'ring'] as const) {
      for (const many of [1, 2, 6, 120]) {
        // To ring the school is due now, always.
        const dueAt = purpose === 'ring' ? null : monday;
        const tests = Array.from({ length: many }, () => item({ purpose, dueAt, test: true }));
        for (const items of [tests, [...tests, ...tests.map((one) => ({ ...one, test: false }))]]) {
          const text = smsText(items, now, URL);
          expect(text.length).toBeLessThanOrEqual(ONE_SMS);
          expect(text).toMatch(/^[\x20-\x7e]+$/);
        }
      }
    }
  });

  it.each(['2026-11-23T08:45:00Z', '2026-11-24T08:45:00Z', '2027-01-04T08:45:00Z'])(
    'names the time alone, whatever the day: %s',
    (dueAt) => {
      expect(smsText([item({ dueAt: new Date(dueAt) })], now, URL)).toContain('read by 08:45. Reference ');
    },
  );

  it('names the time by London’s clock, and says now when it has passed', () => {
    expect(smsText([item({ dueAt: new Date('2026-06-15T07:45:00Z') })], new Date(0), URL)).toContain(
      'by 08:45.',
    );
    expect(smsText([item({ dueAt: new Date('2026-11-23T06:00:00Z') })], now, URL)).toContain('read now.');
  });

  it('counts what goes together and marks a test', () => {
    expect(smsText([item(), item({ reference: 'B' })], now, URL)).toContain('2 safeguarding notices to read');
    expect(smsText([item({ test: true })], now, URL)).toMatch(/^TEST: /);
  });

  it('counts tests apart from what is real, and takes deadline and reference from what is real', () => {
    const test = item({ reference: 'TST0001', test: true, dueAt: new Date('2026-11-23T07:00:00Z') });
    expect(smsText([test, item()], now, URL)).toBe(
      `You have a safeguarding notice to read by 08:45 (and 1 TEST). Reference KTM4XQ2. Sign in: ${URL}`,
    );
    expect(smsText([test, item(), item({ reference: 'B' }), test], now, URL)).toMatch(
      /^You have 2 safeguarding notices to read by 08:45 \(and 2 TEST\)\. Reference KTM4XQ2\./,
    );
    expect(smsText([item({ purpose: 'act', test: true }), item()], now, URL)).toContain('notice to read by');
  });
});
