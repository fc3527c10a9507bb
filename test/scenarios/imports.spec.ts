import { existsSync, readdirSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ImportSettings } from '../../src/directory/import-settings.service.js';
import { giasText, schools } from '../integration/directory-fixture.js';
import { PEOPLE, PortalScene } from '../integration/portal-support.js';
import type { Visitor } from '../support/visitor.js';

describe('a file that an administrator uploads', () => {
  let scene: PortalScene;
  let administrator: Visitor;
  let dsl: Visitor;

  beforeAll(async () => {
    scene = await PortalScene.open();
    administrator = await scene.signIn(PEOPLE.administrator);
    dsl = await scene.signIn(scene.world.riverside.dsl.email);
  }, 60_000);
  afterAll(() => scene.close());

  const waiting = (): string[] => {
    const folder = scene.app.config.uploadsFolder;
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  /** As a browser without JavaScript sends the form. */
  const upload = async (
    visitor: Visitor,
    fields: Record<string, string>,
    content: string | Buffer | null,
    token = true,
  ): Promise<{ status: number; location: string | null; text: string }> => {
    await visitor.visit('/admin/imports');
    const form = new FormData();
    const csrf = visitor.page.forms.find((one) => one.fields['_csrf'])?.fields['_csrf'] ?? '';
    if (token) form.set('_csrf', csrf);
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    if (content !== null) form.set('file', new Blob([content]), 'A Parent’s Name.csv');
    const answer = await scene.app.fetch('/admin/imports', {
      method: 'POST',
      headers: visitor['headers'](),
      body: form,
    });
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() };
  };
  const register = (count: number, change?: Parameters<typeof schools>[1]): string =>
    giasText(...schools(count, (urn) => ({ la: '997', laName: 'Uploadshire', ...change?.(urn) })));
  const statusOf = async (urn: string) =>
    (await scene.app.db.inspect<{ status: string }>(`SELECT status FROM setting WHERE urn = $1`, [urn]))[0]
      ?.status;

  it('is kept for this account alone while it waits, runs as a job, and is deleted when it was read', async () => {
    const { status, location } = await upload(administrator, { kind: 'schools' }, register(40));
    expect(status).toBe(303);
    const [name] = waiting();
    expect(statSync(`${scene.app.config.uploadsFolder}/${name}`).mode & 0o777).toBe(0o600);
    expect(statSync(scene.app.config.uploadsFolder).mode & 0o777).toBe(0o700);
    expect(location).toBe(`/admin/imports/${name}`);

    const page = await scene.app.fetch(location ?? '', { headers: administrator['headers']() });
    expect(page.headers.get('refresh')).toBe('3');
    expect(await page.text()).toContain('Waiting for its turn');
    const still = await scene.app.fetch(`${location}?still=1`, { headers: administrator['headers']() });
    expect(still.headers.get('refresh')).toBeNull();

    await scene.app.drain();
    const done = await administrator.visit(location ?? '');
    expect(done.text).toContain('Done. 40 settings read, 40 of them new.');
    expect(done.text).toContain('Authorities created: 1');
    expect(waiting()).toEqual([]);
    expect(await statusOf('940001')).toBe('open');
  });

  it('is on the record with who, and nowhere by its name', async () => {
    const events = await scene.app.db.inspect<{ actor: string; action: string; detail: object }>(
      `SELECT actor, action, detail FROM audit_event WHERE action LIKE 'import.%' OR action = 'directory.imported' ORDER BY id`,
    );
    expect(events.map(({ action }) => action)).toEqual([
      'import.started',
      'directory.imported',
      'import.ended',
    ]);
    expect(events[1]?.actor).toMatch(/^person:/);
    const everything = JSON.stringify([events, await scene.app.db.inspect('SELECT * FROM import_run')]);
    expect(everything).not.toContain('Parent');
    expect(scene.app.log.text()).not.toContain('Parent');
  });

  it('asks before it closes more than one in twenty, shows which, and changes nothing until somebody says yes', async () => {
    const closing = register(40, (urn) => (urn < 940_004 ? { status: '2' } : {}));
    const { location } = await upload(administrator, { kind: 'schools' }, closing);
    await scene.app.drain();
    const asked = await administrator.visit(location ?? '');
    expect(asked.text).toContain(
      'The file closes 4 of the 40 open settings in it. Nothing has been changed yet.',
    );
    expect(asked.text).toContain('940003 School 940003');
    expect(await statusOf('940000')).toBe('open');
    expect(waiting()).toHaveLength(1);
    await administrator.submit({}, '/confirm');
    await scene.app.drain();
    expect((await administrator.visit(location ?? '')).text).toContain('Closed: 4');
    expect(await statusOf('940000')).toBe('closed');
    expect(waiting()).toEqual([]);
  });

  it('is forgotten when nobody says yes within a day', async () => {
    const closing = register(40, (urn) =>
      urn >= 940_030 ? { status: '2' } : { status: urn < 940_004 ? '2' : '1' },
    );
    const { location } = await upload(administrator, { kind: 'schools' }, closing);
    await scene.app.drain();
    expect(waiting()).toHaveLength(1);
    await scene.app.advance(25 * 3_600_000);
    const again = await scene.signIn(PEOPLE.administrator);
    expect((await again.visit(location ?? '')).text).toContain('Cancelled: nothing was changed');
    expect(waiting()).toEqual([]);
    expect(await statusOf('940035')).toBe('open');
    administrator = again;
  });

  it.each([
    [
      'an error page saved as .csv',
      '<!DOCTYPE html><html><body>Sign in</body></html>',
      'is a web page, not a table',
    ],
    [
      'a zip',
      Buffer.from('PK\u0003\u0004 and so on, and so on, and so on, and so on, and so on'),
      'zip archive or an Excel workbook',
    ],
    [
      'UTF-16',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('URN,LA (code)\r\n', 'utf16le')]),
      'is in UTF-16',
    ],
    ['a missing header', 'a,b,c\n1,2,3\n', 'no line with these column names'],
  ])('is refused with the reason when it is %s', async (_what, content, reason) => {
    const { location } = await upload(administrator, { kind: 'schools' }, content);
    await scene.app.drain();
    const page = await administrator.visit(location ?? '');
    expect(page.text).toContain('Refused: nothing was changed');
    expect(page.text).toContain(reason);
    expect(waiting()).toEqual([]);
  });

  it('sends the form back with every error at once, and keeps nothing', async () => {
    const nothing = await upload(administrator, { kind: 'icalendar' }, null);
    expect(nothing.status).toBe(422);
    for (const error of ['Say whose days the file has', 'Give the URN', 'Choose the file'])
      expect(nothing.text).toContain(error);
    const empty = await upload(administrator, { kind: 'links' }, '');
    expect([empty.status, empty.text.includes('The file is empty')]).toEqual([422, true]);
    expect(waiting()).toEqual([]);
  });

  it('takes an iCalendar file for its owner, and gov.uk’s bank holidays', async () => {
    const ics = 'BEGIN:VEVENT\r\nSUMMARY:INSET day\r\nDTSTART;VALUE=DATE:20270104\r\nEND:VEVENT\r\n';
    const days = await upload(administrator, { kind: 'icalendar', layer: 'setting', key: '900123' }, ics);
    await scene.app.drain();
    expect((await administrator.visit(days.location ?? '')).text).toContain('1 entries read, 1 of them new');
    const official = {
      'england-and-wales': { events: [{ title: 'Jubilee', date: '2027-06-04' }] },
      scotland: { events: [] },
      'northern-ireland': { events: [] },
    };
    const bank = await upload(administrator, { kind: 'bank-holidays' }, JSON.stringify(official));
    await scene.app.drain();
    expect((await administrator.visit(bank.location ?? '')).text).toContain('2027-06-04 Jubilee (wales)');
  });

  it('never comes from anybody else, nor without the page’s token, nor to another form', async () => {
    expect((await upload(dsl, { kind: 'schools' }, 'x')).status).toBe(403);
    expect((await upload(administrator, { kind: 'schools' }, register(2), false)).status).toBe(403);
    await administrator.visit('/admin/imports');
    const form = new FormData();
    form.set('_csrf', administrator.page.forms.find((one) => one.fields['_csrf'])?.fields['_csrf'] ?? '');
    const elsewhere = await scene.app.fetch('/settings', {
      method: 'POST',
      headers: administrator['headers'](),
      body: form,
    });
    expect(elsewhere.status).toBe(415);
    expect(waiting()).toEqual([]);
  });

  it('runs twice without harm, and a run whose file is gone says so', async () => {
    const { location } = await upload(administrator, { kind: 'schools' }, register(41));
    await scene.app.drain();
    await scene.app.db.inspect(
      `UPDATE outbox SET done_at = NULL, lease_until = NULL WHERE name = 'import.run'`,
    );
    await scene.app.drain();
    expect((await administrator.visit(location ?? '')).text).toContain('41 settings read, 1 of them new');
    await scene.app.db.inspect(`UPDATE import_run SET state = 'running' WHERE id = $1`, [
      location?.split('/').at(-1),
    ]);
    await scene.app.db.inspect(
      `UPDATE outbox SET done_at = NULL, lease_until = NULL WHERE name = 'import.run'`,
    );
    await scene.app.drain();
    expect((await administrator.visit(location ?? '')).text).toContain(
      'not on the machine that runs the imports',
    );
  });

  it('is never half seen: routing sees the register before or after, while the import runs', async () => {
    const settings = scene.app.get(ImportSettings, { strict: false });
    const file = register(3_000);
    const seen = new Set<number>();
    const running = settings.fromGias(() => [Buffer.from(file)]).then(() => 'done' as const);
    for (let state: 'done' | 'running' = 'running'; state === 'running';) {
      const [row] = await scene.app.db.inspect<{ n: number }>(
        `SELECT count(*)::int AS n FROM setting WHERE authority_code = '997'`,
      );
      seen.add(row?.n ?? 0);
      state = await Promise.race([running, Promise.resolve('running' as const)]);
    }
    expect([...seen].filter((count) => count !== 41 && count !== 3_000)).toEqual([]);
    expect(await statusOf('942999')).toBe('open');
  });
});
