import { afterEach, describe, expect, it } from '@jest/globals';
import { authorityActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { AcknowledgeNotice } from '../../src/notices/acknowledge-notice.service.js';
import { AssignSetting } from '../../src/triage/assign-setting.service.js';
import { ChangeDesk } from '../../src/triage/change-desk.service.js';
import { CLAIM_MINUTES, Claims } from '../../src/triage/claims.service.js';
import { RecordHandOver } from '../../src/triage/hand-over.service.js';
import { SendHeld } from '../../src/triage/send-held.service.js';
import { london } from '../support/clock.js';
import type { WorldContact } from '../support/world.js';
import { on, Scene, type StoredNotice } from './support/scene.js';

const UNPLACED = { settings: [], schoolStated: 'A school by the river', homeAuthorityCode: '999' };
const SCHOOL = ['deputy@riverside.example', 'dsl@riverside.example'];

let scene: Scene;
afterEach(() => scene.close());

/** Its officers' first mails are no test's business here. */
const triaged = async (more: Record<string, unknown> = {}): Promise<StoredNotice> => {
  const notice = await scene.postOne({
    children: [scene.child(scene.world.riverside, { ...UNPLACED, ...more })],
  });
  await scene.happened();
  return notice;
};
const officer = (): WorldContact => scene.world.desks.triage.officer;
const manager = (): WorldContact => scene.world.desks.triage.manager;
const assign = (who: WorldContact, id: string, urn = '900123') =>
  scene.app.get(AssignSetting, { strict: false }).run(authorityActor(who.id, '999'), who.id, id, urn);
const undo = (who: WorldContact, placementId: string): Promise<void> =>
  scene.app.get(AssignSetting, { strict: false }).undo(authorityActor(who.id, '999'), who.id, placementId);
const claim = (who: WorldContact, ids: string[]) =>
  scene.app.get(Claims, { strict: false }).claim(authorityActor(who.id, '999'), who.id, ids);
const placements = (id: string) =>
  scene.app.db.inspect<{ sent_at: Date | null; undone_at: Date | null; failure: string | null }>(
    `SELECT sent_at, undone_at, failure FROM placement WHERE notice_id = $1 ORDER BY chosen_at, id`,
    [id],
  );

describe('a choice that can be taken back', () => {
  it('tells the school after two minutes, and until then the desk owns it and its clock runs', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id, desk_id } = await triaged();
    await scene.until('2026-11-23 07:20');
    await assign(officer(), id);
    expect(await scene.happened()).toEqual([]);
    expect(await scene.notice(id)).toMatchObject({ state: 'triage', desk_id, setting_urn: null });
    expect((await scene.notice(id)).next_due_at).not.toBeNull();
    expect(await scene.until('2026-11-23 07:21')).toEqual([]);
    expect(await scene.until('2026-11-23 07:25')).toEqual(
      on(
        '2026-11-23',
        SCHOOL.map((to) => `07:22 ${to}`),
      ),
    );
    expect(await scene.notice(id)).toMatchObject({ state: 'delivered', setting_urn: '900123' });
  });

  it('taken back, never tells the school, and can be chosen again', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await triaged();
    const { placementId } = await assign(officer(), id, '900124');
    await undo(manager(), placementId);
    expect(await scene.actions(id)).toContain('notice.placement-undone');
    expect((await scene.until('2026-11-22 22:00')).filter((line) => line.includes('hillside'))).toEqual([]);
    expect((await scene.notice(id)).state).toBe('triage');
    await assign(officer(), id);
    await scene.until('2026-11-22 22:10');
    expect((await scene.notice(id)).setting_urn).toBe('900123');
  });

  it('is neither shown to an officer of the operator’s desk who must not know of the child, nor taken back by one', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.app.db.inspect(`UPDATE force SET default_authority_code = NULL`);
    const { operator, riverside } = scene.world;
    const nowhere = { settings: [], schoolStated: null, homeAuthorityCode: null, homePostcode: null };
    const { id, reference, desk_id } = await scene.postOne({ children: [scene.child(riverside, nowhere)] });
    expect(desk_id).toBe(operator.id);
    await scene.happened();
    const chooses = await scene.signIn(operator.officer);
    await chooses.visit(`/authority/notices/${id}`);
    await chooses.submit({ q: riverside.urn }, '/search');
    await chooses.submit({ urn: riverside.urn }, '/assign');
    const colleague = await scene.signIn(operator.manager);
    expect((await colleague.visit('/authority/desk')).text).toContain(reference);
    await scene.app.db.inspect(
      `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at) VALUES ($1, $2, 'by-person', $3)`,
      [id, operator.manager.id, scene.app.clock.now()],
    );
    expect((await colleague.visit('/authority/desk')).text).not.toContain(reference);
    expect(colleague.page.text).not.toContain('About to be told');
    const [placement] = await scene.app.db.inspect<{ id: string }>(`SELECT id FROM placement`);
    const refused = await scene.app.fetch('/authority/desk/take-back', {
      method: 'POST',
      headers: { cookie: colleague.cookieHeader(), accept: 'text/html' },
      body: new URLSearchParams({
        _csrf: colleague.page.forms.find(({ fields }) => fields['_csrf'])?.fields['_csrf'] ?? '',
        placement: placement.id,
      }),
    });
    expect([refused.status, (await refused.text()).includes('not at your desk any more')]).toEqual([
      409,
      true,
    ]);
    expect((await chooses.visit('/authority/desk')).text).toContain(reference);
    expect(await scene.actions(id)).not.toContain('notice.placement-undone');
  });

  it('is not held within 60 minutes of the bell: every minute is the school’s', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await triaged();
    await scene.until('2026-11-23 07:45');
    const { sendAt } = await assign(officer(), id);
    expect(sendAt).toBeNull();
    expect((await scene.happened()).filter((line) => line.includes('riverside'))).toEqual(
      on(
        '2026-11-23',
        SCHOOL.map((to) => `07:45 ${to}`),
      ),
    );
  });

  it.each([1, 2, 3, 4, 5])(
    'undo and its timer at the same instant: one of them, and only one (%i)',
    async () => {
      scene = await Scene.open('2026-11-22 21:40');
      const { id } = await triaged();
      const { placementId } = await assign(officer(), id);
      scene.app.clock.set(london('2026-11-22 21:42'));
      const [undone] = await Promise.allSettled([undo(officer(), placementId), scene.app.drain()]);
      await scene.until('2026-11-22 21:50');
      const [placement] = await placements(id);
      const state = (await scene.notice(id)).state;
      if (undone.status === 'fulfilled') {
        expect([placement?.sent_at, state]).toEqual([null, 'triage']);
      } else {
        expect(String(undone.reason)).toContain('too late');
        expect([placement?.undone_at, state]).toEqual([null, 'delivered']);
      }
    },
  );

  it('still tells the school when everything stopped between the choice and the sending', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await triaged();
    await assign(officer(), id);
    // Nobody ran anything for an hour; the timer is a row, and the row is still there.
    scene.app.clock.set(london('2026-11-22 22:40'));
    expect((await scene.happened()).filter((line) => line.includes('riverside'))).toHaveLength(2);
    expect((await scene.notice(id)).setting_urn).toBe('900123');
  });

  it('run twice, tells the school once', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await triaged();
    const { placementId } = await assign(officer(), id);
    await scene.until('2026-11-22 21:45');
    const { generation } = await scene.notice(id);
    const system = { name: 'system:again', scope: 'system' };
    const { Database } = await import('../../src/database/database.js');
    await scene.app
      .get(Database, { strict: false })
      .transaction(system, (tx) => scene.app.get(SendHeld, { strict: false }).run(tx, placementId));
    expect(await scene.happened()).toEqual([]);
    expect((await scene.notice(id)).generation).toBe(generation);
  });

  it('for a setting that closed meanwhile, is given back to the officers at once', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await triaged();
    await assign(officer(), id, '900124');
    await scene.app.db.inspect(`UPDATE setting SET status = 'closed' WHERE urn = '900124'`);
    const told = await scene.until('2026-11-22 21:45');
    expect(told.filter((line) => line.includes('triage.northshire'))).toHaveLength(2);
    expect(told.filter((line) => line.includes('hillside'))).toEqual([]);
    expect((await placements(id)).map(({ failure }) => failure)).toEqual(['setting-refused']);
    expect(await scene.notice(id)).toMatchObject({ state: 'triage' });
  });
});

describe('a desk’s own notice for which an officer has chosen a school', () => {
  const HOME_EDUCATED = { education: 'home-educated' as const, settings: [], schoolStated: null };
  const acknowledge = (who: WorldContact, id: string) =>
    scene.app.get(AcknowledgeNotice, { strict: false }).fromPortal(authorityActor(who.id, '999'), who.id, id);

  it('is not acknowledged under her hands by a colleague, who is told what to do; then the school has it', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { officer: a, manager: b } = scene.world.desks['home-education'];
    const { id, desk_id } = await triaged(HOME_EDUCATED);
    expect(desk_id).toBe(scene.world.desks['home-education'].id);
    await assign(a, id);
    scene.app.clock.advance(30_000);
    await expect(acknowledge(b, id)).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining(
        'has chosen Riverside Primary School for this one. Take that back first',
      ),
    });
    expect(await scene.until('2026-11-22 21:43')).toEqual(
      on(
        '2026-11-22',
        SCHOOL.map((to) => `21:42 ${to}`),
      ),
    );
    expect(await scene.notice(id)).toMatchObject({ state: 'delivered', setting_urn: '900123' });
    expect(await scene.rungs(id)).toContain('2026-11-22 21:42 first fired');
    expect((await placements(id)).map(({ failure }) => failure)).toEqual([null]);
  });

  it('taken back, is acknowledged as ever', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { officer: a, manager: b } = scene.world.desks['home-education'];
    const { id } = await triaged(HOME_EDUCATED);
    const { placementId } = await assign(a, id);
    await undo(b, placementId);
    expect((await acknowledge(b, id)).first).toBe(true);
    expect((await scene.until('2026-11-22 21:50')).filter((line) => line.includes('riverside'))).toEqual([]);
  });
});

describe('two officers and one row', () => {
  it('assign it at the same time: one wins, the other is told who did', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await triaged();
    const results = await Promise.allSettled([assign(officer(), id), assign(manager(), id, '900124')]);
    const lost = results.filter((result) => result.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(String(lost[0]?.reason)).toMatch(
      /(Ofa|Mana) triage has chosen (Riverside|Hillside) Primary School/,
    );
    await scene.until('2026-11-22 21:50');
    expect((await placements(id)).filter(({ sent_at }) => sent_at !== null)).toHaveLength(1);
  });

  it('fifty claims at once: one has it, the others are told who', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await triaged();
    const people = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const contact = { ...officer(), id: newId() };
        await scene.app.db.inspect(
          `INSERT INTO contact (id, desk_id, role, name, email, created_at) VALUES ($1, $2, 'officer', $3, $4, $5)`,
          [
            contact.id,
            scene.world.desks.triage.id,
            `Officer ${index}`,
            `o${index}@x.example`,
            scene.app.clock.now(),
          ],
        );
        return contact;
      }),
    );
    const results = await Promise.all(people.map((who) => claim(who, [id])));
    const holders = results.flat().map(({ holder }) => holder?.contactId ?? null);
    expect(holders.filter((holder) => holder === null)).toHaveLength(1);
    expect(new Set(holders.filter((holder) => holder !== null)).size).toBe(1);
    expect((await scene.actions(id)).filter((action) => action === 'notice.claimed')).toHaveLength(1);
  });

  it('a claim keeps a colleague from assigning, until it is let go, taken over, or its minutes are over', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await triaged();
    const claims = scene.app.get(Claims, { strict: false });
    await claim(officer(), [id]);
    await expect(assign(manager(), id)).rejects.toThrow('Ofa triage is working on this one');
    await claims.takeOver(authorityActor(manager().id, '999'), manager().id, id);
    expect(await scene.actions(id)).toContain('notice.claim-taken-over');
    await expect(assign(officer(), id)).rejects.toThrow('Mana triage is working on this one');
    await scene.app.db.inspect(`UPDATE notice_claim SET until_at = until_at - $1 * interval '1 minute'`, [
      CLAIM_MINUTES,
    ]);
    await expect(assign(officer(), id)).resolves.toMatchObject({});
  });
});

describe('a child who has no setting here', () => {
  it('not in education: the home-education desk has it with its clock, its officers read it, and it repeats', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id, place_by } = await triaged();
    await scene.happened();
    await scene.until('2026-11-23 07:00');
    const { officer: reader } = scene.world.desks['home-education'];
    await scene.app
      .get(ChangeDesk, { strict: false })
      .run(authorityActor(officer().id, '999'), officer().id, id, { desk: 'home-education' });
    const told = await scene.until('2026-11-23 08:40');
    expect(told.filter((line) => line.includes('home-education'))).toEqual(
      expect.arrayContaining([`2026-11-23 07:00 ${reader.email}`]),
    );
    expect(await scene.notice(id)).toMatchObject({ state: 'triage', place_by });
    const repeats = told.filter((line) => line.endsWith('officer@duty.northshire.example'));
    expect(repeats.map((line) => line.slice(11, 16))).toEqual(['08:00', '08:15', '08:30']);
    const page = await scene.signIn(reader);
    await page.visit(`/authority/notices/${id}`);
    await page.submit({}, '/open');
    await page.submit({}, '/acknowledge');
    expect((await scene.notice(id)).acknowledged_by).toBe(reader.id);
    expect((await scene.until('2026-11-23 09:30')).filter((line) => line.includes('northshire'))).toEqual([]);
  });

  it('in an area that is not served: the desk keeps it, with its clock and repeats, until somebody records who was told', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.app.db.inspect(
      `INSERT INTO authority (code, name, served, created_at) VALUES ('901', 'Farmarch', false, $1)`,
      [scene.app.clock.now()],
    );
    const { id, place_by } = await triaged();
    const actor = authorityActor(officer().id, '999');
    const moved = await scene.app
      .get(ChangeDesk, { strict: false })
      .run(actor, officer().id, id, { authority: '901' });
    expect(moved).toBe(false);
    expect(await scene.notice(id)).toMatchObject({ state: 'triage', place_by, outside: true });
    const told = await scene.until('2026-11-23 08:35');
    expect([
      ...new Set(told.filter((line) => line.includes('duty')).map((line) => line.slice(11, 16))),
    ]).toEqual(['08:00', '08:15', '08:30']);
    const record = {
      toldWhom: 'Jo Day, duty officer',
      how: 'telephone' as const,
      toldAt: london('2026-11-23 08:33'),
    };
    await scene.app.get(RecordHandOver, { strict: false }).run(actor, officer().id, id, record);
    expect(await scene.until('2026-11-23 12:00')).toEqual([]);
    expect(await scene.notice(id)).toMatchObject({ state: 'closed' });
    const leaks = await scene.app.db.inspect(`SELECT 1 FROM audit_event WHERE detail::text LIKE '%Jo Day%'`);
    expect(leaks).toEqual([]);
    const page = await scene.signIn(officer());
    expect((await page.visit(`/authority/notices/${id}`)).text).toContain(
      'Farmarch was told by telephone at 08:33',
    );
  });

  it('of another authority that is served: its triage desk is told at once, and the place-by time does not move', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const desk = newId();
    await scene.app.db.inspect(
      `INSERT INTO authority (code, name, created_at) VALUES ('998', 'Eastmarch', $1)`,
      [scene.app.clock.now()],
    );
    await scene.app.db.inspect(
      `INSERT INTO desk (id, authority_code, kind, name) VALUES ($1, '998', 'triage', 'Eastmarch: triage')`,
      [desk],
    );
    await scene.app.db.inspect(
      `INSERT INTO contact (id, desk_id, role, name, email, email_verified_at, created_at)
       VALUES ($1, $2, 'officer', 'Ea Stern', 'east@x.example', $3, $3)`,
      [newId(), desk, scene.app.clock.now()],
    );
    const { id, place_by } = await triaged();
    await scene.until('2026-11-23 06:50');
    const actor = authorityActor(officer().id, '999');
    await scene.app.get(ChangeDesk, { strict: false }).run(actor, officer().id, id, { authority: '998' });
    expect(await scene.happened()).toEqual(['2026-11-23 06:50 east@x.example']);
    expect(await scene.notice(id)).toMatchObject({ state: 'triage', place_by, desk_id: desk });
    const page = await scene.signIn(officer());
    expect((await page.visit(`/authority/notices/${id}`)).status).toBe(404);
  });
});
