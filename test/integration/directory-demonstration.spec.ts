import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoFile, type DemoJson } from '../../src/demonstration/demo-file.service.js';
import { LoadDemonstration } from '../../src/demonstration/load-demonstration.service.js';
import { whereToGo } from '../../src/demonstration/where-to-go.js';
import { startApp, type TestApp } from '../support/app.js';

let app: TestApp;
let home: string;
let demo: DemoJson;
let loadedInMs: number;

beforeAll(async () => {
  app = await startApp({ jobs: { autoStart: false } });
  home = await mkdtemp(join(tmpdir(), 'firstbell-demo-'));
  const before = performance.now();
  await app.get(LoadDemonstration, { strict: false }).load();
  loadedInMs = performance.now() - before;
  demo = await write('http://127.0.0.1:3000');
});
afterAll(async () => {
  await app.close();
  await rm(home, { recursive: true, force: true });
});

const write = (url: string) => app.get(DemoFile, { strict: false }).write(home, url);
const onDisk = async () => JSON.parse(await readFile(join(home, 'demo.json'), 'utf8')) as DemoJson;
const counts = () =>
  app.db
    .inspect(`SELECT (SELECT count(*) FROM setting) AS settings, (SELECT count(*) FROM contact) AS contacts,
    (SELECT count(*) FROM person) AS people, (SELECT count(*) FROM desk) AS desks, (SELECT count(*) FROM force) AS forces,
    (SELECT count(*) FROM calendar_entry) AS days, (SELECT count(*) FROM force_client) AS clients`);

describe('the demonstration area, loaded', () => {
  it('is there within three seconds', () => {
    expect(loadedInMs).toBeLessThan(3_000);
  });

  it('ends the same when it is loaded again, as after a first start that was broken off', async () => {
    const before = await counts();
    await app.get(LoadDemonstration, { strict: false }).load();
    await write('http://127.0.0.1:3000');
    expect(await counts()).toEqual(before);
  });

  it('serves three authorities, each with its desks', () => {
    expect(demo.authorities.map(({ code }) => code).sort()).toEqual(['990', '991', '999']);
    expect(demo.authorities[0]?.code).toBe('999');
  });
});

describe('demo.json', () => {
  it('has exactly the members of the contract, for this account only', async () => {
    expect((await stat(join(home, 'demo.json'))).mode & 0o777).toBe(0o600);
    const file = await onDisk();
    expect(file).toEqual(demo);
    expect(Object.keys(file)).toEqual(['url', 'mailUrl', 'forces', 'authorities', 'settings', 'people']);
    expect(file).toMatchObject({ url: 'http://127.0.0.1:3000', mailUrl: 'http://127.0.0.1:3000/mail' });
    const members = (list: object[]): string[][] =>
      [...new Set(list.map((one) => Object.keys(one).sort().join()))].map((text) => text.split(','));
    expect(members(file.forces)).toEqual([['clientId', 'clientSecret', 'code', 'name']]);
    expect(members(file.authorities)).toEqual([['code', 'name']]);
    expect(members(file.settings)).toEqual([['authority', 'contacts', 'name', 'urn']]);
    expect(members(file.people)).toEqual([['email', 'name', 'role']]);
    expect(members(file.settings.flatMap(({ contacts }) => contacts))).toEqual([['email', 'name', 'role']]);
  });

  it('begins with Riverside Primary and its DSL, deputy and head; open settings with people come first', async () => {
    const [first] = demo.settings;
    expect(first).toMatchObject({ urn: '900123', authority: '999' });
    expect(first?.contacts.map(({ role }) => role)).toEqual(['dsl', 'deputy', 'head']);
    const [row] = await app.db.inspect(`SELECT status FROM setting WHERE urn = '900123'`);
    expect(row).toEqual({ status: 'open' });
    const empty = demo.settings.findIndex(({ contacts }) => contacts.length === 0);
    expect(demo.settings.slice(empty).every(({ contacts }) => contacts.length === 0)).toBe(true);
  });

  it('names people of every kind of post, and nobody who cannot sign in', async () => {
    const roles = new Set(demo.people.map(({ role }) => role));
    for (const role of ['triage officer', 'duty officer', 'duty manager', 'administrator', 'force'])
      expect(roles).toContain(role);
    expect(demo.people[0]?.email).toBe('triage1@northshire.example');
    const emails = [...demo.people, ...demo.settings.flatMap(({ contacts }) => contacts)];
    const known = await app.db.inspect<{ email: string }>(`SELECT email FROM person`);
    const missing = emails.filter(({ email }) => !known.some((one) => one.email === email));
    expect(missing).toEqual([]);
  });

  it('holds credentials that work, for at least two forces with every scope', async () => {
    expect(demo.forces.length).toBeGreaterThanOrEqual(2);
    for (const { clientId, clientSecret } of demo.forces) {
      const answer = await app.fetch('/oauth/token', {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: 'grant_type=client_credentials',
      });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ scope: 'notifications:write notifications:read' });
    }
  });

  it('keeps the secrets when the port changes, and gets new ones when they are lost', async () => {
    const moved = await write('http://127.0.0.1:4000');
    expect(moved).toEqual({ ...demo, url: 'http://127.0.0.1:4000', mailUrl: 'http://127.0.0.1:4000/mail' });
    expect(await onDisk()).toEqual(moved);

    await rm(join(home, 'demo.json'));
    const again = await write('http://127.0.0.1:4000');
    expect(again.forces.map(({ code }) => code)).toEqual(demo.forces.map(({ code }) => code));
    expect(again.forces[0]?.clientId).not.toBe(demo.forces[0]?.clientId);
    demo = again;
  });
});

describe('where to go', () => {
  it('names an address for every kind of person', () => {
    const text = whereToGo(demo, app.clock.now()).join('\n');
    for (const email of [
      'dsl@riverside-primary.example',
      'deputy@riverside-primary.example',
      'head@riverside-primary.example',
      'triage1@northshire.example',
      'duty1@northshire.example',
      'inspector@northshire-police.example',
      'administrator@firstbell.example',
    ])
      expect(text).toContain(email);
    expect(text).toContain('http://127.0.0.1:4000/sign-in');
    expect(text).toContain('http://127.0.0.1:4000/mail');
  });
});
