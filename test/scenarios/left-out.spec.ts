import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Scene } from './support/scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open('2026-11-22 21:40');
});
afterEach(() => scene.close());

describe('somebody who must not know of an incident, because an officer says so', () => {
  it('sees nothing of it from then on, and is told nothing more; the setting’s pages show no trace', async () => {
    const { riverside, desks } = scene.world;
    const notice = await scene.postOne();
    scene.newMails();
    const deputy = await scene.signIn(riverside.deputy);
    expect((await deputy.visit('/inbox')).text).toContain(notice.reference);

    const officer = await scene.signIn(desks.duty.officer);
    const page = await officer.visit(`/authority/notices/${notice.id}/exclusions`);
    expect(page.text).toContain('Dep riverside');
    expect((await officer.submit({}, '/exclusions')).text).toContain('Choose who must not know of it');
    const done = await officer.submit({ contactId: riverside.deputy.id }, '/exclusions');
    expect(done.text).toContain('They see nothing of this incident from now on');
    expect(done.text).toMatch(/Dep riverside ?: left out by an officer/);

    expect((await deputy.visit('/inbox')).text).not.toContain(notice.reference);
    expect((await deputy.visit(`/notices/${notice.id}`)).status).toBe(404);
    const dsl = await scene.signIn(riverside.dsl);
    for (const path of ['/inbox', '/contacts', `/notices/${notice.id}`])
      expect((await dsl.visit(path)).text).not.toMatch(/left out|must not know|conflict/i);
    const mails = await scene.until('2026-11-23 08:45');
    expect(mails.filter((mail) => mail.includes(riverside.deputy.email))).toEqual([]);
    expect(mails).toContain(`2026-11-23 07:45 ${riverside.dsl.email}`);
    expect(await scene.actions(notice.id)).toContain('notice.contact-excluded');
  });

  it('holds for the family’s other children too', async () => {
    const { riverside, hillside, desks } = scene.world;
    const { police } = scene;
    const answer = await police.post(
      scene.notification({ children: [scene.child(riverside), scene.child(hillside)] }),
    );
    await scene.app.drain();
    scene.newMails();
    const [first] = await scene.noticesOf(answer.body.id);
    const officer = await scene.signIn(desks.triage.officer);
    await officer.visit(`/authority/notices/${first?.id}/exclusions`);
    await officer.submit({ contactId: riverside.deputy.id }, '/exclusions');
    const excluded = await scene.app.db.inspect<{ n: number }>(
      `SELECT count(*)::int AS n FROM notice_exclusion WHERE contact_id = $1 AND why = 'by-person'`,
      [riverside.deputy.id],
    );
    expect(excluded).toEqual([{ n: 2 }]);
  });

  it('is not left holding what they had acknowledged: somebody else there has it, and the officer is told whom to ring', async () => {
    const { riverside, desks } = scene.world;
    const notice = await scene.postOne();
    await scene.acknowledge(riverside.deputy, notice.id);
    scene.newMails();
    const officer = await scene.signIn(desks.duty.officer);
    await officer.visit(`/authority/notices/${notice.id}/exclusions`);
    const done = await officer.submit({ contactId: riverside.deputy.id }, '/exclusions');
    expect(done.text).toContain('It is in the hands of Dee riverside now: ring them');
    const [row] = await scene.app.db.inspect(`SELECT owner_contact_id FROM notice WHERE id = $1`, [
      notice.id,
    ]);
    expect(row).toEqual({ owner_contact_id: riverside.dsl.id });
  });

  it('only the authority says so: a school has no such page, nor has another authority', async () => {
    const { riverside } = scene.world;
    const notice = await scene.postOne();
    scene.newMails();
    const head = await scene.signIn(riverside.head);
    expect((await head.visit(`/authority/notices/${notice.id}/exclusions`)).status).toBe(403);
    await scene.app.db.inspect(
      `INSERT INTO authority (code, name, created_at) VALUES ('998', 'Southshire', now())`,
    );
    await scene.app.db.inspect(`UPDATE desk SET authority_code = '998' WHERE kind = 'early-years'`);
    const stranger = await scene.signIn(scene.world.desks['early-years'].officer);
    expect((await stranger.visit(`/authority/notices/${notice.id}/exclusions`)).status).toBe(404);
  });
});
