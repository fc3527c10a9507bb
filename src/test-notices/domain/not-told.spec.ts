import { describe, expect, it } from '@jest/globals';
import { notTold, type AddressFacts, type ContactFacts, type TestRun } from './not-told.js';

const BEFORE = new Date('2026-11-03T10:00:00Z');
const UNTIL = new Date('2026-11-24T11:20:00Z');
const AFTER = new Date('2026-11-30T10:00:00Z');

const address = (over: Partial<AddressFacts> = {}): AddressFacts => ({
  channel: 'email',
  verifiedAt: BEFORE,
  failedAt: null,
  ...over,
});
const head = (addresses: AddressFacts[], over: Partial<ContactFacts> = {}): ContactFacts => ({
  id: 'c1',
  name: 'Hed Example',
  role: 'head',
  createdAt: BEFORE,
  addresses,
  ...over,
});
const run = (over: Partial<TestRun> = {}): TestRun => ({
  until: UNTIL,
  channels: ['email', 'sms'],
  sent: [],
  ...over,
});
const why = (contact: ContactFacts, test = run()): string[] =>
  notTold([contact], test).map((one) => `${one.channel ?? '-'} ${one.why}`);

describe('whom a test could not tell', () => {
  const bounced = address({ failedAt: BEFORE });
  const unverified = address({ verifiedAt: null });
  const mobile = address({ channel: 'sms' });
  it.each<[string, AddressFacts[], Partial<TestRun>, string[]]>([
    ['an address that works', [address()], {}, []],
    ['one that had bounced', [bounced], {}, ['email bounced']],
    ['one that was never verified', [unverified], {}, ['email never-verified']],
    [
      'bounced says more than never verified',
      [address({ verifiedAt: null, failedAt: BEFORE })],
      {},
      ['email bounced'],
    ],
    ['no address', [], {}, ['- no-address']],
    ['an address on a channel that is not used', [mobile], { channels: ['email'] }, ['- no-address']],
    ['bounced, and told another way: named all the same', [bounced, mobile], {}, ['email bounced']],
    ['never verified, and told another way', [unverified, mobile], {}, []],
    [
      'both bad',
      [unverified, address({ channel: 'sms', failedAt: BEFORE })],
      {},
      ['email never-verified', 'sms bounced'],
    ],
    ['bounced after the test', [address({ failedAt: AFTER })], {}, []],
    ['bounced in the test: it had its message', [bounced], { sent: ['c1 email'] }, []],
    ['somebody else’s message', [bounced], { sent: ['c2 email'] }, ['email bounced']],
  ])('%s', (_name, addresses, test, expected) => {
    expect(why(head(addresses), run(test))).toEqual(expected);
  });

  it('says since when, and leaves out whoever came later', () => {
    expect(notTold([head([bounced])], run())).toEqual([
      { name: 'Hed Example', role: 'head', channel: 'email', why: 'bounced', since: BEFORE },
    ]);
    expect(why(head([unverified], { createdAt: AFTER }))).toEqual([]);
  });
});
