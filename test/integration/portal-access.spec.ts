import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assertRoutesDeclared } from '../../src/common/http/create-http-app.js';
import type { Audience, DeclaredRoute } from '../../src/common/http/route-declarations.js';
import { Visitor } from '../support/visitor.js';
import { NARRATIVE, PEOPLE, PortalScene, type StoredNotice } from './portal-support.js';

/** Somebody at a browser, and which audiences they belong to. */
interface Role {
  name: string;
  audiences: Audience[];
  /** Has a relationship to the notice under test. */
  related: boolean;
  visitor: Visitor;
}

/** Enough for the forms that look at what they were sent before they look for the notice. */
const COMPLETE = {
  answer: 'yes',
  urn: '900124',
  inSchool: 'yes',
  told: 'not-yet',
  decision: 'Keep an eye on her',
};
const EVERYBODY: Audience[] = ['public', 'embedded-only'];

describe('who may call what', () => {
  let scene: PortalScene;
  let notice: StoredNotice;
  let routes: DeclaredRoute[];
  const roles: Role[] = [];

  const role = async (name: string, email: string | null, audiences: Audience[], related = false) => {
    const visitor = email === null ? new Visitor(scene.app) : await scene.signIn(email);
    roles.push({ name, audiences: [...EVERYBODY, ...audiences], related, visitor });
  };
  const named = (name: string): Role => {
    const found = roles.find((one) => one.name === name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const pathOf = ({ path }: DeclaredRoute): string =>
    path.replace(':noticeId', notice.id).replace(':what', 'assigned').replace(/:\w+/g, 'unknown');

  /** As a browser sends it, with the token of a page of this person; redirects are not followed. */
  const call = async ({ visitor }: Role, route: DeclaredRoute, withToken = true): Promise<Response> => {
    const headers = visitor['headers']();
    if (route.access?.audiences.includes('force-client')) {
      const body = route.method === 'GET' ? {} : { body: '{}' };
      const json = { ...headers, 'content-type': 'application/json' };
      return scene.app.fetch(pathOf(route), { method: route.method, headers: json, ...body });
    }
    if (route.method === 'GET') return scene.app.fetch(pathOf(route), { headers });
    await visitor.visit('/');
    const token = visitor.page.forms.find(({ fields }) => fields['_csrf'])?.fields['_csrf'];
    const fresh = token ? visitor : await tokenOfSignIn(visitor);
    const body = new URLSearchParams(
      withToken ? { ...COMPLETE, _csrf: token ?? fresh.page.forms[0]?.fields['_csrf'] ?? '' } : {},
    );
    return scene.app.fetch(pathOf(route), { method: route.method, headers: visitor['headers'](), body });
  };

  const tokenOfSignIn = async (visitor: Visitor): Promise<Visitor> => {
    await visitor.visit('/sign-in');
    return visitor;
  };

  beforeAll(async () => {
    scene = await PortalScene.open();
    const { riverside, hillside, desks, operator } = scene.world;
    notice = await scene.postOne();
    routes = assertRoutesDeclared(scene.app.nest);
    await role('nobody', null, []);
    await role('dsl', riverside.dsl.email, ['staff', 'school'], true);
    await role('dsl of another school', hillside.dsl.email, ['staff', 'school']);
    await role('duty officer', desks.duty.officer.email, ['staff', 'authority'], true);
    await role('officer of another authority', PEOPLE.stranger, ['staff', 'authority']);
    await role('operator', operator.officer.email, ['staff', 'authority']);
    await role('force', PEOPLE.force, ['staff', 'force-user']);
    await role('administrator', PEOPLE.administrator, ['staff', 'administrator']);
  }, 60_000);

  afterAll(() => scene.close());

  const guarded = (): DeclaredRoute[] =>
    routes.filter(({ access }) => !access?.audiences.some((who) => who === 'public'));

  it('has routes for every audience', () => {
    const audiences = new Set(routes.flatMap(({ access }) => access?.audiences ?? []));
    for (const who of [
      'school',
      'authority',
      'force-user',
      'administrator',
      'embedded-only',
      'staff',
    ] as const)
      expect(audiences).toContain(who);
  });

  it('turns away whoever does not belong to the route’s audience, and changes nothing', async () => {
    const before = await scene.everything();
    const answers: string[] = [];
    for (const route of guarded()) {
      for (const who of roles) {
        const admitted = route.access?.audiences.some((audience) => who.audiences.includes(audience));
        if (admitted) continue;
        const { status, headers } = await call(who, route);
        const program = route.access?.audiences.includes('force-client');
        // Whoever only looks is led to the sign-in; whoever sent something is told that it was not taken.
        const toSignIn = route.method === 'GET' ? 303 : 401;
        const wanted = program ? 401 : who.name === 'nobody' ? toSignIn : 403;
        const elsewhere = status === 303 && headers.get('location') !== '/sign-in';
        if (status !== wanted || elsewhere)
          answers.push(`${who.name}: ${route.method} ${route.path}: ${status} instead of ${wanted}`);
      }
    }
    expect(answers).toEqual([]);
    expect(await scene.everything()).toBe(before);
  }, 120_000);

  it('answers 404 for a notice of another school or authority, on every route, and changes nothing', async () => {
    const before = await scene.everything();
    const answers: string[] = [];
    for (const route of guarded().filter(({ path }) => path.includes(':noticeId'))) {
      for (const who of roles.filter(({ related }) => !related)) {
        if (!route.access?.audiences.some((audience) => who.audiences.includes(audience))) continue;
        const answer = await call(who, route);
        const text = await answer.text();
        if (answer.status !== 404 || text.includes(NARRATIVE))
          answers.push(`${who.name}: ${route.method} ${route.path}: ${answer.status}`);
      }
    }
    expect(answers).toEqual([]);
    expect(await scene.everything()).toBe(before);
  }, 120_000);

  it('answers 404 for contacts, absences, places, school days and local names of others, on every route, and changes nothing', async () => {
    const theirs = await scene.thingsOfRiverside();
    const parts = Object.keys(theirs).filter((part) => part !== ':layer');
    const routes = guarded().filter(({ path }) => parts.some((part) => path.includes(part)));
    expect(parts.filter((part) => !routes.some(({ path }) => path.includes(part)))).toEqual([]);
    const before = await scene.everything();
    const answers: string[] = [];
    for (const route of routes) {
      const path = Object.entries(theirs).reduce((left, [part, id]) => left.replace(part, id), route.path);
      for (const who of [named('dsl of another school'), named('officer of another authority')]) {
        if (!route.access?.audiences.some((audience) => who.audiences.includes(audience))) continue;
        const answer = await call(who, { ...route, path });
        if (answer.status !== 404)
          answers.push(`${who.name}: ${route.method} ${route.path}: ${answer.status}`);
      }
    }
    expect(answers).toEqual([]);
    expect(await scene.everything()).toBe(before);
  }, 120_000);

  it('shows each person their own pages', async () => {
    for (const [who, path] of [
      ['dsl', '/inbox'],
      ['dsl', `/notices/${notice.id}`],
      ['duty officer', '/authority'],
      ['duty officer', '/authority/desk'],
      ['duty officer', `/authority/notices/${notice.id}`],
      ['force', '/force'],
      ['administrator', '/admin'],
    ] as const) {
      const page = await named(who).visitor.visit(path);
      expect([who, path, page.status]).toEqual([who, path, 200]);
    }
  });

  it('refuses every form without its token, whatever it is sent as, and changes nothing', async () => {
    const before = await scene.everything();
    const posts = guarded().filter(
      ({ method, access }) => method === 'POST' && !access?.audiences.includes('force-client'),
    );
    expect(posts.length).toBeGreaterThan(8);
    for (const route of posts) {
      const who = named(route.access?.audiences.includes('school') ? 'dsl' : 'duty officer');
      const bare = await call(who, route, false);
      expect([route.path, bare.status]).toEqual([route.path, 403]);
      expect(await bare.text()).toContain('This form is too old');
      for (const type of [null, 'text/plain', 'application/json']) {
        const answer = await scene.app.fetch(pathOf(route), {
          method: 'POST',
          headers: { ...who.visitor['headers'](), ...(type ? { 'content-type': type } : {}) },
          ...(type ? { body: type.endsWith('json') ? '{}' : 'x' } : {}),
        });
        expect([route.path, type, [403, 415].includes(answer.status)]).toEqual([route.path, type, true]);
      }
    }
    expect(await scene.everything()).toBe(before);
  }, 60_000);

  it('keeps the forms’ token when a mail’s link is followed from another site, as it keeps the session', async () => {
    const answer = await scene.app.fetch('/sign-in', { headers: { accept: 'text/html' } });
    const [token] = answer.headers.getSetCookie().filter((line) => line.startsWith('_csrf='));
    // A Strict cookie stays behind there: the page would begin a new secret, and every form open in another tab would be refused.
    expect(token).toMatch(/; SameSite=Lax/i);
    expect(token).toMatch(/; HttpOnly/i);
  });

  it('changes nothing by GET or HEAD, a hundred times, prefetched or not', async () => {
    const before = await scene.everything();
    for (const route of guarded().filter(({ method }) => method === 'GET')) {
      const who = roles.find((one) =>
        route.access?.audiences.some((audience) => one.related && one.audiences.includes(audience)),
      );
      if (!who) continue;
      const rounds = /:noticeId(\/read)?$/.test(route.path) ? 10 : 1;
      const headers = { ...who.visitor['headers'](), purpose: 'prefetch', 'sec-purpose': 'prefetch' };
      for (let round = 0; round < rounds; round += 1) {
        await Promise.all(
          Array.from({ length: 10 }, async (_, i) => {
            const method = i % 2 === 0 ? 'GET' : 'HEAD';
            const answer = await scene.app.fetch(pathOf(route), { method, headers });
            await answer.arrayBuffer();
            expect(answer.status).toBeLessThan(500);
          }),
        );
      }
    }
    expect(await scene.everything()).toBe(before);
  }, 120_000);

  it('lets a person with two posts choose before anything else', async () => {
    const both = await scene.signIn(PEOPLE.twoPosts);
    expect(both.page.path).toBe('/sign-in/post');
    expect((await both.visit('/authority')).path).toBe('/sign-in/post');
  });

  it('shows a force what became of its own notifications, and not a word of the account', async () => {
    const { visitor } = named('force');
    const page = await visitor.visit('/force');
    expect(page.text).toContain('Riverside Primary School, URN 900123');
    for (const secret of [NARRATIVE, 'Dee riverside', scene.world.riverside.dsl.email])
      expect(page.html).not.toContain(secret);
    const [kept] = await scene.app.db.inspect<{ reference: string }>(
      `SELECT force_reference AS reference FROM notification`,
    );
    expect((await visitor.visit(`/force?reference=${kept?.reference}`)).text).toContain('Version 1');
    expect((await visitor.visit('/force?reference=NONE-1')).text).toContain('No notification of yours');
    const other = await scene.signIn(PEOPLE.otherForce);
    expect((await other.visit('/force')).text).toContain('No notifications yet');
  });
});
