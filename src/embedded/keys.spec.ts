import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addKey, loadOrCreateKeys } from './keys.js';
import { loadOrCreatePasswords } from './secrets.js';

const homes: string[] = [];
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'firstbell-keys-'));
  homes.push(home);
});
afterAll(() => homes.forEach((each) => rmSync(each, { recursive: true, force: true })));

describe('the keys of a home', () => {
  it('are made once, private, of 32 different bytes each', async () => {
    const keys = await loadOrCreateKeys(home);
    const all = [keys.masterKeys, keys.indexKeys, keys.tokenKeys, keys.sessionKeys, keys.auditKeys];
    expect(all.map((list) => list.map(({ version, key }) => [version, key.length]))).toEqual(
      all.map(() => [[1, 32]]),
    );
    expect(new Set(all.map((list) => list[0]?.key.toString('hex'))).size).toBe(5);
    expect(statSync(join(home, 'keys.json')).mode & 0o777).toBe(0o600);
    expect(await loadOrCreateKeys(home)).toEqual(keys);
  });

  it('are the same for many that ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateKeys(home)));
    expect(new Set(answers.map((keys) => keys.masterKeys[0]?.key.toString('hex'))).size).toBe(1);
    const passwords = await Promise.all(Array.from({ length: 20 }, () => loadOrCreatePasswords(home)));
    expect(new Set(passwords.map((each) => each.app)).size).toBe(1);
    expect(statSync(join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('keep earlier versions when a newer one is added', async () => {
    const before = await loadOrCreateKeys(home);
    const after = await addKey(home, 'token');
    expect(after.tokenKeys.map((key) => key.version)).toEqual([1, 2]);
    expect(after.tokenKeys[0]).toEqual(before.tokenKey);
    expect(after.tokenKey.version).toBe(2);
    expect(after.tokenKey.key).not.toEqual(before.tokenKey.key);
    expect(after.masterKeys).toEqual(before.masterKeys);
  });

  it.each([
    ['cut in half', (text: string) => text.slice(0, text.length / 2), /damaged/],
    [
      'without master keys',
      (text: string) => JSON.stringify({ ...JSON.parse(text), master: [] }),
      /"master"/,
    ],
    [
      'with a short key',
      (text: string) =>
        JSON.stringify({ ...JSON.parse(text), index: [{ version: 1, key: 'c2hvcnQ=', createdAt: '' }] }),
      /"index"/,
    ],
  ])('are refused when the file is %s, and the file stays as it is', async (_what, damage, message) => {
    await loadOrCreateKeys(home);
    const path = join(home, 'keys.json');
    const damaged = damage(readFileSync(path, 'utf8'));
    writeFileSync(path, damaged);
    await expect(loadOrCreateKeys(home)).rejects.toThrow(message);
    expect(readFileSync(path, 'utf8')).toBe(damaged);
  });
});
