import { afterEach, describe, expect, it } from '@jest/globals';
import { settingActor } from '../../src/common/actor.js';
import { HandlerRegistry } from '../../src/jobs/handler-registry.js';
import { AcknowledgeNotice } from '../../src/notices/acknowledge-notice.service.js';
import { createApplication } from '../../src/start/create-application.js';
import { london } from '../support/clock.js';
import { describeOnQueueBackends } from '../support/redis.js';
import { eventually } from '../support/wait.js';
import { Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';

let scene: Scene;
afterEach(() => scene.close());

const addresses = (): string[] =>
  scene
    .newMails()
    .map(({ to }) => to)
    .sort();

/** With jobs that run by themselves: nothing is due any more. */
const quiet = (): Promise<unknown> =>
  eventually(
    async () => {
      const open = `done_at IS NULL AND failed_at IS NULL AND due_at <= $1`;
      const rows = await scene.app.db.inspect(`SELECT 1 FROM outbox WHERE ${open}`, [scene.app.clock.now()]);
      return rows.length === 0;
    },
    { within: 20_000, what: 'the end of due work' },
  );

describe('every job may run twice', () => {
  it('all that ran up to the missed bell runs once more: nobody is told again, nothing is counted twice', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    const told = await scene.until('2026-11-23 08:45');
    expect(told.length).toBeGreaterThan(6);
    const before = await scene.notice(id);
    const rungs = await scene.rungs(id);
    const jobs = await scene.app.db.inspect<{ id: string }>(
      `UPDATE outbox SET done_at = NULL, published_at = NULL, next_attempt_at = NULL, lease_until = NULL
       WHERE done_at IS NOT NULL RETURNING id`,
    );
    expect(jobs.length).toBeGreaterThan(10);
    const registry = scene.app.get(HandlerRegistry, { strict: false });
    const outcomes = await Promise.all(jobs.map((job) => registry.run(job.id)));
    expect(new Set(outcomes)).toEqual(new Set(['done']));
    await scene.app.drain();
    expect(addresses()).toEqual([]);
    expect(await scene.notice(id)).toEqual(before);
    expect(await scene.rungs(id)).toEqual(rungs);
    expect((await scene.actions(id)).filter((action) => action === 'notice.missed-bell')).toHaveLength(1);
  });
});

describe('fifty people press at the same instant', () => {
  it('one is first, no message is sent afterwards, and what was under way is counted as crossed', async () => {
    scene = await Scene.open('2026-11-22 21:40', { jobs: { autoStart: false } });
    const { dsl } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.happened();
    // The reminder is claimed and under way to everybody while they press, however slow this machine is.
    scene.app.mail.behave({ kind: 'slow', delayMs: 5_000 });
    scene.app.clock.set(london('2026-11-23 07:45'));
    const sweep = scene.app.drain();
    await eventually(
      async () =>
        (
          await scene.app.db.inspect(
            `SELECT 1 FROM outgoing_message WHERE rung = 'reminder' AND state = 'sending'`,
          )
        ).length > 0,
      { within: 10_000, what: 'a claimed reminder' },
    );
    const service = scene.app.get(AcknowledgeNotice, { strict: false });
    const press = () => service.fromPortal(settingActor(dsl.id, '900123'), dsl.id, id);
    const results = await Promise.all(Array.from({ length: 50 }, press));
    expect(results.filter(({ first }) => first)).toHaveLength(1);
    await sweep;
    scene.app.mail.goodDay();
    const messages = await scene.app.db.inspect<{ state: string; crossed: boolean }>(
      `SELECT state, crossed FROM outgoing_message WHERE notice_id = $1 AND rung = 'reminder'`,
      [id],
    );
    const sent = messages.filter(({ state }) => state === 'accepted');
    expect(sent.every(({ crossed }) => crossed)).toBe(true);
    expect((await scene.notice(id)).crossed).toBe(sent.length);
    expect(addresses()).toHaveLength(sent.length);
    expect(await scene.until('2026-11-23 12:00')).toEqual([]);
    expect((await scene.actions(id)).filter((action) => action === 'notice.acknowledged')).toHaveLength(1);
  });
});

describe('a process that dies between commit and enqueue', () => {
  it('leaves rows, and the next process runs them', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { app } = scene;
    // This process commits and never hands over, as if it had been killed right after the commit.
    const answer = await scene.police.post(scene.notification());
    expect(answer.status).toBe(202);
    expect(addresses()).toEqual([]);
    const config = { ...app.config, role: 'worker' as const };
    const next = await createApplication({ config, logger: app.log.logger, clock: app.clock });
    try {
      await quiet();
      expect(addresses()).toEqual([DEPUTY, DSL]);
      app.clock.set(london('2026-11-23 07:45'));
      await quiet();
      expect(addresses()).toEqual([DEPUTY, DSL]);
    } finally {
      await next.close();
    }
  });
});

describeOnQueueBackends('a ladder whose queue loses its memory', (backend) => {
  it('fires every rung once, at its instant', async () => {
    const redisUrl = await backend.redisUrl();
    scene = await Scene.open('2026-11-22 21:40', { redisUrl, jobs: { autoStart: true } });
    await scene.postOne();
    await quiet();
    expect(addresses()).toEqual([DEPUTY, DSL]);
    await backend.wipe();
    scene.app.clock.set(london('2026-11-23 07:45'));
    await backend.wipe();
    await quiet();
    expect(addresses()).toEqual([DEPUTY, DSL]);
    scene.app.clock.set(london('2026-11-23 08:00'));
    await backend.wipe();
    await quiet();
    expect(addresses()).toEqual([HEAD]);
    const twice = await scene.app.db.inspect(
      `SELECT 1 FROM outgoing_message GROUP BY notice_id, generation, rung, contact_id HAVING count(*) > 1`,
    );
    expect(twice).toEqual([]);
  });
});
