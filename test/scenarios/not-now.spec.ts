import { afterEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.js';
import { SendMailing } from '../../src/delivery/send-mailing.service.js';
import { Outbox } from '../../src/jobs/outbox.js';
import { inLondon } from '../support/clock.js';
import { eventually } from '../support/wait.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';

let scene: Scene;
afterEach(() => scene.close());

const sender = () => scene.app.get(SendMailing, { strict: false });
const incident = (risk: 'medium' | 'high') => ({ incident: { ...scene.notification().incident, risk } });
const states = async (email: string): Promise<string[]> => {
  const rows = await scene.app.db.inspect<{ state: string }>(
    `SELECT m.state FROM outgoing_message m JOIN contact c ON c.id = m.contact_id WHERE c.email = $1`,
    [email],
  );
  return rows.map(({ state }) => state);
};

/** As after any edit of who is there. */
const coverChanged = (): Promise<void> =>
  scene.app
    .get(Database, { strict: false })
    .transaction(systemActor('test'), (tx) =>
      scene.app
        .get(Outbox, { strict: false })
        .add(tx, 'directory.cover-changed', { urn: scene.world.riverside.urn }),
    );

describe('a school’s mail server that says "not now"', () => {
  /** Tries both again, as the sender's back-off would by then. */
  const refusedAgain = async (): Promise<void> => {
    const { dsl, deputy } = scene.world.riverside;
    for (const contact of [dsl, deputy])
      await expect(sender().run(contact.id, 'email')).rejects.toThrow('451');
  };

  it('for twenty minutes of a Sunday night: nothing fires early, the mail comes when it is taken, and the reminder at its time', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'defers', to: [DSL, DEPUTY] });
    const { id } = await scene.postOne(incident('medium'));
    for (let minute = 0; minute < 20; minute += 1) {
      scene.app.clock.advance(60_000);
      await refusedAgain();
      expect(await scene.happened()).toEqual([]);
    }
    expect(await scene.rungs(id)).toEqual(
      expect.arrayContaining(['2026-11-22 21:40 first fired', '2026-11-23 07:45 reminder planned']),
    );
    scene.app.mail.goodDay();
    await scene.app.drain({ ignoreBackoff: true });
    expect(await scene.happened()).toEqual(on('2026-11-22', [`22:00 ${DEPUTY}`, `22:00 ${DSL}`]));
    expect(await scene.until('2026-11-23 07:50')).toEqual(
      on('2026-11-23', [`07:45 ${DEPUTY}`, `07:45 ${DSL}`]),
    );
  });

  it.each([
    ['an hour', 'medium', 60],
    ['a quarter of an hour, where the risk is HIGH', 'high', 15],
  ] as const)('for %s: the next rung runs, and the mail still comes', async (_long, risk, minutes) => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'defers', to: [DSL, DEPUTY] });
    const { id } = await scene.postOne(incident(risk));
    await scene.app.db.inspect(`UPDATE outgoing_message SET attempts = 7`);
    scene.app.clock.advance(minutes * 60_000);
    await refusedAgain();
    await scene.app.drain();
    const rungs = await scene.rungs(id);
    expect(rungs.find((line) => line.includes(' first '))).toContain('empty');
    expect(rungs.find((line) => line.includes(' reminder '))).toContain('fired');
    scene.app.mail.goodDay();
    await scene.app.drain({ ignoreBackoff: true });
    const at = inLondon(scene.app.clock.now());
    expect(await scene.happened()).toEqual([`${at} ${DEPUTY}`, `${at} ${DSL}`]);
  });

  it('until its patience was over: taken after all, its mails are told by no later plan again', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'defers', to: [DSL, DEPUTY] });
    const { id } = await scene.postOne(incident('high'));
    await scene.app.db.inspect(`UPDATE outgoing_message SET attempts = 7`);
    scene.app.clock.advance(20 * 60_000);
    await refusedAgain();
    await scene.app.drain();
    expect(await scene.rungs(id)).toContain('2026-11-22 21:40 first empty');
    scene.app.mail.goodDay();
    await scene.app.drain({ ignoreBackoff: true });
    expect(await scene.happened()).toEqual(on('2026-11-22', [`22:00 ${DEPUTY}`, `22:00 ${DSL}`]));
    expect(await scene.rungs(id)).toContain('2026-11-22 21:40 first fired');
    // Somebody else is away, with cover: a new plan.
    const { dsl, head } = scene.world.riverside;
    await scene.app.db.inspect(
      `INSERT INTO absence (id, contact_id, from_date, to_date, cover_contact_id, created_at)
       VALUES ($1, $2, '2026-11-23', '2026-11-23', $3, $4)`,
      [newId(), head.id, dsl.id, scene.app.clock.now()],
    );
    await coverChanged();
    expect(await scene.until('2026-11-23 07:50')).toEqual([]);
    expect((await scene.notice(id)).generation).toBe(2);
    expect(await scene.rungs(id)).toContain('2026-11-22 21:40 first inherited');
  });
});

describe('a mail that waits while its address is changed', () => {
  it('does not go to one that nobody has proved; the ladder goes on at once', async () => {
    scene = await Scene.open('2026-11-20 18:00');
    const { dsl, deputy } = scene.world.riverside;
    // Not in school on Mondays: the mail of that Friday is the DSL's alone.
    await scene.contact(deputy, { working_days: [2, 3, 4, 5] });
    scene.app.mail.behave({ kind: 'defers' });
    const { id } = await scene.postOne();
    await scene.contact(dsl, { email: 'typo@riverside.example', email_verified_at: null });
    await coverChanged();
    await scene.app.db.inspect(
      `UPDATE outbox SET next_attempt_at = now() + interval '1 hour' WHERE name = 'delivery.send'`,
    );
    expect(await scene.happened()).toEqual([]);
    scene.app.mail.goodDay();
    await scene.app.drain({ ignoreBackoff: true });
    expect(await scene.happened()).toEqual([`2026-11-20 18:00 ${DEPUTY}`]);
    expect(await states('typo@riverside.example')).toEqual(['bounced']);
    expect(await scene.rungs(id)).toContain('2026-11-20 18:00 first empty');
  });
});

describe('a mail server that is down for everybody', () => {
  /** A sender asks again as soon as a probe is due, which is real time. */
  const askUntil = (contactId: string, answer: RegExp): Promise<unknown> =>
    eventually(
      async () => {
        const [tried] = await Promise.allSettled([sender().run(contactId, 'email')]);
        return answer.test(tried.status === 'fulfilled' ? 'taken' : String(tried.reason));
      },
      { within: 30_000, what: `an answer ${String(answer)}` },
    );

  it('uses up no rung: the later ones would reach nobody either', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'refuses' });
    const { id } = await scene.postOne(incident('high'));
    await scene.app.db.inspect(`UPDATE outgoing_message SET attempts = 20`);
    scene.app.clock.set('2026-11-23T06:00:00Z');
    const { dsl, deputy } = scene.world.riverside;
    for (const contact of [dsl, deputy]) await askUntil(contact.id, /421/);
    await scene.app.drain();
    const rungs = await scene.rungs(id);
    expect(rungs).toContain('2026-11-22 21:40 first fired');
    expect(rungs).toContain('2026-11-23 07:45 reminder planned');
  });

  it('from Friday evening to Sunday evening: the mail goes when it is back, because the bell is still ahead', async () => {
    scene = await Scene.open('2026-11-20 18:00');
    scene.app.mail.behave({ kind: 'refuses' });
    const { id } = await scene.postOne();
    const { dsl, deputy } = scene.world.riverside;
    scene.app.clock.set('2026-11-22T18:00:00Z');
    await askUntil(dsl.id, /421/);
    expect(await states(DSL)).toEqual(['pending']);
    scene.app.mail.goodDay();
    for (const contact of [dsl, deputy]) await askUntil(contact.id, /taken/);
    expect(scene.newMails().map(({ to }) => to)).toEqual(expect.arrayContaining([DSL, DEPUTY]));
    expect(await scene.rungs(id)).toContain('2026-11-23 07:45 reminder planned');
  });
});

describe('a message that nobody takes for a day', () => {
  it.each([
    ['has failed when the bell has passed as well', '2026-11-23T08:46:00Z', 'failed'],
    ['waits on while the bell is ahead', '2026-11-23T08:44:00Z', 'pending'],
  ])('%s', async (_what, at, state) => {
    scene = await Scene.open('2026-11-20 18:00');
    scene.app.mail.behave({ kind: 'defers', to: [DSL] });
    await scene.postOne();
    scene.newMails();
    scene.app.clock.set(at);
    await expect(sender().run(scene.world.riverside.dsl.id, 'email')).rejects.toThrow('451');
    expect(await states(DSL)).toEqual([state]);
  });
});
