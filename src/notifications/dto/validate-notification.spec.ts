import { describe, expect, it } from '@jest/globals';
import { exampleNotification } from './example-notification.js';
import { validateNotification } from './validate-notification.js';

const NOW = new Date('2026-11-22T23:10:00Z');
type Json = Record<string, unknown>;

/** The example with changes at JSON pointers; `undefined` takes a member away. */
function changed(changes: Record<string, unknown>): unknown {
  const body = structuredClone(exampleNotification()) as unknown as Json;
  for (const [pointer, value] of Object.entries(changes)) {
    const path = pointer.split('/').slice(1);
    const last = path.pop() ?? '';
    const parent = path.reduce((at, key) => at[key] as Json, body);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return body;
}

function errorsOf(body: unknown): string[] {
  const result = validateNotification(body, NOW);
  return result.ok ? [] : result.errors.map(({ pointer, code }) => `${pointer} ${code}`).sort();
}

const child = (reference: string) => ({ reference, presence: 'unknown', ageEstimate: 6 });
const C = '/children/0';

describe('accepts', () => {
  it.each<[string, Record<string, unknown>]>([
    ['the example of the contract', {}],
    ['no version', { '/version': undefined }],
    ['nothing but what is required', { '/officer': undefined, '/adults': undefined, '/restrictions': undefined, '/referrals': undefined, '/incident': { startedAt: '2026-11-22T21:40:00Z' }, '/children': [child('1')] }],
    ['null for everything optional', { '/officer': null, '/adults': null, '/restrictions': null, '/referrals': null, '/version': null, '/incident/attendedAt': null, '/incident/risk': null, [`${C}/voice`]: null, [`${C}/settings`]: null, [`${C}/knownAs`]: null, [`${C}/education`]: null }],
    ['twenty children', { '/children': Array.from({ length: 20 }, (_, i) => child(String(i))) }],
    ['a child without a name', { [`${C}/forename`]: undefined, [`${C}/surname`]: null }],
    ['an age in place of a date of birth', { [`${C}/dateOfBirth`]: null, [`${C}/ageEstimate`]: 0.5 }],
    ['apostrophes, diacritics and Arabic', { [`${C}/forename`]: 'Zoë-سارة', [`${C}/surname`]: "O'Neill–Çelik 👧" }],
    ['a name of 200 letters beyond the basic plane', { [`${C}/surname`]: '𐐀'.repeat(200) }],
    ['circumstances as long as a body can be', { '/incident/circumstances': 'x'.repeat(200_000) }],
    ['an unknown URN, an odd one, a LAESTAB', { [`${C}/settings`]: [{ urn: '999999' }, { urn: 'n/k' }, { laestab: '202/1048' }] }],
    ['a UPN with a wrong check letter', { [`${C}/upn`]: 'A801200005001' }],
    ['an offset', { '/incident/startedAt': '2026-11-23T00:40:00.123+01:30' }],
    ['five minutes ahead', { '/incident/startedAt': '2026-11-22T23:15:00Z' }],
    ['born today in London', { [`${C}/dateOfBirth`]: '2026-11-22' }],
    ['29 February of a leap year', { [`${C}/dateOfBirth`]: '2020-02-29' }],
    ['interpreter as a flag', { [`${C}/interpreter`]: true }],
    ['line breaks and tabs', { '/incident/policeAction': 'one\n\ttwo' }],
  ])('%s', (_, changes) => {
    const body = changed(changes);
    expect(errorsOf(body)).toEqual([]);
    const result = validateNotification(body, NOW);
    expect(result.ok && result.value).toBe(body);
  }); // prettier-ignore

  it('takes the summer date of London, not of UTC, for "not in the future"', () => {
    const body = changed({
      [`${C}/dateOfBirth`]: '2026-07-02',
      '/incident/startedAt': '2026-07-01T22:00:00Z',
    });
    expect(validateNotification(body, new Date('2026-07-01T22:59:00Z')).ok).toBe(false);
    expect(validateNotification(body, new Date('2026-07-01T23:01:00Z')).ok).toBe(true);
  });
});

describe('refuses', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['no forceReference', { '/forceReference': undefined }, ['/forceReference required']],
    ['a blank forceReference', { '/forceReference': '  ' }, ['/forceReference blank']],
    ['a long forceReference', { '/forceReference': 'x'.repeat(101) }, ['/forceReference too-long']],
    ['a number as forceReference', { '/forceReference': 7 }, ['/forceReference wrong-type']],
    ['an unknown category', { '/category': 'missing' }, ['/category unknown-code']],
    ['a code that is inherited by every object', { '/category': 'constructor' }, ['/category unknown-code']],
    ['version 0', { '/version': 0 }, ['/version out-of-range']],
    ['version 1.5', { '/version': 1.5 }, ['/version out-of-range']],
    ['a version beyond an integer', { '/version': 2 ** 31 }, ['/version out-of-range']],
    ['a version in a string', { '/version': '1' }, ['/version wrong-type']],
    ['no incident', { '/incident': undefined }, ['/incident required']],
    ['a null incident', { '/incident': null }, ['/incident required']],
    ['an array as incident', { '/incident': [] }, ['/incident wrong-type']],
    ['no startedAt', { '/incident/startedAt': undefined }, ['/incident/startedAt required']],
    ['no offset', { '/incident/startedAt': '2026-11-22T21:40:00' }, ['/incident/startedAt not-an-instant']],
    ['30 February', { '/incident/startedAt': '2026-02-30T21:40:00Z' }, ['/incident/startedAt not-an-instant']],
    ['hour 24', { '/incident/startedAt': '2026-11-22T24:00:00Z' }, ['/incident/startedAt not-an-instant']],
    ['an instant as a number', { '/incident/startedAt': 1_790_000_000 }, ['/incident/startedAt wrong-type']],
    ['more than five minutes ahead', { '/incident/startedAt': '2026-11-22T23:15:00.001Z' }, ['/incident/startedAt instant-in-future']],
    ['ahead by its offset', { '/incident/startedAt': '2026-11-22T23:10:00-01:00' }, ['/incident/startedAt instant-in-future']],
    ['an unknown risk', { '/incident/risk': 'severe' }, ['/incident/risk unknown-code']],
    ['no children', { '/children': undefined }, ['/children required']],
    ['an empty list of children', { '/children': [] }, ['/children too-few']],
    ['21 children', { '/children': Array.from({ length: 21 }, (_, i) => child(String(i))) }, ['/children too-many']],
    ['an object as children', { '/children': { 0: child('1') } }, ['/children wrong-type']],
    ['null among the children', { '/children': [child('1'), null] }, ['/children/1 wrong-type']],
    ['the same reference three times', { '/children': [child('1'), child('1'), child('2'), child('1')] }, ['/children/1/reference duplicate', '/children/3/reference duplicate']],
    ['no presence', { [`${C}/presence`]: undefined }, [`${C}/presence required`]],
    ['an empty child', { '/children': [{}] }, [`${C}/dateOfBirth required`, `${C}/presence required`, `${C}/reference required`]],
    ['neither date of birth nor age', { [`${C}/dateOfBirth`]: null }, [`${C}/dateOfBirth required`]],
    ['born tomorrow', { [`${C}/dateOfBirth`]: '2026-11-23' }, [`${C}/dateOfBirth date-in-future`]],
    ['31 April', { [`${C}/dateOfBirth`]: '2017-04-31' }, [`${C}/dateOfBirth not-a-date`]],
    ['29 February of no leap year', { [`${C}/dateOfBirth`]: '2019-02-29' }, [`${C}/dateOfBirth not-a-date`]],
    ['a date in British order', { [`${C}/dateOfBirth`]: '04/03/2017' }, [`${C}/dateOfBirth not-a-date`]],
    ['an age of 40', { [`${C}/ageEstimate`]: 40 }, [`${C}/ageEstimate out-of-range`]],
    ['NUL in a name', { [`${C}/forename`]: 'A\0da' }, [`${C}/forename unsafe-text`]],
    ['half a surrogate pair', { '/incident/circumstances': 'x\ud800y' }, ['/incident/circumstances unsafe-text']],
    ['two faults in one text', { [`${C}/forename`]: '\0'.repeat(401) }, [`${C}/forename too-long`, `${C}/forename unsafe-text`]],
    ['a number among known names', { [`${C}/knownAs`]: ['Addy', 7, null] }, [`${C}/knownAs/1 wrong-type`, `${C}/knownAs/2 wrong-type`]],
    ['a string as flag', { [`${C}/voice/spokenTo`]: 'yes' }, [`${C}/voice/spokenTo wrong-type`]],
    ['a number as URN', { [`${C}/settings/0/urn`]: 900123 }, [`${C}/settings/0/urn wrong-type`]],
    ['an unknown member', { '/colour': 'blue' }, ['/colour unknown-member']],
    ['unknown members deep down', { '/adults/0/orders/0/judge': 'x', [`${C}/sex`]: 'f' }, ['/adults/0/orders/0/judge unknown-member', `${C}/sex unknown-member`]],
    ['a name that needs escaping', { '/a~1b': undefined, [`${C}/x`]: undefined, '/officer': { 'a/b~c': 1 } }, ['/officer/a~1b~0c unknown-member']],
    ['a name that might be a person', { '/officer': { 'Ada Example, 4 March': 1 } }, ['/officer unknown-member']],
    ['members every object inherits', { '/officer': JSON.parse('{"__proto__": {"name": 5}, "constructor": 1, "toString": 2}') }, ['/officer/__proto__ unknown-member', '/officer/constructor unknown-member', '/officer/toString unknown-member']],
    ['every error at once', { '/category': 'x', '/incident/risk': 4, [`${C}/presence`]: 'there', '/adults/1/role': 'aunt', '/referrals/0/at': 'late' }, ['/adults/1/role unknown-code', '/category unknown-code', `${C}/presence unknown-code`, '/incident/risk wrong-type', '/referrals/0/at not-an-instant']],
  ])('%s', (_, changes, expected) => {
    expect(errorsOf(changed(changes))).toEqual(expected);
  }); // prettier-ignore

  it.each([null, [], [exampleNotification()], 'text', 7, true, undefined])('a body that is %j', (body) => {
    expect(errorsOf(body)).toEqual([' wrong-type']);
  });

  it('is not fooled by members of the prototype', () => {
    const body = JSON.parse(
      '{"__proto__": {"forceReference": "x", "category": "domestic-abuse"}}',
    ) as unknown;
    expect(errorsOf(body)).toContain('/__proto__ unknown-member');
    expect(errorsOf(body)).toContain('/forceReference required');
    expect(errorsOf(Object.create(exampleNotification()))).toContain('/forceReference required');
  });

  it('stops a hostile body at a thousand errors, and says so', () => {
    const noise = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`m${i}`, 1]));
    const result = validateNotification({ ...exampleNotification(), ...noise }, NOW);
    expect(result.ok || result.errors.length).toBe(1001);
    expect(result.ok || result.errors.at(-1)?.code).toBe('too-many-errors');
    expect(errorsOf(changed({ '/children': Array(60_000).fill(null) })).length).toBe(1001);
    expect(errorsOf(changed({ [`${C}/knownAs`]: Array(60_000).fill(0) })).length).toBe(1001);
  });
});
