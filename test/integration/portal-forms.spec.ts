import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { settingActor } from '../../src/common/actor.js';
import { RedirectNotice } from '../../src/notices/redirect-notice.service.js';
import type { Page, Visitor } from '../support/visitor.js';
import { PortalScene, type StoredNotice } from './portal-support.js';

const WORDS = 'She said: “He shouted all night” & <b>cried</b>.';
const DECISION = {
  inSchool: 'yes',
  told: 'not-yet',
  seenHeardSaid: WORDS,
  decision: 'Quiet start, breakfast club',
};
const TYPED = WORDS.replace('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

describe('a form that comes too late', () => {
  let scene: PortalScene;
  let dsl: Visitor;
  let deputy: Visitor;
  const opened = async (visitor: Visitor, { id }: StoredNotice, base = `/notices/${id}`): Promise<void> => {
    await visitor.visit(base);
    await visitor.submit({}, '/open');
  };
  const decisions = async (): Promise<number> => {
    const [row] = await scene.app.db.inspect<{ n: number }>(`SELECT count(*)::int AS n FROM notice_action`);
    return row?.n ?? 0;
  };
  /** The notice, read by both, with the form of the support decision open in front of both. */
  const bothAtTheForm = async (): Promise<StoredNotice> => {
    const notice = await scene.postOne();
    await opened(deputy, notice);
    await opened(dsl, notice);
    await dsl.submit({}, '/acknowledge');
    for (const visitor of [dsl, deputy]) await visitor.visit(`/notices/${notice.id}/action`);
    return notice;
  };
  const post = (visitor: Visitor, fields: Record<string, string>, more: Record<string, string> = {}) =>
    scene.app.fetch(visitor.page.path, {
      method: 'POST',
      headers: { cookie: visitor.cookieHeader(), accept: 'text/html', ...more },
      body: new URLSearchParams(fields),
    });
  const tokenOf = (page: Page): string =>
    page.forms.find(({ fields }) => fields['_csrf'])?.fields['_csrf'] ?? '';

  beforeAll(async () => {
    scene = await PortalScene.open('2026-11-23 07:20');
    const { riverside } = scene.world;
    dsl = await scene.signIn(riverside.dsl.email);
    deputy = await scene.signIn(riverside.deputy.email);
  }, 60_000);

  afterAll(() => scene.close());

  it('says how long the session lasts while somebody writes', async () => {
    await bothAtTheForm();
    expect(dsl.page.text).toContain('After 60 minutes without a click you are signed out');
  });

  it('keeps the words of a decision that a colleague recorded first, and says who and what to do', async () => {
    const notice = await bothAtTheForm();
    await deputy.submit({ ...DECISION, decision: 'Deputy was first' }, '/action');
    const before = await decisions();
    const late = await dsl.submit(DECISION, '/action');
    expect(late.status).toBe(409);
    expect(late.text).toMatch(/There is a problem .*recorded already, by Dep riverside at 07:\d\d/);
    expect(late.html).toContain(TYPED);
    expect(late.text).toContain('Quiet start, breakfast club');
    expect(late.html).toContain(`href="/notices/${notice.id}/follow-up"`);
    expect(late.text).not.toContain('Record the support decision');
    expect(await decisions()).toBe(before);
  });

  it('keeps them too when the notice has been handed back meanwhile: they can be copied from the page', async () => {
    const { id } = await bothAtTheForm();
    const { riverside } = scene.world;
    const actor = settingActor(riverside.deputy.id, riverside.urn);
    await scene.app
      .get(RedirectNotice, { strict: false })
      .run(actor, riverside.deputy.id, id, 'not-our-pupil');
    const late = await dsl.submit(DECISION, '/action');
    expect(late.status).toBe(404);
    expect(late.text).toContain('It was not recorded, and only this page has it');
    expect(late.html).toContain(TYPED);
  });

  it('keeps a follow-up that came before the notice was read', async () => {
    const notice = await scene.postOne();
    await opened(dsl, notice);
    await dsl.visit(`/notices/${notice.id}/follow-up`);
    const early = await dsl.submit({ kind: 'task', text: WORDS, dueOn: '2026-11-25' }, '/follow-up');
    expect(early.status).toBe(409);
    expect(early.text).toContain('Read the notice first');
    expect(early.html).toContain(TYPED);
  });

  it('keeps the words of a desk’s officer whose colleague was first', async () => {
    const notice = await scene.postOne({ settings: [], education: 'home-educated' });
    const { officer, manager } = scene.world.desks['home-education'];
    const [one, two] = [await scene.signIn(officer.email), await scene.signIn(manager.email)];
    const base = `/authority/notices/${notice.id}`;
    for (const visitor of [two, one]) await opened(visitor, notice, base);
    await one.submit({}, '/acknowledge');
    for (const visitor of [one, two]) await visitor.visit(`${base}/action`);
    await one.submit({ ...DECISION, inSchool: 'not-a-school-day' }, '/action');
    const late = await two.submit({ ...DECISION, inSchool: 'not-a-school-day' }, '/action');
    expect(late.status).toBe(409);
    expect(late.text).toContain('recorded already, by Ofa home-education');
    expect(late.html).toContain(TYPED);
    expect(late.html).not.toContain('/follow-up');
  });

  it('after the session has ended is refused with the words to copy, and nothing but the words', async () => {
    await bothAtTheForm();
    const form = dsl.page;
    const secret = tokenOf(form);
    await scene.app.db.inspect(
      `UPDATE staff_session SET last_seen_at = last_seen_at - interval '61 minutes'`,
    );
    const meanwhile = await decisions();
    const late = await dsl.submit({ ...DECISION, code: '492817', email: 'dsl@riverside.example' }, '/action');
    expect([late.status, late.path]).toEqual([401, form.path]);
    expect(late.text).toContain('Nothing was recorded.');
    expect(late.html).toContain(TYPED);
    expect(late.html).toContain('href="/sign-in"');
    for (const other of [secret, '492817', 'dsl@riverside.example', 'Dee riverside'])
      expect(late.html).not.toContain(other);
    expect(await decisions()).toBe(meanwhile);
  }, 30_000);

  it('gives the words back also when the form’s token is no good, but never what another site sent', async () => {
    const own = await post(dsl, { ...DECISION, _csrf: 'stale' }, { 'sec-fetch-site': 'same-origin' });
    expect([own.status, own.headers.get('cache-control')]).toEqual([403, 'no-store']);
    const page = await own.text();
    expect(page).toContain('This form is too old');
    expect(page).toContain(TYPED);
    for (const from of ['cross-site', 'same-site']) {
      const foreign = await post(dsl, DECISION, { 'sec-fetch-site': from });
      expect(foreign.status).toBe(403);
      expect(await foreign.text()).not.toContain(TYPED);
    }
  });

  it('of which only a button was pressed says as plainly that nothing was recorded', async () => {
    await dsl.visit('/sign-in');
    const answer = await scene.app.fetch('/notices/00000000-0000-7000-8000-000000000000/acknowledge', {
      method: 'POST',
      headers: { cookie: dsl.cookieHeader(), accept: 'text/html' },
      body: new URLSearchParams({ _csrf: tokenOf(dsl.page) }),
    });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('Nothing was recorded.');
  });
});
