import { describe, expect, it } from '@jest/globals';
import { fallbackText } from './fallback-text.js';

type Item = [reference: string, unread: boolean, test?: boolean];
const mail = (...items: Item[]) =>
  fallbackText(
    items.map(([reference, unread, test = false]) => ({ reference, unread, test })),
    'https://firstbell.example/sign-in',
  );
const text = (...items: Item[]): string => mail(...items).text;

describe('what the fallback address is told', () => {
  it('of one that nobody has read: that somebody must read it', () => {
    expect(text(['KTM4XQ2', true])).toBe(
      [
        'A safeguarding notice waits, and no address of the authority’s desk works. You are told because yours is the fallback address.',
        'Telephone the authority’s duty desk now and give it the reference; somebody there must sign in and read it.',
        'Reference KTM4XQ2. Sign in: https://firstbell.example/sign-in',
        '',
      ].join('\n'),
    );
  });

  it('of one that was read: never that somebody must read it', () => {
    const read = text(['KTM4XQ2', false]);
    expect(read).toContain(
      'it has been read, and somebody there must sign in and see what has not been done',
    );
    expect(read).not.toContain('read it');
  });

  it('of both: which is which', () => {
    const both = text(['KTM4XQ2', true], ['B7D3FH9', false]);
    expect(both).toContain('sign in, read KTM4XQ2 and see what has not been done about B7D3FH9.');
    expect(both).toContain('References KTM4XQ2, B7D3FH9.');
  });

  it('names and counts a notice once, whatever waits about it', () => {
    const twice = text(['KTM4XQ2', false], ['KTM4XQ2', false]);
    expect(twice).toContain('Reference KTM4XQ2.');
    expect(twice).toMatch(/^A safeguarding notice waits/);
  });

  it('counts a test apart from what is real, and marks it; of tests alone every word is a test', () => {
    const mixed = mail(['TST0001', true, true], ['KTM4XQ2', true]);
    expect(mixed.subject).toBe(
      'A safeguarding notice waits and nobody at the desk can be told (KTM4XQ2) (and 1 TEST)',
    );
    expect(mixed.text).toMatch(/^A safeguarding notice waits/);
    expect(mixed.text).toContain('References KTM4XQ2, TST0001 (TEST).');
    const tests = mail(['TST0001', true, true]);
    expect(tests.subject).toMatch(/^TEST: A safeguarding notice waits .* \(TST0001\)$/);
    expect(tests.text).toMatch(/^TEST: /);
  });
});
