import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireHomeLock, HomeInUse, holdsHomeLock, readLockHolder } from './home-lock.js';
import { publishInstance, readRunningInstance } from './instance.js';
import { processMark } from './process-identity.js';

let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'firstbell-lock-'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const addresses = {
  url: 'http://127.0.0.1:3000',
  databaseUrl: 'postgres://a:b@127.0.0.1/x',
  ownerUrl: 'postgres://o:b@127.0.0.1/x',
};

describe('the lock of a home', () => {
  it('belongs to one holder, who is named to the next with address and time', async () => {
    const home = join(base, 'one');
    const lock = await acquireHomeLock(home);
    const instance = await publishInstance(home, addresses);
    expect(statSync(join(home, 'lock.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'instance.json')).mode & 0o777).toBe(0o600);
    const refusal = await acquireHomeLock(home, 'firstbell doctor').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(HomeInUse);
    expect((refusal as Error).message).toMatch(
      new RegExp(`npm start, process ${process.pid}, at http://127.0.0.1:3000, since \\d{4}-\\d\\d-\\d\\dT`),
    );
    expect(await readRunningInstance(home)).toMatchObject({ pid: process.pid, ...addresses });
    await instance.withdraw();
    await lock.release();
    expect(await readRunningInstance(home)).toBeNull();
    expect(await readLockHolder(home)).toBeNull();
    expect(holdsHomeLock(home)).toBe(false);
    await (await acquireHomeLock(home)).release();
  });

  it('is taken over from a process that has ended', async () => {
    const home = join(base, 'dead');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const mark = processMark(child.pid as number);
    const first = await acquireHomeLock(home);
    const stored = JSON.parse(readFileSync(join(home, 'lock.json'), 'utf8')) as object;
    writeFileSync(
      join(home, 'lock.json'),
      JSON.stringify({ ...stored, pid: child.pid, mark, token: 'theirs' }),
    );
    await first.release();
    await expect(acquireHomeLock(home)).rejects.toThrow(`process ${child.pid}`);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const lock = await acquireHomeLock(home);
    expect(await readLockHolder(home)).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  it('is taken over when the process number was given to another program', async () => {
    const home = join(base, 'reused');
    await (await acquireHomeLock(home)).release();
    const earlier = {
      pid: process.pid,
      mark: 'another-boot/1',
      purpose: 'npm start',
      since: 'then',
      token: 'x',
    };
    writeFileSync(join(home, 'lock.json'), JSON.stringify(earlier));
    writeFileSync(join(home, 'instance.json'), JSON.stringify({ ...earlier, ...addresses }));
    expect(await readRunningInstance(home)).toBeNull();
    await (await acquireHomeLock(home)).release();
  });

  it('is free when the disk damaged it', async () => {
    const home = join(base, 'damaged');
    await (await acquireHomeLock(home)).release();
    writeFileSync(join(home, 'lock.json'), '');
    writeFileSync(join(home, 'instance.json'), '{"pid":');
    expect(await readRunningInstance(home)).toBeNull();
    await (await acquireHomeLock(home)).release();
  });

  it('goes to exactly one of many that find a dead one at once', async () => {
    const home = join(base, 'race');
    await (await acquireHomeLock(home)).release();
    for (let round = 0; round < 5; round += 1) {
      const dead = {
        pid: 2 ** 22 + 1,
        mark: 'gone',
        purpose: 'npm start',
        since: 'then',
        token: `dead-${round}`,
      };
      writeFileSync(join(home, 'lock.json'), JSON.stringify(dead));
      const tries = await Promise.allSettled(Array.from({ length: 12 }, () => acquireHomeLock(home)));
      const winners = tries.filter((each) => each.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      await winners[0]?.value.release();
    }
  });
});
