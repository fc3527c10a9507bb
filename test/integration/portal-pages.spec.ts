import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { PEOPLE, PortalScene } from './portal-support.js';

describe('pages for whoever runs it, and for everybody', () => {
  let scene: PortalScene;
  let configured: TestApp;

  beforeAll(async () => {
    scene = await PortalScene.open();
    configured = await startApp({ mode: 'configured', jobs: { autoStart: false } });
  }, 60_000);

  afterAll(async () => {
    await scene.close();
    await configured.close();
  });

  const text = async (app: TestApp, path: string): Promise<[number, string]> => {
    const answer = await app.fetch(path);
    return [answer.status, await answer.text()];
  };

  it('tells the administrator what needs attention and what to do about it', async () => {
    const { app } = scene;
    await app.db.inspect(
      `UPDATE contact SET email_bounced_at = now() WHERE desk_id = (SELECT id FROM desk WHERE kind = 'duty')`,
    );
    await app.db.inspect(`UPDATE contact SET archived_at = now() WHERE setting_urn = '900124'`);
    await app.db.inspect(
      `INSERT INTO alert (id, kind, subject, detail, raised_at, last_raised_at)
       VALUES (gen_random_uuid(), 'desk-unreachable', '999', '{}', now(), now())`,
    );
    const administrator = await scene.signIn(PEOPLE.administrator);
    const page = await administrator.visit('/admin');
    expect(page.status).toBe(200);
    for (const words of [
      'checks need attention',
      'without anybody who can be reached',
      'Northshire: duty',
      '1 of 2 open settings have nobody who can be reached',
      '1 desk unreachable (999)',
      'Telephone the authority now',
      'Term dates, Northshire',
      'None: every weekday counts as a school day',
      'Oldest due timer',
      'version 0.1.0',
      'Open settings 2',
    ])
      expect(page.text).toContain(words);
    expect(page.html).not.toContain('@riverside.example');
  });

  it('counts on no address that nobody has verified', async () => {
    const administrator = await scene.signIn(PEOPLE.administrator);
    await scene.app.db.inspect(
      `UPDATE contact SET archived_at = NULL, email_bounced_at = NULL, email_verified_at = NULL
       WHERE setting_urn IS NOT NULL OR desk_id IN (SELECT id FROM desk WHERE kind = 'triage')`,
    );
    const page = await administrator.visit('/admin');
    expect(page.text).toContain('2 of 2 open settings have nobody who can be reached');
    expect(page.text).toContain('Northshire: triage');
  });

  it('has nothing at the mail pages where no mail is caught', async () => {
    for (const path of ['/mail', '/mail.json', '/mail/unknown']) {
      expect((await text(scene.app, path))[0]).toBe(404);
      expect((await text(configured, path))[0]).toBe(404);
    }
  });

  it('has a plain start page, with nothing of a demonstration, outside the embedded default', async () => {
    const [status, page] = await text(configured, '/');
    expect(status).toBe(200);
    expect(page).toContain('Sign in');
    for (const words of ['Try it', 'curl', 'Caught mail', 'demonstration']) expect(page).not.toContain(words);
  });

  it('says what it is, how accessible it is, and that no robot has business here', async () => {
    expect((await text(configured, '/about'))[1]).toContain('operator@firstbell.example');
    expect((await text(scene.app, '/accessibility'))[0]).toBe(200);
    expect(await text(scene.app, '/robots.txt')).toEqual([200, 'User-agent: *\nDisallow: /\n']);
    const icon = await scene.app.fetch('/favicon.ico');
    expect(icon.status).toBe(302);
    const picture = await scene.app.fetch(icon.headers.get('location') ?? '');
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  });
});
