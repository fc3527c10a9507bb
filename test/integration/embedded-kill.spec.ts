import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readRunningInstance } from '../../src/embedded/instance.js';
import { findServerProcesses } from '../../src/embedded/server-processes.js';
import { waitFor } from '../../src/embedded/wait.js';
import {
  compileEmbedded,
  endChild,
  hold,
  isRoot,
  NOBODY,
  othersCanRunNode,
  parentOf,
  query,
  spawnHolder,
  Workbench,
  type Held,
} from './embedded-fixture.js';

const homes: string[] = [];
const children: ChildProcess[] = [];
let bench: Workbench;
let compiled: string;

const newHome = (name: string): string => {
  const home = bench.home(name);
  homes.push(home);
  return home;
};
const holdHere = async (home: string): Promise<Held> => {
  const held = await hold(compiled, home);
  children.push(held.child);
  return held;
};

beforeAll(async () => {
  bench = await Workbench.make();
  compiled = compileEmbedded(join(bench.dir, 'compiled'));
});
afterEach(async () => {
  for (const child of children.splice(0)) await endChild(child, 'SIGTERM');
});
afterAll(() => bench.remove(homes));

describe('kill -9', () => {
  it('of the application leaves no PostgreSQL behind, and the next start has every committed row', async () => {
    const home = newHome('parent');
    const first = await holdHere(home);
    await query(first.ownerUrl, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)');
    expect(await readRunningInstance(home)).toMatchObject({ pid: first.child.pid, ownerUrl: first.ownerUrl });
    await endChild(first.child, 'SIGKILL');
    expect(await readRunningInstance(home)).toBeNull();
    expect(await waitFor(() => findServerProcesses(first.dataDir).length === 0, 5_000)).toBe(true);
    const second = await holdHere(home);
    expect(await query(second.ownerUrl, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });

  it('of the application does not hold up a start in the same instant', async () => {
    const home = bench.home('parent');
    const first = await holdHere(home);
    await endChild(first.child, 'SIGKILL');
    const second = await holdHere(home);
    expect(await query(second.ownerUrl, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });

  (process.platform === 'linux' ? it : it.skip)(
    'of the application and the supervisor: the next start ends the orphan and works',
    async () => {
      const home = bench.home('parent');
      const first = await holdHere(home);
      const supervisor = parentOf(first.postmaster);
      expect(supervisor).not.toBe(first.child.pid);
      process.kill(supervisor, 'SIGKILL');
      await endChild(first.child, 'SIGKILL');
      expect(findServerProcesses(first.dataDir).length).toBeGreaterThan(0);
      const second = await holdHere(home);
      expect(second.postmaster).not.toBe(first.postmaster);
      expect(await query(second.ownerUrl, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
      await endChild(second.child, 'SIGTERM');
      expect(second.child.exitCode).toBe(0);
      expect(findServerProcesses(first.dataDir)).toEqual([]);
    },
  );

  it('during the first start is made good by the next', async () => {
    const home = newHome('half');
    const child = spawnHolder(compiled, home);
    const place = join(home, 'postgres');
    const hasBegun = (): boolean =>
      existsSync(place) && readdirSync(place).some((name) => name.startsWith('data-new-'));
    expect(await waitFor(hasBegun, 15_000, 5)).toBe(true);
    await endChild(child, 'SIGKILL');
    expect(existsSync(join(place, 'data'))).toBe(false);
    const held = await holdHere(home);
    expect(await query(held.appUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('a second start in the same home', () => {
  it('refuses and names the first, its address and since when', async () => {
    const home = bench.home('parent');
    const first = await holdHere(home);
    const refusal = new RegExp(
      `already running in .*process ${first.child.pid}, at http://127.0.0.1:3999, since \\d{4}-.*FIRSTBELL_HOME`,
    );
    await expect(hold(compiled, home)).rejects.toThrow(refusal);
    expect(await query(first.appUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

(isRoot && othersCanRunNode() ? describe : describe.skip)('an ordinary user', () => {
  let theirs: string;
  let folder: string;

  beforeAll(() => {
    theirs = compileEmbedded(join(bench.dir, 'theirs'), true);
    folder = join(bench.dir, 'folder');
    mkdirSync(folder);
    chmodSync(folder, 0o700);
    chownSync(folder, NOBODY.uid, NOBODY.gid);
  });

  it('runs it in a private folder, as themselves, and it ends with kill -9', async () => {
    const home = newHome('folder/home');
    const first = await hold(theirs, home, NOBODY);
    children.push(first.child);
    expect(first.dataDir).toBe(join(home, 'postgres', 'data'));
    expect(statSync(first.dataDir).uid).toBe(NOBODY.uid);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    await query(first.ownerUrl, 'CREATE TABLE kept (id int)');
    await endChild(first.child, 'SIGKILL');
    expect(await waitFor(() => findServerProcesses(first.dataDir).length === 0, 5_000)).toBe(true);
    const second = await hold(theirs, home, NOBODY);
    children.push(second.child);
    expect(await query(second.ownerUrl, 'SELECT id FROM kept')).toEqual([]);
  });

  it("is told whose home it is when it is root's", async () => {
    const home = bench.home('parent');
    const held = await holdHere(home);
    await endChild(held.child, 'SIGTERM');
    await expect(hold(theirs, home, NOBODY)).rejects.toThrow(/belongs to user 0, and this is user 65534/);
  });
});
