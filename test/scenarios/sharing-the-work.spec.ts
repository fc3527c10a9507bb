import { afterEach, describe, expect, it } from '@jest/globals';
import { settingActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { AskSooner } from '../../src/escalation/ask-sooner.service.js';
import { FollowUps } from '../../src/escalation/follow-ups.service.js';
import { HandOver } from '../../src/escalation/hand-over.service.js';
import { inLondon } from '../support/clock.js';
import type { Visitor } from '../support/visitor.js';
import type { WorldContact } from '../support/world.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';
const DUTY = ['manager@duty.northshire.example', 'officer@duty.northshire.example'];
const duty = (time: string): string[] => DUTY.map((address) => `${time} ${address}`);

let scene: Scene;
afterEach(() => scene.close());

const as = (contact: WorldContact) => settingActor(contact.id, scene.world.riverside.urn);

async function opened(contact: WorldContact, id: string): Promise<Visitor> {
  const visitor = await scene.signIn(contact);
  await visitor.visit(`/notices/${id}`);
  await visitor.submit({}, '/open');
  return visitor;
}

async function exclude(noticeId: string, contact: WorldContact): Promise<void> {
  await scene.app.db.inspect(
    `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at) VALUES ($1, $2, 'by-person', $3)`,
    [noticeId, contact.id, scene.app.clock.now()],
  );
}

describe('handing over', () => {
  it('keeps the clock, tells the new owner alone, and is on the record', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { dsl, deputy } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.happened();
    const visitor = await opened(dsl, id);
    await visitor.submit({}, '/acknowledge');
    await scene.until('2026-11-23 10:00');
    const before = await scene.notice(id);
    await visitor.visit(`/notices/${id}/read`);
    const page = await visitor.submit({ to: deputy.id }, '/hand-over');
    expect(page.text).toContain('Dep riverside looks after this notice now');
    expect(await scene.happened()).toEqual(on('2026-11-23', [`10:00 ${DEPUTY}`]));
    const after = await scene.notice(id);
    expect([after.action_by, after.acknowledged_by, after.state]).toEqual([
      before.action_by,
      dsl.id,
      'acknowledged',
    ]);
    expect(await scene.actions(id)).toContain('notice.handed-over');
    expect(await scene.until('2026-11-23 15:15')).toEqual(
      on('2026-11-23', [`14:15 ${DEPUTY}`, `15:15 ${HEAD}`]),
    );
  });

  it('to somebody who is away that day asks them, and silence goes on to the head and the desk', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { dsl, deputy } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.happened();
    await scene.acknowledge(dsl, id);
    await scene.until('2026-11-23 09:00');
    await scene.app.db.inspect(
      `INSERT INTO absence (id, contact_id, from_date, to_date, created_at) VALUES (gen_random_uuid(), $1, '2026-11-23', '2026-11-23', $2)`,
      [deputy.id, scene.app.clock.now()],
    );
    await scene.app.get(HandOver, { strict: false }).run(as(dsl), dsl.id, id, deputy.id);
    const told = await scene.until('2026-11-23 09:45');
    expect(told.slice(0, 2)).toEqual(on('2026-11-23', [`09:00 ${DEPUTY}`, `09:00 ${DEPUTY}`]));
    expect(told).toEqual(expect.arrayContaining(on('2026-11-23', [`09:35 ${HEAD}`, ...duty('09:40')])));
  });

  it('never offers a colleague who must not know, and refuses one in the same words as a stranger', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { dsl, deputy, head } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.happened();
    await exclude(id, head);
    const visitor = await opened(dsl, id);
    await visitor.submit({}, '/acknowledge');
    const { html } = await visitor.visit(`/notices/${id}/read`);
    expect(html).toContain(`value="${deputy.id}"`);
    expect(html).not.toContain(head.id);
    expect(html).not.toContain('Hed riverside');
    const handOver = scene.app.get(HandOver, { strict: false });
    const refusal = (to: string) =>
      handOver.run(as(dsl), dsl.id, id, to).then(
        () => 'taken',
        (error: Error) => error.message,
      );
    const words = await refusal(newId());
    expect(await refusal(head.id)).toBe(words);
    expect(await refusal(scene.world.hillside.dsl.id)).toBe(words);
  });
});

describe('asking sooner', () => {
  it('“Ask them now”: the next rung fires at once, once, and the ladder goes on from there', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { dsl, deputy } = scene.world.riverside;
    await scene.contact(deputy, { working_days: [2, 3, 4, 5] });
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 07:50');
    const visitor = await opened(dsl, id);
    const two = await opened(dsl, id);
    await visitor.submit({}, '/ask-next');
    expect(await scene.happened()).toEqual(on('2026-11-23', [`07:50 ${DEPUTY}`]));
    const again = await two.submit({}, '/ask-next');
    expect(again.status).toBe(409);
    expect(await scene.until('2026-11-23 08:31')).toEqual(
      on('2026-11-23', [`08:15 ${HEAD}`, ...duty('08:30')]),
    );
    expect(await scene.rungs(id)).toContain('2026-11-23 08:00 deputies fired');
  });

  it('ten at once ask one rung', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { dsl } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.happened();
    const askSooner = scene.app.get(AskSooner, { strict: false });
    const asked = await Promise.allSettled(
      Array.from({ length: 10 }, () => askSooner.ask(as(dsl), dsl.id, id, 'reminder')),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await scene.happened()).length).toBe(2);
  });

  it('“Remind me later”: one more message, never later than five minutes before the bell; no rung moves', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { dsl } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:01');
    const rungs = await scene.rungs(id);
    const visitor = await opened(dsl, id);
    await visitor.submit({ minutes: '15' }, '/remind-later');
    const askSooner = scene.app.get(AskSooner, { strict: false });
    const at = await askSooner.remindLater(as(dsl), dsl.id, id, 120);
    expect(inLondon(at)).toBe('2026-11-23 08:40');
    expect(await scene.rungs(id)).toEqual(rungs);
    const told = await scene.until('2026-11-23 08:44');
    expect(told.filter((line) => line.endsWith(DSL))).toEqual(on('2026-11-23', [`08:40 ${DSL}`]));
    await expect(askSooner.remindLater(as(dsl), dsl.id, id, 15)).rejects.toThrow(/too near to the deadline/);
  });

  it('a reminder for a notice that somebody has read meanwhile is not sent', async () => {
    scene = await Scene.open('2026-11-23 06:00');
    const { dsl, deputy } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.happened();
    await scene.app.get(AskSooner, { strict: false }).remindLater(as(dsl), dsl.id, id, 30);
    await scene.acknowledge(deputy, id);
    expect(await scene.until('2026-11-23 07:40')).toEqual([]);
  });
});

describe('a follow-up', () => {
  const add = (contact: WorldContact, id: string, dueOn: string, more: Record<string, string> = {}) =>
    scene.app.get(FollowUps, { strict: false }).add(as(contact), contact.id, id, {
      kind: 'task',
      text: 'Ring the social worker about Friday',
      dueOn,
      ownerContactId: '',
      ...more,
    });

  it('has a clock of its own: its owner, the head, the authority each school day, also after the support decision', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { dsl, deputy } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.happened();
    const visitor = await opened(dsl, id);
    await visitor.submit({}, '/acknowledge');
    await visitor.visit(`/notices/${id}/follow-up`);
    const wrong = await visitor.submit({ text: '', dueOn: '2026-11-20', kind: 'task' }, '/follow-up');
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Say what is to be done');
    expect(wrong.text).toContain('The date has passed');
    const fields = { text: 'Breakfast club', dueOn: '2026-11-25', kind: 'task', ownerContactId: deputy.id };
    const page = await visitor.submit(fields, '/follow-up');
    expect(page.text).toContain('Breakfast club');
    await visitor.visit(`/notices/${id}/action`);
    await visitor.submit({ inSchool: 'yes', told: 'not-yet', decision: 'Keep an eye on her' }, '/action');
    expect(await scene.until('2026-11-27 12:00')).toEqual([
      ...on('2026-11-24', [`09:00 ${DEPUTY}`]),
      ...on('2026-11-25', [`09:00 ${DEPUTY}`, `15:15 ${HEAD}`]),
      ...on('2026-11-26', duty('09:00')),
      ...on('2026-11-27', duty('09:00')),
    ]);
    const deputyVisitor = await opened(deputy, id);
    await deputyVisitor.visit(`/notices/${id}/read`);
    const done = await deputyVisitor.submit({}, /\/done$/);
    expect(done.text).toContain('Done by Dep riverside');
    expect(await scene.until('2026-12-01 12:00')).toEqual([]);
    expect(await scene.actions(id)).toEqual(
      expect.arrayContaining(['follow-up.added', 'follow-up.completed']),
    );
  });

  describe('whose reminder waits for a mail server that says "not now"', () => {
    /** Read at 07:20; the deputy is reminded at 09:00 of what she is to do on Tuesday, and her server defers until 09:10. */
    const deferred = async () => {
      scene = await Scene.open('2026-11-23 07:20');
      const { dsl, deputy } = scene.world.riverside;
      const first = scene.notification();
      const { body } = await scene.police.post(first);
      await scene.happened();
      const [notice] = await scene.noticesOf(body.id);
      await scene.acknowledge(dsl, notice.id);
      await add(dsl, notice.id, '2026-11-24', { ownerContactId: deputy.id });
      expect(await scene.until('2026-11-23 08:59')).toEqual([]);
      scene.app.mail.behave({ kind: 'defers', to: [DEPUTY] });
      expect(await scene.until('2026-11-23 09:05')).toEqual([]);
      return { notice, first };
    };
    const remindedAt0910 = async (reference: string): Promise<void> => {
      scene.newMails();
      scene.app.mail.goodDay();
      scene.app.clock.set('2026-11-23T09:10:00Z');
      await scene.app.drain({ ignoreBackoff: true });
      const mails = scene.newMails().filter(({ to }) => to === DEPUTY);
      expect(mails.map(({ text }) => text.includes(reference))).toContain(true);
    };

    it('comes all the same when the support decision has been recorded meanwhile', async () => {
      const { notice } = await deferred();
      const visitor = await opened(scene.world.riverside.dsl, notice.id);
      await visitor.visit(`/notices/${notice.id}/action`);
      await visitor.submit({ inSchool: 'yes', told: 'not-yet', decision: 'Keep an eye on her' }, '/action');
      expect((await scene.notice(notice.id)).state).toBe('actioned');
      await remindedAt0910(notice.reference);
    });

    it('and when a newer version has taken its notice’s place', async () => {
      const { notice, first } = await deferred();
      await scene.police.post({ ...first, version: 2 });
      await scene.app.drain();
      expect((await scene.notice(notice.id)).state).toBe('superseded');
      await remindedAt0910(notice.reference);
    });

    it('does not when the notice was handed back', async () => {
      const { notice } = await deferred();
      const visitor = await scene.signIn(scene.world.riverside.dsl);
      await visitor.visit(`/notices/${notice.id}/not-our-pupil`);
      await visitor.submit({ where: 'not-known', do: 'hand-back' });
      scene.newMails();
      scene.app.mail.goodDay();
      await scene.app.drain({ ignoreBackoff: true });
      expect(scene.newMails().filter(({ to }) => to === DEPUTY)).toEqual([]);
    });
  });

  it('stands in the inbox until it is done, long after its notice has left it, and overdue at the desk too', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { dsl, deputy } = scene.world.riverside;
    const first = scene.notification();
    const { body } = await scene.police.post(first);
    await scene.happened();
    const [{ id, reference }] = await scene.noticesOf(body.id);
    await scene.acknowledge(dsl, id);
    await add(dsl, id, '2027-01-20', { ownerContactId: deputy.id, kind: 'check-in' });
    // A newer version takes the notice's place, and is done with by January.
    await scene.police.post({ ...first, incident: { ...first.incident, policeAction: 'Words of advice.' } });
    await scene.happened();
    const newer = (await scene.noticesOf(body.id)).find(({ version }) => version === 2);
    await scene.acknowledge(dsl, newer?.id ?? '');
    await scene.app.db.inspect(`UPDATE notice SET state = 'actioned', actioned_at = $1 WHERE version = 2`, [
      scene.app.clock.now(),
    ]);
    expect((await scene.notice(id)).state).toBe('superseded');
    await scene.until('2027-01-21 10:00');
    const visitor = await scene.signIn(deputy);
    const inbox = await visitor.visit('/inbox');
    expect(inbox.text).toContain(`Check in with the child: notice ${reference}`);
    expect(inbox.text).toMatch(/Follow-up overdue.* You do it/);
    expect(inbox.html).not.toContain('social worker');
    const officer = await scene.signIn(scene.world.desks.duty.officer);
    const desk = await officer.visit('/authority/desk');
    expect(desk.text).toContain(`Check in with the child: notice ${reference}, Riverside Primary School`);
    expect((await officer.visit(`/authority/notices/${id}`)).status).toBe(200);
    const [, href = ''] = /href="([^"]+)#follow-ups"/.exec(inbox.html) ?? [];
    await visitor.visit(href);
    await visitor.submit({}, '/open');
    const done = await visitor.submit({}, /\/done$/);
    expect(done.text).toContain('Done by Dep riverside');
    expect((await visitor.visit('/inbox')).text).not.toContain(reference);
    expect((await officer.visit('/authority/desk')).text).not.toContain(reference);
  });

  it('of a notice that is handed back ends on the record, and its owner and the desk can see that it did', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { dsl, deputy, head } = scene.world.riverside;
    const { id, reference } = await scene.postOne();
    await scene.happened();
    await scene.acknowledge(dsl, id);
    await exclude(id, head);
    await add(dsl, id, '2026-11-25', { ownerContactId: deputy.id, kind: 'referral' });
    const visitor = await scene.signIn(dsl);
    const asked = await visitor.visit(`/notices/${id}/not-our-pupil`);
    expect(asked.text).toContain('1 open follow-up ends with it.');
    const given = await visitor.submit({ where: 'not-known', do: 'hand-back' });
    expect(given.text).toContain('1 open follow-up ends with it.');
    expect(await scene.actions(id)).toContain('follow-up.withdrawn');
    const owner = await scene.signIn(deputy);
    const inbox = await owner.visit('/inbox');
    expect(inbox.text).toContain(`A referral to make or to press for: notice ${reference}`);
    expect(inbox.text).toContain('Ended, because the notice was handed back.');
    expect((await (await scene.signIn(head)).visit('/inbox')).text).not.toContain(reference);
    const [next] = await scene.app.db.inspect<{ id: string }>(
      `SELECT id FROM notice WHERE from_notice_id = $1`,
      [id],
    );
    const officer = await scene.signIn(scene.world.desks.triage.officer);
    const desk = await officer.visit(`/authority/notices/${next.id}`);
    expect(desk.text).toContain('A referral to make or to press for: Dep riverside, by');
    expect(desk.html).not.toContain('social worker');
    const [armed] = await scene.app.db.inspect<{ n: string }>(
      `SELECT count(*) AS n FROM outbox WHERE name = 'follow-up.fire' AND done_at IS NULL`,
    );
    expect(armed.n).toBe('0');
    scene.newMails();
    await scene.app.db.inspect(`UPDATE follow_up SET withdrawn_at = withdrawn_at - interval '15 days'`);
    expect((await (await scene.signIn(deputy)).visit('/inbox')).text).not.toContain(reference);
  });

  it('stands nowhere in the clear, and belongs to its own notice', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { dsl } = scene.world.riverside;
    const [one, other] = await scene.post({
      children: [scene.child(scene.world.riverside), scene.child(scene.world.riverside)],
    });
    await scene.happened();
    await scene.acknowledge(dsl, one.id);
    await scene.acknowledge(dsl, other.id);
    const followUp = await add(dsl, one.id, '2026-11-24');
    const [clear] = await scene.app.db.inspect<{ n: number }>(
      `SELECT (SELECT count(*) FROM outbox o WHERE o::text LIKE '%social worker%')
            + (SELECT count(*) FROM audit_event a WHERE a::text LIKE '%social worker%')
            + (SELECT count(*) FROM follow_up f WHERE f::text LIKE '%social worker%')
            + (SELECT count(*) FROM sealed_text t WHERE position('social worker'::bytea IN t.ciphertext) > 0) AS n`,
    );
    expect(Number(clear.n)).toBe(0);
    const followUps = scene.app.get(FollowUps, { strict: false });
    await expect(followUps.complete(as(dsl), dsl.id, other.id, followUp)).rejects.toMatchObject({
      status: 404,
    });
    const stranger = scene.world.hillside.dsl;
    const elsewhere = settingActor(stranger.id, scene.world.hillside.urn);
    await expect(followUps.complete(elsewhere, stranger.id, one.id, followUp)).rejects.toMatchObject({
      status: 404,
    });
  });

  it('cannot be given to somebody who must not know, nor made before the notice is read', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { dsl, head } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.happened();
    await expect(add(dsl, id, '2026-11-24')).rejects.toMatchObject({ status: 409 });
    await exclude(id, head);
    await scene.acknowledge(dsl, id);
    await expect(add(dsl, id, '2026-11-24', { ownerContactId: head.id })).rejects.toMatchObject({
      status: 422,
    });
  });
});
