import { afterEach, describe, expect, it } from '@jest/globals';
import { authorityActor, settingActor, systemActor } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.js';
import { Outbox } from '../../src/jobs/outbox.js';
import { ExcludeContact } from '../../src/notices/exclude-contact.service.js';
import { RedirectNotice } from '../../src/notices/redirect-notice.service.js';
import { TakeCharge } from '../../src/notices/take-charge.service.js';
import type { WorldContact } from '../support/world.js';
import { on, Scene } from './support/scene.js';

const MONDAY = '2026-11-23';
const OFFICER = 'officer@duty.northshire.example';
const MANAGER = 'manager@duty.northshire.example';

let scene: Scene;
afterEach(() => scene.close());

const takeCharge = (who: WorldContact, noticeId: string) =>
  scene.app.get(TakeCharge, { strict: false }).run(authorityActor(who.id, '999'), who.id, noticeId);
const toldDesk = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.endsWith('@duty.northshire.example'));
const chargeOf = async (noticeId: string): Promise<string | null> => {
  const [row] = await scene.app.db.inspect<{ id: string | null }>(
    `SELECT charge_contact_id AS id FROM notice WHERE id = $1 AND (charge_contact_id IS NULL) = (charge_until IS NULL)`,
    [noticeId],
  );
  return row.id;
};

describe('an officer who has charge of a notice that nobody has read', () => {
  /** Missed at 08:45; she has charge from 08:50 on. */
  const inCharge = async (): Promise<string> => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne({ incident: { ...scene.notification().incident, risk: 'high' } });
    await scene.until(`${MONDAY} 08:50`);
    await takeCharge(scene.world.desks.duty.officer, id);
    return id;
  };
  const exclude = async (noticeId: string): Promise<void> => {
    const { officer, manager } = scene.world.desks.duty;
    await scene.app
      .get(ExcludeContact, { strict: false })
      .run(authorityActor(manager.id, '999'), manager.id, noticeId, officer.id);
  };

  it('and must not know of it: her colleague is told at the next half hour, and can take charge', async () => {
    const id = await inCharge();
    await scene.until(`${MONDAY} 08:55`);
    await exclude(id);
    expect(await scene.until(`${MONDAY} 09:20`)).toEqual(on(MONDAY, [`09:15 ${MANAGER}`]));
    expect(await chargeOf(id)).toBeNull();
    expect(await scene.actions(id)).toContain('notice.charge-ended');
    const { manager } = scene.world.desks.duty;
    expect((await takeCharge(manager, id)).chargeContactId).toBe(manager.id);
    expect(await scene.until(`${MONDAY} 11:14`)).toEqual([]);
  });

  it('and must not know of it, when a reminder has been spared already: the next half hour, not the end of her two hours', async () => {
    const id = await inCharge();
    expect(await scene.until(`${MONDAY} 09:20`)).toEqual([]);
    await exclude(id);
    expect(await scene.until(`${MONDAY} 10:20`)).toEqual(
      on(MONDAY, [`09:45 ${MANAGER}`, `10:15 ${MANAGER}`]),
    );
  });

  it('and must not know of it, when the desk was told early and this morning’s reminder was spared: her colleague has it at once', async () => {
    scene = await Scene.open('2026-11-21 22:00');
    await scene.app.db.inspect(`UPDATE contact SET archived_at = created_at WHERE setting_urn = '900123'`);
    const { id } = await scene.postOne({ incident: { ...scene.notification().incident, risk: 'high' } });
    await scene.until('2026-11-22 08:50');
    await takeCharge(scene.world.desks.duty.officer, id);
    expect(toldDesk(await scene.until('2026-11-22 09:05'))).toEqual([]);
    await exclude(id);
    expect(toldDesk(await scene.until('2026-11-23 08:31'))).toEqual([
      `2026-11-22 09:05 ${MANAGER}`,
      `2026-11-23 08:30 ${MANAGER}`,
    ]);
  });

  it('and whose contact is ended', async () => {
    const id = await inCharge();
    expect(await scene.until(`${MONDAY} 09:20`)).toEqual([]);
    const { officer, manager } = scene.world.desks.duty;
    const visitor = await scene.signIn(manager);
    await visitor.visit(`/contacts/${officer.id}/end`);
    await visitor.submit({}, '/end');
    expect(await scene.until(`${MONDAY} 09:50`)).toEqual(on(MONDAY, [`09:45 ${MANAGER}`]));
    expect(await chargeOf(id)).toBeNull();
  });

  it('while somebody else is left out, or ended: keeps it', async () => {
    const id = await inCharge();
    const { officer, manager } = scene.world.desks.duty;
    await scene.app
      .get(ExcludeContact, { strict: false })
      .run(authorityActor(officer.id, '999'), officer.id, id, manager.id);
    expect(await scene.until(`${MONDAY} 11:14`)).toEqual([]);
    expect(await scene.until(`${MONDAY} 11:15`)).toEqual(on(MONDAY, [`11:15 ${OFFICER}`]));
  });

  it('and says of a brother, at the school where she has a post too, that she knows the family', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { riverside, hillside, desks } = scene.world;
    await scene.contact(desks.duty.officer, { person_id: riverside.dsl.personId });
    const notices = await scene.post({ children: [scene.child(riverside), scene.child(hillside)] });
    const at = (urn: string): string => notices.find((one) => one.setting_urn === urn)?.id ?? '';
    await scene.until(`${MONDAY} 08:50`);
    await takeCharge(desks.duty.officer, at(hillside.urn));
    const { dsl, urn } = riverside;
    await scene.app
      .get(RedirectNotice, { strict: false })
      .run(settingActor(dsl.id, urn), dsl.id, at(urn), 'knows-family');
    await scene.happened();
    expect(await chargeOf(at(hillside.urn))).toBeNull();
    expect(await scene.until(`${MONDAY} 09:16`)).toContain(`${MONDAY} 09:15 ${MANAGER}`);
  });
});

describe('an officer who has charge of a child whom nobody could place', () => {
  it('and turns out to have the name of an adult of the incident: the desk is told again at once', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { officer, manager } = scene.world.desks.triage;
    const unplaced = { settings: [], schoolStated: 'A school by the river', homeAuthorityCode: '999' };
    const { id } = await scene.postOne({
      children: [scene.child(scene.world.riverside, unplaced)],
      adults: [{ role: 'suspect', forename: 'Quillon', surname: 'Marrowbone' }],
    });
    await scene.until(`${MONDAY} 08:16`);
    await takeCharge(officer, id);
    // At 08:30 a reminder is spared, and the next one waits for her two hours.
    expect(await scene.until(`${MONDAY} 08:40`)).toEqual([]);
    await scene.contact(officer, { name: 'Quillon Marrowbone' });
    await scene.app
      .get(Database, { strict: false })
      .transaction(systemActor('test'), (tx) =>
        scene.app
          .get(Outbox, { strict: false })
          .add(tx, 'directory.contact-changed', { contactId: officer.id }),
      );
    expect(await scene.happened()).toEqual(
      [MANAGER, OFFICER, manager.email].map((to) => `${MONDAY} 08:40 ${to}`).sort(),
    );
    expect((await takeCharge(manager, id)).chargeContactId).toBe(manager.id);
  });
});
