import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Visitor } from '../support/visitor.js';
import { NARRATIVE, PortalScene, type StoredNotice } from './portal-support.js';

const desk = (notice: StoredNotice): string => `/authority/notices/${notice.id}`;

describe('a desk at work', () => {
  let scene: PortalScene;
  let triage: Visitor;
  let duty: Visitor;
  let dsl: Visitor;
  const stored = async ({ id }: StoredNotice): Promise<Record<string, unknown>> => {
    const [row] = await scene.app.db.inspect(`SELECT * FROM notice WHERE id = $1`, [id]);
    return row ?? {};
  };
  const audited = async ({ id }: StoredNotice, action: string): Promise<number> => {
    const rows = await scene.app.db.inspect(
      `SELECT 1 FROM audit_event WHERE notice_id = $1 AND action = $2`,
      [id, action],
    );
    return rows.length;
  };
  const follower = async ({ id }: StoredNotice): Promise<StoredNotice> => {
    const [row] = await scene.app.db.inspect<StoredNotice>(
      `SELECT id, reference, state FROM notice WHERE from_notice_id = $1`,
      [id],
    );
    if (!row) throw new Error('nothing followed');
    return row;
  };

  beforeAll(async () => {
    scene = await PortalScene.open();
    const { desks, riverside } = scene.world;
    triage = await scene.signIn(desks.triage.officer.email);
    duty = await scene.signIn(desks.duty.officer.email);
    dsl = await scene.signIn(riverside.dsl.email);
  }, 60_000);

  afterAll(() => scene.close());

  it('places what nobody could place: the school has it at once', async () => {
    const unplaced = await scene.postOne({ settings: [], schoolStated: null, forename: 'Dilys' });
    const list = await triage.visit('/authority/desk');
    expect(list.text).toContain(unplaced.reference);
    expect(list.text).toContain('Dilys');
    expect(list.html).not.toContain(NARRATIVE);
    expect(await audited(unplaced, 'desk.read')).toBe(1);
    const page = await triage.visit(desk(unplaced));
    expect(page.text).toContain('Dilys');
    expect(page.text).toContain('No school was stated and none is known');
    expect(page.html).not.toContain(NARRATIVE);
    expect(await audited(unplaced, 'desk.read')).toBe(2);
    await triage.visit(desk(unplaced));
    await triage.submit({ q: 'riverside' }, '/search');
    expect(triage.page.text).toContain('Riverside Primary School');
    expect(triage.page.text).not.toContain('Hillside');
    const none = await triage.submit({}, '/assign');
    expect([none.status, none.text.includes('Choose the setting that is the child’s')]).toEqual([422, true]);
    await duty.visit(desk(unplaced));
    await duty.submit({ q: '900123' }, '/search');
    await triage.visit(desk(unplaced));
    await triage.submit({ q: 'ZZ1 3AA' }, '/search');
    expect(triage.page.text).toContain('the same postcode');
    const done = await triage.submit({ urn: '900123' }, '/assign');
    expect(done).toMatchObject({ status: 200, path: '/authority/done/held' });
    const late = await duty.submit({ urn: '900124' }, '/assign');
    expect(late.status).toBe(409);
    expect(late.text).toContain('Ofa triage has chosen Riverside Primary School for this one');
    await scene.app.drain();
    expect((await dsl.visit('/inbox')).text).not.toContain(unplaced.reference);
    await scene.app.advance(2 * 60_000);
    expect((await dsl.visit('/inbox')).text).toContain(unplaced.reference);
    expect(await audited(unplaced, 'notice.placed')).toBe(1);
    expect((await stored(unplaced))['setting_urn']).toBe('900123');
  });

  it('says that a setting is not in the register, and keeps the choice', async () => {
    const notice = await scene.postOne({ settings: [], schoolStated: null });
    await triage.visit(desk(notice));
    await triage.submit({ q: 'hillside' }, '/search');
    const wrong = await triage.submit({ urn: '999999' }, '/assign');
    expect([wrong.status, wrong.text.includes('no setting with that URN')]).toEqual([422, true]);
  });

  it('hides where a child lives when the address is safe only if nobody knows it', async () => {
    const child = { settings: [], schoolStated: null, homePostcode: 'ZZ9 9ZZ' };
    const safe = await scene.postOne(child, {
      restrictions: { doNotDiscloseTo: [], safeAddress: true, activeInvestigation: false },
    });
    expect((await triage.visit(desk(safe))).html).not.toContain('ZZ9 9ZZ');
    const open = await scene.postOne(child, {
      restrictions: { doNotDiscloseTo: [], safeAddress: false, activeInvestigation: false },
    });
    expect((await triage.visit(desk(open))).text).toContain('ZZ9 9ZZ');
  });

  it('takes charge once: the second officer is told who was first', async () => {
    const notice = await scene.postOne();
    const before = await stored(notice);
    await triage.visit(desk(notice));
    await duty.visit(desk(notice));
    const charged = await duty.submit({}, '/take-charge');
    expect(charged.path).toBe(desk(notice));
    expect(charged.text).toContain('Ofa duty took charge at 21:42');
    const second = await triage.submit({}, '/take-charge');
    expect(second.status).toBe(409);
    expect(second.text).toContain('A colleague has taken charge of this notice');
    const now = await stored(notice);
    for (const column of ['state', 'generation', 'acknowledge_by', 'acknowledged_at'])
      expect([column, now[column]]).toEqual([column, before[column]]);
  });

  it('records a telephone acknowledgement with whom, when and how; it is no portal acknowledgement', async () => {
    const notice = await scene.postOne();
    const { riverside } = scene.world;
    await duty.visit(desk(notice));
    expect(duty.page.html).not.toContain(NARRATIVE);
    expect(duty.page.text).toContain('Dee riverside');
    const empty = await duty.submit({ contactId: '', toldTime: '23:59' }, '/telephone');
    expect(empty.status).toBe(422);
    for (const words of ['Choose the contact you told', 'cannot be later than now', 'Say how you made sure'])
      expect(empty.text).toContain(words);
    expect(empty.html).toContain('value="23:59"');
    const form = { toldTime: '21:42', identityCheck: 'known-voice' };
    const wrong = await duty.submit({ ...form, contactId: scene.world.hillside.dsl.id }, '/telephone');
    expect([wrong.status, wrong.text.includes('a contact of this notice’s school')]).toEqual([422, true]);
    const done = await duty.submit({ ...form, contactId: riverside.head.id }, '/telephone');
    expect(done).toMatchObject({ status: 200, path: '/authority/done/telephone' });
    expect(await stored(notice)).toMatchObject({
      state: 'acknowledged',
      acknowledged_via: 'telephone',
      acknowledged_by: riverside.head.id,
      recorded_by: scene.world.desks.duty.officer.id,
    });
    const after = await duty.visit(desk(notice));
    expect(after.text).toContain(
      'Hed riverside acknowledged it at 21:42, by telephone, recorded by the desk',
    );
    expect(after.forms.some(({ action }) => action.endsWith('/telephone'))).toBe(false);
  });

  it('gets “Not our pupil” at once, with what the school knows; for the school it is gone', async () => {
    const notice = await scene.postOne({ forename: 'Emrys' });
    await dsl.visit(`/notices/${notice.id}`);
    await dsl.visit(`/notices/${notice.id}/not-our-pupil`);
    const nothing = await dsl.submit({ words: 'Left in July for a school by the sea.', do: 'hand-back' });
    expect([nothing.status, nothing.text.includes('Choose where the child is now')]).toEqual([422, true]);
    await dsl.submit({
      where: 'not-known',
      words: 'Left in July for a school by the sea.',
      do: 'hand-back',
    });
    expect(dsl.page.text).toContain('The authority’s desk has it now');
    for (const path of ['', '/read', '/action'])
      expect((await dsl.visit(`/notices/${notice.id}${path}`)).status).toBe(404);
    expect((await dsl.visit('/inbox')).text).not.toContain(notice.reference);
    const next = await follower(notice);
    expect((await triage.visit('/authority/desk')).text).toContain(next.reference);
    const page = await triage.visit(desk(next));
    expect(page.text).toContain('A setting says it is not its pupil');
    expect(page.text).toContain('Left in July for a school by the sea.');
  });

  it('is shown what each school knows that handed the child back, not only the last one’s', async () => {
    const { riverside, hillside } = scene.world;
    const both = await scene.post({
      children: [scene.child({ settings: [{ urn: riverside.urn }, { urn: hillside.urn }] })],
    });
    expect(both).toHaveLength(2);
    const schools = new Map([
      ['900123', { visitor: dsl, words: 'Left in July for a school by the sea.' }],
      ['900124', { visitor: await scene.signIn(hillside.dsl.email), words: 'Never ours: her brother is.' }],
    ]);
    for (const notice of both) {
      const school = schools.get(String((await stored(notice))['setting_urn']));
      await school?.visitor.visit(`/notices/${notice.id}/not-our-pupil`);
      await school?.visitor.submit({ where: 'not-known', words: school.words, do: 'hand-back' });
      await scene.app.advance(60_000);
    }
    const followers = await scene.app.db.inspect<StoredNotice>(
      `SELECT id, reference, state FROM notice WHERE from_notice_id = ANY($1)`,
      [both.map(({ id }) => id)],
    );
    expect(followers).toHaveLength(1);
    const { text } = await triage.visit(desk(followers[0]));
    expect(text).toMatch(
      /What Riverside Primary School knows, said at 21:\d\d Left in July for a school by the sea\./,
    );
    expect(text).toMatch(/What Hillside Primary School knows, said at 21:\d\d Never ours: her brother is\./);
  });

  it('gets “I know this family” at once; its reader never finds it again', async () => {
    const notice = await scene.postOne();
    await dsl.visit(`/notices/${notice.id}`);
    await dsl.submit({}, '/known-family');
    expect((await dsl.visit(`/notices/${notice.id}`)).status).toBe(404);
    const next = await follower(notice);
    expect((await triage.visit(desk(next))).text).toContain('another reader is needed');
    await triage.visit(desk(next));
    await triage.submit({ q: '900123' }, '/search');
    await triage.submit({ urn: '900123' }, '/assign');
    await scene.app.advance(2 * 60_000);
    expect((await dsl.visit('/inbox')).text).not.toContain(next.reference);
    expect((await dsl.visit(`/notices/${next.id}`)).status).toBe(404);
    const head = await scene.signIn(scene.world.riverside.head.email);
    expect((await head.visit('/inbox')).text).toContain(next.reference);
    await duty.visit(desk(next));
    expect(duty.page.text).toContain('Hed riverside');
    expect(duty.page.text).not.toContain('Dee riverside');
  });

  it('never lets a deputy who is an adult of the incident see it, or a count of it', async () => {
    const deputy = await scene.signIn(scene.world.riverside.deputy.email);
    const count = async (): Promise<string[]> =>
      (await deputy.visit('/inbox')).text.match(/\(\d+\)|\d+ notices?/g) ?? [];
    const before = await count();
    const adults = [
      { role: 'suspect' as const, forename: 'Dep', surname: 'riverside', relationshipToChild: 'aunt' },
    ];
    const notice = await scene.postOne({}, { adults });
    expect((await dsl.visit('/inbox')).text).toContain(notice.reference);
    expect(await count()).toEqual(before);
    expect(deputy.page.text).not.toContain(notice.reference);
    expect((await deputy.visit(`/notices/${notice.id}`)).status).toBe(404);
    expect((await duty.visit(desk(notice))).text).not.toContain('Dep riverside');
  });

  it('reads, acknowledges and decides on its own notice, and nobody else’s', async () => {
    const notice = await scene.postOne({ settings: [], education: 'home-educated' });
    const list = await duty.visit('/authority/desk');
    expect(list.text).toContain(`Read notice ${notice.reference}`);
    expect((await triage.visit(desk(notice))).forms.some(({ action }) => action.endsWith('/open'))).toBe(
      false,
    );
    const own = await scene.signIn(scene.world.desks['home-education'].officer.email);
    expect((await own.visit(`${desk(notice)}/read`)).path).toBe(desk(notice));
    expect(own.page.html).not.toContain(NARRATIVE);
    await own.submit({}, '/open');
    expect(own.page.text).toContain(NARRATIVE);
    expect(await audited(notice, 'notice.opened')).toBe(1);
    await own.submit({}, '/acknowledge');
    expect(own.page.path).toBe('/authority/done/acknowledged');
    expect(await stored(notice)).toMatchObject({ state: 'acknowledged', acknowledged_via: 'portal' });
    await own.visit(`${desk(notice)}/action`);
    const wanting = await own.submit({}, '/action');
    expect(wanting.status).toBe(422);
    await own.submit(
      { inSchool: 'not-a-school-day', told: 'not-yet', decision: 'Visit tomorrow' },
      '/action',
    );
    expect(own.page.text).toContain('Visit tomorrow');
    expect(await stored(notice)).toMatchObject({ state: 'actioned' });
  });

  it('cannot acknowledge a school’s notice from its own pages', async () => {
    const notice = await scene.postOne();
    await duty.visit(desk(notice));
    const token = duty.page.forms.find(({ fields }) => fields['_csrf'])?.fields['_csrf'] ?? '';
    for (const what of ['open', 'acknowledge', 'action']) {
      const answer = await scene.app.fetch(`${desk(notice)}/${what}`, {
        method: 'POST',
        headers: duty['headers'](),
        body: new URLSearchParams({ _csrf: token }),
      });
      expect([what, answer.status]).toEqual([what, 404]);
    }
    expect(await stored(notice)).toMatchObject({ acknowledged_at: null });
  });

  it('is shown a missed bell until somebody has read it, HIGH first among equals', async () => {
    const at = scene.app.clock.now();
    const incident = (risk: 'high' | 'standard') => ({
      incident: { startedAt: at.toISOString(), risk, circumstances: NARRATIVE },
    });
    const standard = await scene.postOne({}, incident('standard'));
    const high = await scene.postOne({}, incident('high'));
    expect((await duty.visit('/authority/desk')).text).not.toContain(standard.reference);
    await scene.app.runUntil('2026-11-23 08:46');
    duty = await scene.signIn(scene.world.desks.duty.officer.email);
    const { text } = await duty.visit('/authority/desk');
    expect(text).toContain('The bell has gone and nobody at the setting has read it');
    expect(text).toContain(`Ring about notice ${standard.reference}`);
    expect(text.indexOf(high.reference)).toBeLessThan(text.indexOf(standard.reference));
    expect((await duty.visit(desk(high))).text).toContain('The bell was at 08:45');
  }, 90_000);
});
