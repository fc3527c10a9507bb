import { afterEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.js';
import type { JobCatalogue, JobName } from '../../src/jobs/catalogue.js';
import { DeliveryReports } from '../../src/delivery/delivery-reports.service.js';
import { Outbox } from '../../src/jobs/outbox.js';
import { FireRung } from '../../src/escalation/fire-rung.service.js';
import { ReplanNotices } from '../../src/escalation/replan-notices.service.js';
import { inLondon, london } from '../support/clock.js';
import type { WorldContact } from '../support/world.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';
const DUTY = ['manager@duty.northshire.example', 'officer@duty.northshire.example'];
const duty = (time: string): string[] => DUTY.map((address) => `${time} ${address}`);

let scene: Scene;
afterEach(() => scene.close());

/** As the page that edits a calendar does it: the entry and the job in one transaction. */
async function close(day: string, setting = scene.world.riverside.urn): Promise<void> {
  await edit('calendar.changed', { layer: 'setting', key: setting }, (run) =>
    run(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       VALUES ($1, 'setting', $2, $3, $3, false, 'snow', 'Snow', $4)`,
      [newId(), setting, day, scene.app.clock.now()],
    ),
  );
}

async function away(who: WorldContact, day: string, cover: WorldContact | null = null): Promise<void> {
  await edit('directory.cover-changed', { urn: scene.world.riverside.urn }, (run) =>
    run(
      `INSERT INTO absence (id, contact_id, from_date, to_date, cover_contact_id, created_at) VALUES ($1, $2, $3, $3, $4, $5)`,
      [newId(), who.id, day, cover?.id ?? null, scene.app.clock.now()],
    ),
  );
}

async function edit<Name extends JobName>(
  job: Name,
  payload: JobCatalogue[Name],
  work: (run: (sql: string, values: unknown[]) => Promise<unknown>) => Promise<unknown>,
): Promise<void> {
  await scene.app.get(Database, { strict: false }).transaction(systemActor('test'), async (tx) => {
    await work((sql, values) => tx.execute(sql, values));
    await scene.app.get(Outbox, { strict: false }).add(tx, job, payload);
  });
}

async function record(noticeId: string, action: string): Promise<Record<string, unknown>[]> {
  const rows = await scene.app.db.inspect<{ detail: Record<string, unknown> }>(
    `SELECT detail FROM audit_event WHERE notice_id = $1 AND action = $2 ORDER BY id`,
    [noticeId, action],
  );
  return rows.map(({ detail }) => detail);
}

describe('a snow day', () => {
  it('moves the deadline and what is left of the ladder; nobody is told a second time, and the reason is on the record', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne({ incident: { startedAt: '2026-11-22T20:00:00Z', risk: 'standard' } });
    await scene.happened();
    await scene.until('2026-11-23 07:00');
    await close('2026-11-23');
    expect(await scene.until('2026-11-23 23:00')).toEqual([]);
    const notice = await scene.notice(id);
    expect({ generation: notice.generation, by: inLondon(notice.acknowledge_by!) }).toEqual({
      generation: 2,
      by: '2026-11-24 08:45',
    });
    expect(await record(id, 'notice.replanned')).toEqual([
      expect.objectContaining({ generation: 2, cause: 'calendar' }),
    ]);
    expect(await scene.until('2026-11-24 08:20')).toEqual(
      on('2026-11-24', [`07:45 ${DEPUTY}`, `07:45 ${DSL}`, `08:00 ${HEAD}`]),
    );
    expect(await scene.rungs(id)).toContain('2026-11-22 21:40 first inherited');
  });

  it('tells the duty desk at once when the deadline of a HIGH notice moves', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne({ incident: { startedAt: '2026-11-22T20:00:00Z', risk: 'high' } });
    await scene.happened();
    await scene.until('2026-11-23 07:00');
    await close('2026-11-23');
    expect(await scene.happened()).toEqual(on('2026-11-23', duty('07:00')));
    expect(await scene.rungs(id)).toContain('2026-11-23 07:00 deadline-moved fired');
    await close('2026-11-24');
    expect(await scene.until('2026-11-23 08:00')).toEqual(on('2026-11-23', duty('07:00')));
    expect((await scene.notice(id)).generation).toBe(3);
  });

  it('and where that message comes back after one more plan, the operator and the fallback address are told', async () => {
    scene = await Scene.open('2026-11-22 21:40', { environment: { FALLBACK_EMAIL: 'region@example.net' } });
    const { id } = await scene.postOne({ incident: { startedAt: '2026-11-22T20:00:00Z', risk: 'high' } });
    await scene.until('2026-11-23 07:00');
    await close('2026-11-23');
    await scene.happened();
    await away(scene.world.riverside.dsl, '2026-11-24');
    await scene.happened();
    expect((await scene.notice(id)).generation).toBe(3);
    const mailings = await scene.app.db.inspect<{ mailing_id: string }>(
      `SELECT mailing_id FROM outgoing_message WHERE notice_id = $1 AND rung = 'deadline-moved'`,
      [id],
    );
    expect(mailings).toHaveLength(2);
    for (const { mailing_id: mailingId } of mailings) {
      const says = { kind: 'hard' as const, status: '5.1.1', marksAddress: true };
      const reports = scene.app.get(DeliveryReports, { strict: false });
      expect(await reports.take({ mailingId, source: 'notify', says })).toBe('applied');
    }
    const told = await scene.happened();
    expect(told).toContain('2026-11-23 07:00 region@example.net');
    const alerts = await scene.app.db.inspect(
      `SELECT subject FROM alert WHERE kind = 'desk-unreachable' AND cleared_at IS NULL`,
    );
    expect(alerts).toEqual([{ subject: '999' }]);
  });

  it('that two layers of the calendar tell of at once still tells the duty desk of a HIGH notice', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne({ incident: { startedAt: '2026-11-22T20:00:00Z', risk: 'high' } });
    await scene.until('2026-11-23 07:00');
    const database = scene.app.get(Database, { strict: false });
    const plan = scene.app.get(ReplanNotices, { strict: false });
    await database.transaction(systemActor('test'), async (tx) => {
      await tx.execute(
        `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
         VALUES ($1, 'setting', $2, '2026-11-23', '2026-11-23', false, 'snow', 'Snow', $3)`,
        [newId(), scene.world.riverside.urn, scene.app.clock.now()],
      );
      await plan.one(tx, { noticeId: id, cause: 'calendar' });
    });
    // The second has the notice before the first one’s message to the desk: it says what that one would have said.
    await database.transaction(systemActor('test'), (tx) =>
      plan.one(tx, { noticeId: id, cause: 'calendar' }),
    );
    expect(await scene.happened()).toEqual(on('2026-11-23', duty('07:00')));
    expect(await scene.rungs(id)).toContain('2026-11-23 07:00 deadline-moved fired');
    await close('2026-11-24');
    expect(await scene.happened()).toEqual(on('2026-11-23', duty('07:00')));
  });

  it('that closes another school changes nothing: no new generation, nothing on the record', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.happened();
    await close('2026-11-23', scene.world.hillside.urn);
    await edit('calendar.changed', { layer: 'authority', key: '999' }, async () => undefined);
    await edit('calendar.changed', { layer: 'nation', key: 'england' }, async () => undefined);
    await edit('directory.cover-changed', { urn: scene.world.riverside.urn }, async () => undefined);
    expect(await scene.happened()).toEqual([]);
    expect((await scene.notice(id)).generation).toBe(1);
    expect(await record(id, 'notice.replanned')).toEqual([]);
  });

  it('withdrawn after the bell gives an hour from then, and no later edit puts that hour off', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne({ incident: { startedAt: '2026-11-22T20:00:00Z', risk: 'standard' } });
    await scene.until('2026-11-23 07:00');
    await close('2026-11-23');
    await scene.until('2026-11-23 10:00');
    const { urn, deputy } = scene.world.riverside;
    await edit('calendar.changed', { layer: 'setting', key: urn }, (run) =>
      run(`DELETE FROM calendar_entry WHERE key = $1 AND kind = 'snow'`, [urn]),
    );
    await scene.happened();
    expect(inLondon((await scene.notice(id)).acknowledge_by!)).toBe('2026-11-23 11:00');
    await scene.until('2026-11-23 10:20');
    await away(deputy, '2026-11-23');
    await scene.happened();
    const { generation, acknowledge_by } = await scene.notice(id);
    expect([generation, inLondon(acknowledge_by!)]).toEqual([3, '2026-11-23 11:00']);
  });

  it('declared for somebody who has read the notice already leaves it alone', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.happened();
    await scene.acknowledge(scene.world.riverside.dsl, id);
    const before = await scene.notice(id);
    await close('2026-11-23');
    await scene.happened();
    expect(await scene.notice(id)).toEqual(before);
  });

  it('declared in the minute of the bell, before anybody planned anew: the bell that does not ring is not missed', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:44');
    await scene.app.db.inspect(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       VALUES ($1, 'setting', $2, '2026-11-23', '2026-11-23', false, 'snow', 'Snow', $3)`,
      [newId(), scene.world.riverside.urn, scene.app.clock.now()],
    );
    await scene.until('2026-11-23 12:00');
    const notice = await scene.notice(id);
    expect(notice.missed_at).toBeNull();
    expect(inLondon(notice.acknowledge_by!)).toBe('2026-11-24 08:45');
    const told = await scene.until('2026-11-24 09:16');
    // Every rung but the last had fired: at the new bell the desk hears of it, and again.
    expect(told).toEqual(on('2026-11-24', [...duty('08:45'), ...duty('09:15')]));
  });

  it('declared after the missed bell takes nothing back: the desk goes on until it is read', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:50');
    await close('2026-11-23');
    expect(await scene.until('2026-11-23 09:50')).toEqual(
      on('2026-11-23', [...duty('09:15'), ...duty('09:45')]),
    );
    expect((await scene.notice(id)).generation).toBe(1);
  });

  it('and the rung of that very instant: whichever comes first, it fires once and the notice has one deadline', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:14');
    scene.app.clock.set(new Date('2026-11-23T08:15:00Z'));
    const database = scene.app.get(Database, { strict: false });
    const fireRung = scene.app.get(FireRung, { strict: false });
    await Promise.all([
      close('2026-11-23').then(() => scene.happened()),
      ...Array.from({ length: 8 }, () =>
        database.transaction(systemActor('test'), (tx) =>
          fireRung.fire(tx, { noticeId: id, generation: 1, rung: 'reminder' }),
        ),
      ),
    ]);
    await scene.until('2026-11-24 12:00');
    const fired = await scene.app.db.inspect<{ rung: string; n: number }>(
      `SELECT rung, count(*)::int AS n FROM rung WHERE notice_id = $1 AND state = 'fired' GROUP BY rung`,
      [id],
    );
    expect(fired.filter(({ n }) => n !== 1)).toEqual([]);
    expect((await scene.notice(id)).generation).toBe(2);
  });
});

describe('a rung that came and had nobody to tell', () => {
  it('is no reason to plan anew while it still has nobody', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:05');
    expect(await scene.rungs(id)).toContain('2026-11-23 08:00 deputies empty');
    await edit('directory.cover-changed', { urn: scene.world.riverside.urn }, async () => undefined);
    expect(await scene.happened()).toEqual([]);
    expect((await scene.notice(id)).generation).toBe(1);
  });
});

describe('an edit around the bell', () => {
  const replanNow = (noticeId: string): Promise<void> =>
    scene.app
      .get(Database, { strict: false })
      .transaction(systemActor('test'), (tx) =>
        scene.app.get(ReplanNotices, { strict: false }).one(tx, { noticeId, cause: 'cover' }),
      );

  it('that comes before the missed bell is told of leaves it missed', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:44');
    const { dsl } = scene.world.riverside;
    await scene.app.db.inspect(
      `INSERT INTO absence (id, contact_id, from_date, to_date, created_at) VALUES ($1, $2, '2026-11-23', '2026-11-23', $3)`,
      [newId(), dsl.id, scene.app.clock.now()],
    );
    scene.app.clock.set(london('2026-11-23 08:45'));
    await replanNow(id);
    const told = await scene.until('2026-11-23 09:15');
    expect(told.filter((line) => DUTY.some((address) => line.endsWith(address)))).toEqual(
      on('2026-11-23', [...duty('08:45'), ...duty('09:15')]),
    );
    const notice = await scene.notice(id);
    expect([notice.generation, inLondon(notice.missed_at!)]).toEqual([1, '2026-11-23 08:45']);
  });

  it('that puts the bell before this minute puts nothing off', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:20');
    const { urn } = scene.world.riverside;
    await edit('calendar.changed', { layer: 'setting', key: urn }, (run) =>
      run(`UPDATE setting SET bell = '08:15', home_time = '15:15' WHERE urn = $1`, [urn]),
    );
    const told = await scene.until('2026-11-23 08:45');
    expect(told.filter((line) => DUTY.some((address) => line.endsWith(address)))).toEqual(
      on('2026-11-23', [...duty('08:30'), ...duty('08:45')]),
    );
    expect(inLondon((await scene.notice(id)).missed_at!)).toBe('2026-11-23 08:45');
  });
});

describe('days that become holidays after the notice came', () => {
  const closeUntil = (from: string, to: string): Promise<void> =>
    edit('calendar.changed', { layer: 'setting', key: scene.world.riverside.urn }, (run) =>
      run(
        `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
         VALUES ($1, 'setting', '900123', $2, $3, false, 'closure', 'Closed', $4)`,
        [newId(), from, to, scene.app.clock.now()],
      ),
    );
  const ofDesk = (lines: readonly string[]): string[] =>
    lines.filter((line) => DUTY.some((address) => line.endsWith(address)));

  it('the holiday contact, whom `first` did not tell, is told now, once', async () => {
    scene = await Scene.open('2026-11-20 20:00');
    const { head } = scene.world.riverside;
    await scene.contact(head, { holiday_contact: true });
    await scene.postOne({ incident: { startedAt: '2026-11-20T18:00:00Z', risk: 'standard' } });
    expect(await scene.happened()).not.toContain(`2026-11-20 20:00 ${HEAD}`);
    await scene.until('2026-11-21 10:00');
    await closeUntil('2026-11-23', '2026-11-27');
    expect(await scene.happened()).toEqual(on('2026-11-21', [`10:00 ${HEAD}`]));
    await edit('directory.cover-changed', { urn: scene.world.riverside.urn }, async () => undefined);
    expect(await scene.until('2026-11-23 11:59')).toEqual([]);
    expect(ofDesk(await scene.until('2026-11-23 12:00'))).toEqual(on('2026-11-23', duty('12:00')));
  });

  it('a D that moves on after the desk’s last reminder has it reminded again, each working day', async () => {
    scene = await Scene.open('2026-12-23 20:00');
    await closeUntil('2026-12-19', '2027-01-03');
    await scene.postOne({ incident: { startedAt: '2026-12-23T18:00:00Z', risk: 'standard' } });
    await scene.until('2026-12-31 10:00');
    expect(ofDesk(await scene.until('2027-01-02 12:00'))).toEqual([]);
    await closeUntil('2027-01-04', '2027-01-08');
    const told = ofDesk(await scene.until('2027-01-08 12:00'));
    expect(told).toEqual(
      ['04', '05', '06', '07', '08'].flatMap((day) => on(`2027-01-${day}`, duty('09:00'))),
    );
  });
});

describe('cover', () => {
  it('arranged on Sunday: the reminder goes to whoever stands in', async () => {
    scene = await Scene.open('2026-11-22 20:00');
    const { dsl, deputy, head } = scene.world.riverside;
    await scene.contact(deputy, { working_days: [2, 3, 4, 5] });
    const { id } = await scene.postOne();
    expect(await scene.happened()).toEqual(on('2026-11-22', [`20:00 ${DSL}`]));
    await away(dsl, '2026-11-23', head);
    expect(await scene.happened()).toEqual([]);
    expect((await scene.notice(id)).generation).toBe(2);
    expect(await record(id, 'notice.replanned')).toEqual([expect.objectContaining({ cause: 'cover' })]);
    expect(await scene.until('2026-11-23 08:00')).toEqual(
      on('2026-11-23', [`07:45 ${HEAD}`, `08:00 ${DEPUTY}`]),
    );
  });

  it('arranged when the readers were told already: the stand-in is told at once, once', async () => {
    scene = await Scene.open('2026-11-22 20:00');
    const { dsl, deputy, head } = scene.world.riverside;
    await scene.contact(deputy, { working_days: [2, 3, 4, 5] });
    await scene.postOne();
    await scene.until('2026-11-23 07:50');
    await away(dsl, '2026-11-23', head);
    expect(await scene.happened()).toEqual(on('2026-11-23', [`07:50 ${HEAD}`]));
    await edit('directory.cover-changed', { urn: scene.world.riverside.urn }, async () => undefined);
    expect(await scene.happened()).toEqual([]);
  });

  it('does not put off the desk, however often it is arranged anew in the last minutes', async () => {
    scene = await Scene.open('2026-11-22 20:00');
    const { dsl, deputy, head } = scene.world.riverside;
    await scene.contact(deputy, { working_days: [2, 3, 4, 5] });
    await scene.postOne();
    await scene.until('2026-11-23 08:22');
    await away(dsl, '2026-11-23', head);
    await scene.until('2026-11-23 08:26');
    await away(head, '2026-11-23', deputy);
    const told = await scene.until('2026-11-23 08:46');
    expect(told.filter((line) => DUTY.some((address) => line.endsWith(address)))).toEqual(
      on('2026-11-23', [...duty('08:30'), ...duty('08:45')]),
    );
  });
});

describe('the owner of a notice is marked absent', () => {
  it('after reading it in good time: asked at D - 30, and the deputies, the head and the desk are told when nothing comes', async () => {
    scene = await Scene.open('2026-11-23 06:00');
    const { id } = await scene.postOne();
    await scene.happened();
    await scene.acknowledge(scene.world.riverside.dsl, id);
    await away(scene.world.riverside.dsl, '2026-11-23');
    expect(await scene.until('2026-11-23 08:56')).toEqual(
      on('2026-11-23', [`08:15 ${DSL}`, `08:45 ${DEPUTY}`, `08:50 ${HEAD}`, ...duty('08:55')]),
    );
    expect(await record(id, 'notice.in-school-asked')).toEqual([
      expect.objectContaining({ cause: 'owner-away' }),
    ]);
  });

  it('after the bell: asked at once, with half an hour to answer', async () => {
    scene = await Scene.open('2026-11-23 06:00');
    const { id } = await scene.postOne();
    await scene.happened();
    await scene.acknowledge(scene.world.riverside.dsl, id);
    await scene.until('2026-11-23 09:00');
    await away(scene.world.riverside.dsl, '2026-11-23');
    expect(await scene.until('2026-11-23 09:41')).toEqual(
      on('2026-11-23', [`09:00 ${DSL}`, `09:30 ${DEPUTY}`, `09:35 ${HEAD}`, ...duty('09:40')]),
    );
  });

  it('having said yes before: asked once more, not twice', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.happened();
    const dsl = await scene.signIn(scene.world.riverside.dsl);
    await dsl.visit(`/notices/${id}`);
    await dsl.submit({}, '/open');
    await dsl.submit({}, '/acknowledge');
    await scene.until('2026-11-23 08:20');
    await dsl.visit(`/notices/${id}/read`);
    await dsl.submit({ answer: 'yes' }, '/in-school');
    await away(scene.world.riverside.dsl, '2026-11-23');
    await edit('directory.cover-changed', { urn: scene.world.riverside.urn }, async () => undefined);
    expect(await scene.until('2026-11-23 08:40')).toEqual(on('2026-11-23', [`08:20 ${DSL}`]));
    await dsl.visit(`/notices/${id}/read`);
    await dsl.submit({ answer: 'yes' }, '/in-school');
    expect(await scene.until('2026-11-23 12:00')).toEqual([]);
  });
});

describe('time that does not behave', () => {
  const stale = (noticeId: string, rung: string, generation = 1) =>
    scene.app
      .get(Database, { strict: false })
      .transaction(systemActor('test'), (tx) =>
        scene.app.get(FireRung, { strict: false }).fire(tx, { noticeId, generation, rung }),
      );

  it('a worker that slept for half an hour and wakes with an old generation does nothing', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 07:40');
    await close('2026-11-23');
    await scene.until('2026-11-23 08:10');
    const before = [await scene.notice(id), await scene.rungs(id), await scene.actions(id)];
    for (const rung of ['first', 'reminder', 'deputies', 'head', 'desk', 'missed']) await stale(id, rung);
    expect(await scene.happened()).toEqual([]);
    expect([await scene.notice(id), await scene.rungs(id), await scene.actions(id)]).toEqual(before);
  });

  it('a clock that jumps back fires nothing twice, and the bell is missed at its own instant', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:31');
    scene.app.clock.set(new Date('2026-11-23T07:31:00Z'));
    await stale(id, 'desk');
    expect(await scene.until('2026-11-23 08:45')).toEqual(on('2026-11-23', duty('08:45')));
    expect(inLondon((await scene.notice(id)).missed_at!)).toBe('2026-11-23 08:45');
  });

  it('a clock that jumps back between the claim and the rung does not lose the missed bell', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:44');
    await stale(id, 'missed');
    expect(await scene.until('2026-11-23 09:16')).toEqual(
      on('2026-11-23', [...duty('08:44'), ...duty('09:15')]),
    );
    expect((await scene.notice(id)).generation).toBe(1);
  });
});

describe.each([
  ['forward', '2026-03-28 22:00', '2026-03-30', '2026-03-31'],
  ['back', '2026-10-24 22:00', '2026-10-26', '2026-10-27'],
])('over the night in which the clocks go %s', (_how, received, monday, tuesday) => {
  it('a snow day moves every rung to the same minute of the next day', async () => {
    scene = await Scene.open(received);
    const { id } = await scene.postOne();
    await scene.happened();
    expect(await scene.rungs(id)).toContain(`${monday} 08:30 desk planned`);
    await scene.until(`${monday} 07:00`);
    await close(monday);
    await scene.happened();
    expect((await scene.rungs(id)).slice(1)).toEqual(
      on(tuesday, [
        '07:45 reminder planned',
        '08:00 deputies planned',
        '08:15 head planned',
        '08:30 desk planned',
        '08:45 missed planned',
      ]),
    );
  });
});
