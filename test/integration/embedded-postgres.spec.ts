import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCommandDatabase } from '../../src/embedded/command-database.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';
import { publishInstance } from '../../src/embedded/instance.js';
import { findServerProcesses } from '../../src/embedded/server-processes.js';
import { waitFor } from '../../src/embedded/wait.js';
import { isRoot, parentOf, query, recordingLog, Workbench, type LogLine } from './embedded-fixture.js';

const lines: LogLine[] = [];
const log = recordingLog(lines);
const homes: string[] = [];
const running: EmbeddedPostgres[] = [];
let bench: Workbench;

const newHome = (name: string): string => {
  const home = bench.home(name);
  homes.push(home);
  return home;
};
const start = async (home: string, options: object = {}): Promise<EmbeddedPostgres> => {
  const postgres = await startEmbeddedPostgres({ home, log, ...options });
  running.push(postgres);
  return postgres;
};
const isAnswering = (url: string): Promise<boolean> =>
  query(url, 'SELECT 1').then(
    () => true,
    () => false,
  );

beforeAll(async () => {
  bench = await Workbench.make();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
});
afterAll(() => bench.remove(homes));

describe('the embedded PostgreSQL', () => {
  it('is durable, local, checksummed and gives each role no more than it needs', async () => {
    const postgres = await start(newHome('one'));
    const [settings] = await query(
      postgres.superuserUrl,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
        current_setting('full_page_writes') AS pages, current_setting('data_checksums') AS checksums,
        current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS sockets,
        current_setting('server_encoding') AS encoding, current_setting('max_connections') AS connections,
        (SELECT datcollate FROM pg_database WHERE datname = 'firstbell') AS collate,
        (SELECT count(*)::int FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256') AS weak`,
    );
    expect(settings).toEqual({
      fsync: 'on',
      commit: 'on',
      pages: 'on',
      checksums: 'on',
      listen: '127.0.0.1',
      sockets: '',
      encoding: 'UTF8',
      connections: '200',
      collate: 'C',
      weak: 0,
    });
    const roles = await query(
      postgres.superuserUrl,
      `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin
         FROM pg_roles WHERE rolname LIKE 'firstbell%' ORDER BY 1`,
    );
    const least = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolcanlogin: true,
    };
    expect(roles).toEqual([
      { rolname: 'firstbell_app', ...least },
      { rolname: 'firstbell_owner', ...least },
    ]);
    await query(
      postgres.ownerUrl,
      'CREATE EXTENSION pg_trgm; CREATE SCHEMA bullmq; CREATE TABLE owned (id int)',
    );
    expect(
      await query(postgres.ownerUrl, `SELECT similarity('Riverside', 'Riversyde') > 0.5 AS alike`),
    ).toEqual([{ alike: true }]);
    await expect(query(postgres.appUrl, 'CREATE TABLE mine (id int)')).rejects.toThrow(/permission denied/);
    await expect(query(postgres.appUrl, 'CREATE SCHEMA mine')).rejects.toThrow(/permission denied/);
    await expect(query(postgres.appUrl, 'SELECT * FROM owned')).rejects.toThrow(/permission denied/);
    const elsewhere = new URL(postgres.appUrl);
    elsewhere.pathname = '/postgres';
    await expect(query(elsewhere.href, 'SELECT 1')).rejects.toThrow(/permission denied/);
    const wrong = new URL(postgres.superuserUrl);
    wrong.password = 'x'.repeat(32);
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('keeps its data, passwords and keys, all private to this account, over a second start', async () => {
    const home = bench.home('one');
    const first = await start(home);
    await query(first.ownerUrl, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)');
    const keys = readFileSync(join(home, 'keys.json'), 'utf8');
    await first.stop();
    expect(findServerProcesses(first.dataDir)).toEqual([]);
    const second = await start(home);
    expect(await query(second.ownerUrl, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
    expect(new URL(second.ownerUrl).password).toBe(new URL(first.ownerUrl).password);
    expect(readFileSync(join(home, 'keys.json'), 'utf8')).toBe(keys);
    for (const name of [
      'secrets.json',
      'keys.json',
      'location.json',
      'postgres.log',
      'lock.json',
      'cluster.json',
    ]) {
      expect([name, statSync(join(home, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(readFileSync(join(home, 'postgres.log'), 'utf8')).not.toContain(new URL(first.ownerUrl).password);
  });

  it('runs side by side with that of another home, whatever the characters in its path', async () => {
    const [one, two] = await Promise.all([start(bench.home('one')), start(newHome("two's home – é"))]);
    expect(one.port).not.toBe(two.port);
    expect(await Promise.all([isAnswering(one.appUrl), isAnswering(two.appUrl)])).toEqual([true, true]);
    // Another connection string of the second home must not open the first.
    const crossed = new URL(two.appUrl);
    crossed.port = String(one.port);
    await expect(query(crossed.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('is started again on the same port when PostgreSQL is killed, with every committed row', async () => {
    const exits: unknown[] = [];
    const postgres = await start(bench.home('one'), { onExit: (how: unknown) => exits.push(how) });
    await query(postgres.ownerUrl, 'CREATE TABLE survivor (id int); INSERT INTO survivor VALUES (1)');
    const before = postgres.postmasterPid() as number;
    process.kill(before, 'SIGKILL');
    expect(await waitFor(() => (postgres.postmasterPid() ?? before) !== before, 10_000)).toBe(true);
    expect(await query(postgres.ownerUrl, 'SELECT id FROM survivor')).toEqual([{ id: 1 }]);
    expect(exits).toEqual([{ code: null, signal: 'SIGKILL' }]);
  });

  (process.platform === 'linux' ? it : it.skip)('survives the end of its supervisor', async () => {
    const postgres = await start(bench.home('one'));
    const before = postgres.postmasterPid() as number;
    process.kill(parentOf(before), 'SIGKILL');
    expect(await waitFor(() => (postgres.postmasterPid() ?? before) !== before, 10_000)).toBe(true);
    expect(await isAnswering(postgres.appUrl)).toBe(true);
    await postgres.stop();
    expect(findServerProcesses(postgres.dataDir)).toEqual([]);
  });

  it('can be halted and resumed on the same port, for failures on purpose', async () => {
    const postgres = await start(bench.home('one'));
    await postgres.halt();
    expect(await isAnswering(postgres.appUrl)).toBe(false);
    await postgres.resume();
    expect(await isAnswering(postgres.appUrl)).toBe(true);
    await postgres.restart();
    expect(await isAnswering(postgres.appUrl)).toBe(true);
    const other = await postgres.openDatabase('worker_1');
    expect(await query(other.ownerUrl, 'SELECT current_database() AS name')).toEqual([{ name: 'worker_1' }]);
  });

  it('starts although the process number in postmaster.pid now belongs to another program', async () => {
    const postgres = await start(bench.home('one'));
    await postgres.stop();
    const stale = join(postgres.dataDir, 'postmaster.pid');
    writeFileSync(stale, `${process.pid}\n${postgres.dataDir}\n1700000000\n5432\n\n127.0.0.1\n`);
    expect(await isAnswering((await start(bench.home('one'))).appUrl)).toBe(true);
  });

  it('lets a command use the running database, or starts one for the command alone', async () => {
    const home = bench.home('one');
    const alone = await openCommandDatabase({ home, log, purpose: 'firstbell doctor' });
    expect(alone.instance).toBeNull();
    expect(await isAnswering(alone.ownerUrl)).toBe(true);
    await alone.close();
    expect(await isAnswering(alone.ownerUrl)).toBe(false);

    const postgres = await start(home);
    const { ownerUrl, appUrl: databaseUrl } = postgres;
    const published = await publishInstance(home, { url: 'http://127.0.0.1:3999', databaseUrl, ownerUrl });
    const beside = await openCommandDatabase({ home, log, purpose: 'firstbell doctor' });
    expect(beside.instance).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:3999' });
    await beside.close();
    expect(await isAnswering(beside.ownerUrl)).toBe(true);
    await published.withdraw();
  });
});

describe('damage is named, never made worse', () => {
  it('sets new passwords when secrets.json was lost', async () => {
    const home = bench.home('one');
    rmSync(join(home, 'secrets.json'));
    const postgres = await start(home);
    expect(await query(postgres.ownerUrl, 'SELECT id FROM survivor')).toEqual([{ id: 1 }]);
  });

  it('refuses data of another major version and leaves it as it is', async () => {
    const home = bench.home("two's home – é");
    const { dataDir, stop } = await start(home);
    await stop();
    const version = join(dataDir, 'PG_VERSION');
    const original = readFileSync(version, 'utf8');
    writeFileSync(version, '12\n');
    await expect(start(home)).rejects.toThrow(/made by PostgreSQL 12.*Nothing was changed/);
    writeFileSync(version, original);
    expect(await isAnswering((await start(home)).appUrl)).toBe(true);
  });

  it('does not quietly begin anew when the data has vanished', async () => {
    const home = bench.home("two's home – é");
    const { dataDir, stop } = await start(home);
    await stop();
    renameSync(dataDir, `${dataDir}.away`);
    await expect(start(home)).rejects.toThrow(/is no longer in/);
    renameSync(`${dataDir}.away`, dataDir);
    expect(await isAnswering((await start(home)).appUrl)).toBe(true);
  });

  it('refuses to make new keys beside old data', async () => {
    const home = bench.home("two's home – é");
    const keys = readFileSync(join(home, 'keys.json'));
    rmSync(join(home, 'keys.json'));
    await expect(start(home)).rejects.toThrow(/keys.json is missing/);
    writeFileSync(join(home, 'keys.json'), keys, { mode: 0o600 });
    expect(await isAnswering((await start(home)).appUrl)).toBe(true);
  });
});

(isRoot ? describe : describe.skip)('as root', () => {
  it('keeps the database outside a home that only root can enter, and starts there again', async () => {
    const closed = join(bench.dir, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const home = newHome('closed/home');
    const first = await start(home);
    expect(first.dataDir).toMatch(/^\/var\/tmp\/firstbell-[0-9a-f]{16}\/data$/);
    await query(first.ownerUrl, 'CREATE TABLE kept (id int)');
    await first.stop();
    const second = await start(home);
    expect(second.dataDir).toBe(first.dataDir);
    expect(await query(second.ownerUrl, 'SELECT id FROM kept')).toEqual([]);
    expect(statSync(second.dataDir).uid).not.toBe(0);
  });

  it('does not use a folder outside the home that somebody else could write', async () => {
    const home = bench.home('closed/home');
    const place = (JSON.parse(readFileSync(join(home, 'location.json'), 'utf8')) as { dir: string }).dir;
    chmodSync(place, 0o777);
    await expect(start(home)).rejects.toThrow(/not a folder that only this user can write/);
    chmodSync(place, 0o711);
    expect(await isAnswering((await start(home)).appUrl)).toBe(true);
  });
});
