import { afterEach, describe, expect, it } from '@jest/globals';
import { authorityActor, settingActor, systemActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.js';
import { DeliveryReports } from '../../src/delivery/delivery-reports.service.js';
import { AskSooner } from '../../src/escalation/ask-sooner.service.js';
import { FireRung } from '../../src/escalation/fire-rung.service.js';
import { ImportContacts } from '../../src/directory/import-contacts.service.js';
import { TakeCharge } from '../../src/notices/take-charge.service.js';
import { contacts } from '../integration/directory-fixture.js';
import { inLondon, london } from '../support/clock.js';
import { NotifyStandIn } from '../support/notify-stand-in.js';
import type { NotificationJson } from '../support/notification-json.js';
import type { WorldContact } from '../support/world.js';
import { on, Scene, type StoredNotice } from './support/scene.js';

const MANAGER = 'manager@duty.northshire.example';
const OFFICER = 'officer@duty.northshire.example';
const DUTY = [MANAGER, OFFICER];
const duty = (...times: string[]): string[] =>
  times.flatMap((time) => DUTY.map((address) => `${time} ${address}`));

let scene: Scene;
afterEach(() => scene.close());

const toldDesk = (lines: readonly string[]): string[] =>
  lines.filter((line) => DUTY.some((to) => line.endsWith(to)));
const graded = (risk: 'standard' | 'high'): Partial<NotificationJson> => ({
  incident: { ...scene.notification().incident, risk },
});
const nobodyAtRiverside = (): Promise<unknown> =>
  scene.app.db.inspect(`UPDATE contact SET archived_at = created_at WHERE setting_urn = '900123'`);
const away = (contact: WorldContact, from: string, until: string): Promise<unknown> =>
  scene.app.db.inspect(
    `INSERT INTO absence (id, contact_id, from_date, to_date, created_at) VALUES ($1, $2, $3, $4, $5)`,
    [newId(), contact.id, from, until, scene.app.clock.now()],
  );

describe('a desk that was told long before the bell, because nobody at the school could be', () => {
  it('hears of a HIGH notice again each morning, a quarter of an hour before the bell, and at it', async () => {
    scene = await Scene.open('2026-11-21 22:00');
    await nobodyAtRiverside();
    await scene.postOne(graded('high'));
    expect(toldDesk(await scene.happened())).toEqual(on('2026-11-21', duty('22:00')));
    expect(toldDesk(await scene.until('2026-11-22 23:59'))).toEqual(on('2026-11-22', duty('09:00')));
    expect(toldDesk(await scene.until('2026-11-23 08:45'))).toEqual(on('2026-11-23', duty('08:30', '08:45')));
  });

  it('hears of a STANDARD one again on working days only', async () => {
    scene = await Scene.open('2026-11-21 22:00');
    await nobodyAtRiverside();
    await scene.postOne(graded('standard'));
    await scene.happened();
    expect(toldDesk(await scene.until('2026-11-23 08:45'))).toEqual(on('2026-11-23', duty('08:30', '08:45')));
  });

  it('hears of it again also where somebody at the school asked for the desk early and read nothing', async () => {
    scene = await Scene.open('2026-11-22 10:00');
    const { dsl } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.happened();
    const askSooner = scene.app.get(AskSooner, { strict: false });
    const actor = settingActor(dsl.id, '900123');
    for (const rung of ['reminder', 'deputies', 'desk']) {
      await askSooner.ask(actor, dsl.id, id, rung);
      await scene.happened();
    }
    expect(toldDesk(await scene.until('2026-11-23 08:45'))).toEqual(on('2026-11-23', duty('08:30', '08:45')));
  });

  it('hears of it again also where somebody was entered meanwhile, and has not read it', async () => {
    scene = await Scene.open('2026-11-21 22:00');
    await nobodyAtRiverside();
    await scene.postOne(graded('high'));
    await scene.until('2026-11-22 12:00');
    await scene.app
      .get(ImportContacts, { strict: false })
      .run(contacts('900123,,,dsl,Kezia Tumbledown,kezia@riverside.example,,,no,yes,,no'));
    await scene.happened();
    expect(toldDesk(await scene.until('2026-11-23 08:45'))).toEqual(on('2026-11-23', duty('08:30', '08:45')));
  });

  it('hears of it again up to the bell also where its first mails come back after a new plan', async () => {
    scene = await Scene.open('2026-11-21 22:00');
    await nobodyAtRiverside();
    const { id } = await scene.postOne(graded('high'));
    await scene.happened();
    await scene.app
      .get(ImportContacts, { strict: false })
      .run(contacts('900123,,,dsl,Kezia Tumbledown,kezia@riverside.example,,,no,yes,,no'));
    await scene.happened();
    expect((await scene.notice(id)).generation).toBe(2);
    const mailings = await scene.app.db.inspect<{ mailing_id: string }>(
      `SELECT mailing_id FROM outgoing_message WHERE notice_id = $1 AND rung = 'desk'`,
      [id],
    );
    for (const { mailing_id: mailingId } of mailings) {
      await scene.app.get(DeliveryReports, { strict: false }).take({
        mailingId,
        source: 'notify',
        says: { kind: 'soft', status: '4.0.0', marksAddress: false },
      });
    }
    expect(toldDesk(await scene.until('2026-11-22 12:00'))).toEqual(on('2026-11-22', duty('09:00')));
    expect(toldDesk(await scene.until('2026-11-23 08:45'))).toEqual(on('2026-11-23', duty('08:30', '08:45')));
  });

  it('is left alone while its officer has charge, up to the bell', async () => {
    scene = await Scene.open('2026-11-21 22:00');
    await nobodyAtRiverside();
    const { id } = await scene.postOne(graded('high'));
    await scene.until('2026-11-23 08:20');
    const { officer } = scene.world.desks.duty;
    await scene.app.get(TakeCharge, { strict: false }).run(authorityActor(officer.id, '999'), officer.id, id);
    expect(toldDesk(await scene.until('2026-11-23 08:45'))).toEqual(on('2026-11-23', duty('08:45')));
  });

  it('is told once, and it is once on the record, however often each step runs', async () => {
    scene = await Scene.open('2026-11-21 22:00');
    await nobodyAtRiverside();
    const { id } = await scene.postOne(graded('high'));
    await scene.happened();
    const database = scene.app.get(Database, { strict: false });
    const fireRung = scene.app.get(FireRung, { strict: false });
    const runAgain = async (): Promise<void> => {
      for (let time = 0; time < 3; time += 1) {
        await database.transaction(systemActor('test'), (tx) =>
          fireRung.fire(tx, { noticeId: id, generation: 1, rung: 'desk' }),
        );
      }
    };
    await runAgain();
    expect(await scene.happened()).toEqual([]);
    await scene.until('2026-11-22 09:00');
    await runAgain();
    await scene.until('2026-11-23 08:30');
    await runAgain();
    expect(await scene.happened()).toEqual([]);
    const reminded = (await scene.actions(id)).filter((action) => action === 'desk.reminded');
    expect(reminded).toHaveLength(2);
  });
});

describe('whom a reminder of the desk tells', () => {
  it('of a school that changes its authority: the desk that has the notice on its list', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.postOne();
    const at = scene.app.clock.now();
    await scene.app.db.inspect(
      `INSERT INTO authority (code, name, created_at) VALUES ('998', 'Southshire', $1)`,
      [at],
    );
    const desk = newId();
    await scene.app.db.inspect(
      `INSERT INTO desk (id, authority_code, kind, name) VALUES ($1, '998', 'duty', 'Southshire: duty')`,
      [desk],
    );
    await scene.app.db.inspect(
      `INSERT INTO contact (id, desk_id, role, name, email, email_verified_at, created_at)
       VALUES ($1, $2, 'officer', 'Ofa south', 'officer@southshire.example', $3, $3)`,
      [newId(), desk, at],
    );
    await scene.app.db.inspect(`UPDATE setting SET authority_code = '998' WHERE urn = '900123'`);
    const told = await scene.until('2026-11-23 09:15');
    expect(told.filter((line) => line.endsWith('southshire.example'))).toEqual([]);
    expect(toldDesk(told)).toEqual(on('2026-11-23', duty('08:30', '08:45', '09:15')));
  });

  it('after the missed bell: whoever is there that day, not whoever was on the day of the bell', async () => {
    scene = await Scene.open('2026-11-19 21:40');
    const { officer, manager } = scene.world.desks.duty;
    await away(officer, '2026-11-20', '2026-11-20');
    await away(manager, '2026-11-21', '2026-11-27');
    await scene.postOne();
    expect(toldDesk(await scene.until('2026-11-20 08:45'))).toEqual(
      on('2026-11-20', [`08:30 ${MANAGER}`, `08:45 ${MANAGER}`]),
    );
    // What was due meanwhile is not what is asked here.
    await scene.app.db.inspect(
      `UPDATE outbox SET due_at = $1 WHERE name = 'ladder.repeat-desk' AND done_at IS NULL`,
      [london('2026-11-21 07:00')],
    );
    expect(await scene.until('2026-11-21 07:00')).toEqual(on('2026-11-21', [`07:00 ${OFFICER}`]));
  });

  it('in the holidays: whoever is there, not whoever will be on the first school day', async () => {
    scene = await Scene.open('2026-12-22 20:00');
    const { officer, manager } = scene.world.desks.duty;
    await scene.app.db.inspect(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       VALUES ($1, 'setting', '900123', '2026-12-19', '2027-01-03', false, 'holiday', 'Christmas', now())`,
      [newId()],
    );
    await away(officer, '2027-01-04', '2027-01-08');
    await away(manager, '2026-12-22', '2027-01-03');
    await scene.postOne(graded('high'));
    await scene.happened();
    expect(toldDesk(await scene.until('2026-12-23 09:00'))).toEqual([
      `2026-12-22 22:00 ${OFFICER}`,
      `2026-12-23 09:00 ${OFFICER}`,
    ]);
  });
});

describe('text messages of a rung that runs before its instant', () => {
  it('go when it runs, not when it was planned', async () => {
    const notify = await NotifyStandIn.start();
    const { NOTIFY_EMAIL_TEMPLATE_ID: _unused, ...texts } = notify.environment(
      'a-token-of-enough-characters',
    );
    scene = await Scene.open('2026-11-22 21:40', { environment: texts });
    try {
      const { dsl } = scene.world.riverside;
      await scene.contact(dsl, { mobile: '07700900111', mobile_verified_at: scene.app.clock.now() });
      const { id }: StoredNotice = await scene.postOne();
      await scene.until('2026-11-23 07:00');
      await scene.app
        .get(AskSooner, { strict: false })
        .ask(settingActor(dsl.id, '900123'), dsl.id, id, 'reminder');
      await scene.happened();
      const [text] = await scene.app.db.inspect<{ at: Date; state: string }>(
        `SELECT not_before AS at, state FROM outgoing_message
         WHERE notice_id = $1 AND rung = 'reminder' AND channel = 'sms'`,
        [id],
      );
      expect({ at: inLondon(text.at), state: text.state }).toEqual({
        at: '2026-11-23 07:00',
        state: 'accepted',
      });
    } finally {
      await notify.close();
    }
  });
});
