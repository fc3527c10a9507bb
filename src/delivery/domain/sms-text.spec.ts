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
      `You have a safeguarding notice to read by 08:45. Ref KTM4XQ2. Sign in: ${URL}`,
    );
  });

  it('fits into one message of plain characters in every case', () => {
    const monday = new Date('2026-11-30T08:45:00Z');
    for (const purpose of ['read', 'place', 'act', 'in-school'] as const) {
      for (const many of [1, 2, 6, 120]) {
        const items = Array.from({ length: many }, () => item({ purpose, dueAt: monday, test: true }));
        const text = smsText(items, now, URL);
        expect(text.length).toBeLessThanOrEqual(ONE_SMS);
        expect(text).toMatch(/^[\x20-\x7e]+$/);
      }
    }
  });

  it('names the day when it is not today, and says now when the deadline has passed', () => {
    expect(smsText([item({ dueAt: new Date('2026-11-24T08:45:00Z') })], now, URL)).toContain('by 08:45 Tue.');
    expect(smsText([item({ dueAt: new Date('2026-11-23T06:00:00Z') })], now, URL)).toContain('read now.');
  });

  it('counts what goes together and marks a test', () => {
    expect(smsText([item(), item({ reference: 'B' })], now, URL)).toContain('2 safeguarding notices to read');
    expect(smsText([item({ test: true })], now, URL)).toMatch(/^TEST: /);
    expect(smsText([item({ test: true }), item()], now, URL)).not.toMatch(/TEST/);
  });
});
