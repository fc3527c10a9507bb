import { describe, expect, it } from '@jest/globals';
import { fc } from '../../test/support/properties.js';
import { randomBytes } from 'node:crypto';
import { SealingError } from './errors.js';
import { KeyRing } from './key-ring.js';
import { freshBytes } from './random-pool.js';
import {
  newDataKey,
  openPayload,
  openWith,
  sealPayload,
  sealWith,
  unwrapDataKey,
  wrapDataKey,
} from './seal.js';

const key = (version: number) => ({ version, key: randomBytes(32) });
const masterKeys = [key(1), key(2)];
const indexKeys = [key(1)];
const ring = new KeyRing({ masterKeys, indexKeys });
const TEXT = 'verbatim police text: O’Neill, سارة';

function faultOf(run: () => unknown): SealingError {
  try {
    run();
  } catch (error) {
    if (error instanceof SealingError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('sealing', () => {
  it('opens what it sealed, byte for byte, whatever the text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.uuid(), (bytes, rowId) => {
        const plaintext = Buffer.from(bytes);
        expect(openPayload(ring, rowId, sealPayload(ring, { rowId, plaintext }))).toEqual(plaintext);
      }),
    );
  });

  it('seals several rows of one notification under its one key', () => {
    const dataKey = newDataKey(ring, 'n1');
    const first = sealWith(dataKey, 'version:1', TEXT);
    const second = sealWith(dataKey, 'version:2', TEXT);
    expect(first.equals(second)).toBe(false);
    const reopened = unwrapDataKey(ring, 'n1', dataKey);
    expect(openWith(reopened, 'version:1', first).toString()).toBe(TEXT);
    expect(openWith(reopened, 'version:2', second).toString()).toBe(TEXT);
    expect(faultOf(() => openWith(reopened, 'version:2', first)).code).toBe('cannot-open');
  });

  it('leaves no plaintext in what is stored', () => {
    const sealed = sealPayload(ring, { rowId: 'n1', plaintext: TEXT });
    expect(Buffer.concat([sealed.wrappedKey, sealed.ciphertext]).includes('police')).toBe(false);
    expect(sealed.wrappedKey.length).toBe(1 + 12 + 16 + 32);
    expect(sealed.ciphertext.length).toBe(1 + 12 + 16 + Buffer.byteLength(TEXT));
  });

  it('refuses another row, and says nothing of the text', () => {
    const sealed = sealPayload(ring, { rowId: 'n1', plaintext: TEXT });
    const fault = faultOf(() => openPayload(ring, 'n2', sealed));
    expect(fault.code).toBe('cannot-open');
    expect(`${fault.message}${fault.stack}${JSON.stringify(fault)}`).not.toMatch(/police|n1|n2/);
    expect(fault.cause).toBeUndefined();
  });

  it('refuses any single changed, missing or added byte', () => {
    const sealed = sealPayload(ring, { rowId: 'n1', plaintext: TEXT });
    for (const part of ['wrappedKey', 'ciphertext'] as const) {
      for (let at = 0; at < sealed[part].length; at++) {
        const changed = Buffer.from(sealed[part]);
        changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
        expect(faultOf(() => openPayload(ring, 'n1', { ...sealed, [part]: changed })).code).toBe(
          'cannot-open',
        );
        const cut = sealed[part].subarray(0, at);
        expect(faultOf(() => openPayload(ring, 'n1', { ...sealed, [part]: cut })).code).toBe('cannot-open');
      }
      const longer = Buffer.concat([sealed[part], Buffer.of(0)]);
      expect(faultOf(() => openPayload(ring, 'n1', { ...sealed, [part]: longer })).code).toBe('cannot-open');
    }
  });

  it('refuses the wrong master key version, and names an unknown one', () => {
    const sealed = sealPayload(ring, { rowId: 'n1', plaintext: TEXT });
    expect(sealed.masterKeyVersion).toBe(2);
    expect(faultOf(() => openPayload(ring, 'n1', { ...sealed, masterKeyVersion: 1 })).code).toBe(
      'cannot-open',
    );
    expect(faultOf(() => openPayload(ring, 'n1', { ...sealed, masterKeyVersion: 9 })).code).toBe(
      'unknown-key-version',
    );
  });

  it('re-wraps an old key under a new master key without touching the sealed rows', () => {
    const before = new KeyRing({ masterKeys: masterKeys.slice(0, 1), indexKeys });
    const sealed = sealPayload(before, { rowId: 'n1', plaintext: TEXT });
    const rewrapped = wrapDataKey(ring, unwrapDataKey(ring, 'n1', sealed));
    const after = new KeyRing({ masterKeys: masterKeys.slice(1), indexKeys });
    expect(rewrapped.masterKeyVersion).toBe(2);
    expect(openPayload(after, 'n1', { ...rewrapped, ciphertext: sealed.ciphertext }).toString()).toBe(TEXT);
  });

  it('never hands out the same random bytes twice', () => {
    const seen = new Set(Array.from({ length: 2000 }, () => freshBytes(12).toString('hex')));
    expect(seen.size).toBe(2000);
    expect(() => freshBytes(8193)).toThrow(RangeError);
  });
});

describe('the key ring', () => {
  const good = randomBytes(32);
  it.each([
    ['no master key', { masterKeys: [], indexKeys }],
    ['no index key', { masterKeys, indexKeys: [] }],
    ['a short key', { masterKeys: [{ version: 1, key: randomBytes(16) }], indexKeys }],
    ['version 0', { masterKeys: [{ version: 0, key: good }], indexKeys }],
    ['a fraction', { masterKeys: [{ version: 1.5, key: good }], indexKeys }],
    ['a version over 65,535', { masterKeys: [{ version: 65_536, key: good }], indexKeys }],
    ['a version twice', { masterKeys: [key(1), key(1)], indexKeys }],
    ['one key for both', { masterKeys: [{ version: 1, key: good }], indexKeys: [{ version: 1, key: good }] }],
  ])('refuses %s', (_, keys) => {
    expect(faultOf(() => new KeyRing(keys)).code).toBe('bad-key-material');
  });

  it('takes the highest version as the current one, in any order', () => {
    const unordered = new KeyRing({ masterKeys: [key(2), key(10), key(9)], indexKeys });
    expect(unordered.masterVersion).toBe(10);
    expect(unordered.masterVersions).toEqual([10, 9, 2]);
  });
});
