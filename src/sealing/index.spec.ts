import { describe, expect, it } from '@jest/globals';
import { fc } from '../../test/support/properties.js';
import { blindIndex, blindIndexes } from './blind-index.js';
import { canonicalJson } from './canonical-json.js';
import { contentDigest, contentMatches } from './content-digest.js';
import { childNameDobValue, postcodeValue, upnValue } from './index-values.js';
import { KeyRing } from './key-ring.js';

const keyOf = (version: number, byte: number) => ({ version, key: Buffer.alloc(32, byte) });
const old = new KeyRing({ masterKeys: [keyOf(1, 1)], indexKeys: [keyOf(1, 2)] });
const rotated = new KeyRing({ masterKeys: [keyOf(1, 1)], indexKeys: [keyOf(1, 2), keyOf(2, 3)] });
const digestOf = (value: unknown) => contentDigest(old, canonicalJson(value)).toString('hex');

describe('the blind index', () => {
  it('is the same for the same value, and different for another value, kind or key', () => {
    const hex = (...args: Parameters<typeof blindIndex>) => blindIndex(...args).digest.toString('hex');
    const base = hex(old, 'upn', 'B801200005001');
    expect(hex(old, 'upn', 'B801200005001')).toBe(base);
    expect(base).toHaveLength(64);
    expect(hex(old, 'upn', 'A801200005001')).not.toBe(base);
    expect(hex(old, 'postcode', 'B801200005001')).not.toBe(base);
    expect(hex(rotated, 'upn', 'B801200005001')).not.toBe(base);
    expect(hex(rotated, 'upn', 'B801200005001', 1)).toBe(base);
  });

  it('finds rows of every key version during a rotation', () => {
    const search = blindIndexes(rotated, 'postcode', 'ZZ11AA');
    expect(search.map(({ keyVersion }) => keyVersion)).toEqual([2, 1]);
    expect(search[1]).toEqual(blindIndex(old, 'postcode', 'ZZ11AA'));
  });

  it('takes values that spelling does not change', () => {
    const value = childNameDobValue({ forename: 'Zoë', surname: "O'Neill-Smith", dateOfBirth: '2017-03-04' });
    expect(childNameDobValue({ forename: 'ZOE', surname: 'O’Neill Smith', dateOfBirth: '2017-03-04' })).toBe(
      value,
    );
    expect(childNameDobValue({ forename: 'Zoë', surname: ' ', dateOfBirth: '2017-03-04' })).toBeNull();
    expect(childNameDobValue({ forename: 'Zoë', surname: 'X', dateOfBirth: null })).toBeNull();
    expect(postcodeValue('zz1 1aa')).toBe(postcodeValue('ZZ11AA'));
    expect(upnValue('  ')).toBeNull();
  });
});

describe('the content digest', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(digestOf(reversed(value))).toBe(digestOf(value));
      }),
    );
  });

  it.each([
    ['spelling of a number', '{"a":1.0,"b":100}', '{"b":1e2,"a":1}', true],
    ['escapes in a string', '{"a":"\\u0041"}', '{"a":"A"}', true],
    ['a changed word', '{"a":"A"}', '{"a":"B"}', false],
    ['the order of a list', '{"a":[1,2]}', '{"a":[2,1]}', false],
    ['null and absent', '{"a":null}', '{}', false],
    ['a number and its digits', '{"a":1}', '{"a":"1"}', false],
  ])('%s', (_, one, other, same) => {
    expect(digestOf(JSON.parse(one)) === digestOf(JSON.parse(other))).toBe(same);
  });

  it('still recognises content that was digested before a rotation of the index key', () => {
    const text = canonicalJson({ a: 1 });
    expect(contentMatches(rotated, contentDigest(old, text), text)).toBe(true);
    expect(contentMatches(rotated, contentDigest(rotated, text), text)).toBe(true);
    expect(contentMatches(rotated, contentDigest(old, text), canonicalJson({ a: 2 }))).toBe(false);
    expect(contentMatches(rotated, Buffer.alloc(0), text)).toBe(false);
    expect(contentMatches(rotated, contentDigest(old, text).subarray(0, 20), text)).toBe(false);
  });

  it('refuses what is not JSON', () => {
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
