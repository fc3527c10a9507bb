import { afterEach, describe, expect, it } from '@jest/globals';
import { Scene } from '../scenarios/support/scene.js';

let scene: Scene;
afterEach(() => scene.close());

/** Every job that is done is opened again, as a restored backup or a queue that forgets would, and run by its handler. */
async function runEverythingAgain(): Promise<{ before: string[]; after: string[]; mails: string[] }> {
  const armed = async (): Promise<string[]> => {
    const rows = await scene.app.db.inspect<{ text: string }>(
      `SELECT name || ' ' || payload::text || ' ' || due_at AS text FROM outbox
       WHERE done_at IS NULL AND failed_at IS NULL ORDER BY 1`,
    );
    return rows.map(({ text }) => text);
  };
  const before = await armed();
  await scene.app.db.inspect(
    `UPDATE outbox SET done_at = NULL, next_attempt_at = NULL, lease_until = NULL WHERE due_at <= $1`,
    [scene.app.clock.now()],
  );
  await scene.app.drain();
  return { before, after: await armed(), mails: await scene.happened() };
}

describe('every job may run twice, long after it was done', () => {
  it('after a missed bell: one chain of repeats, no mail a second time', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.postOne();
    await scene.until('2026-11-23 10:20');
    const { before, after, mails } = await runEverythingAgain();
    expect(before).toHaveLength(1);
    expect(after).toEqual(before);
    expect(mails).toEqual([]);
  });

  it('at a desk: one chain', async () => {
    scene = await Scene.open('2026-11-23 07:05');
    const [{ id }] = await scene.post({
      children: [scene.child(scene.world.riverside, { settings: [], schoolStated: null })],
    });
    await scene.until('2026-11-23 10:05');
    const { next_due_at: next } = await scene.notice(id);
    const { before, after, mails } = await runEverythingAgain();
    expect(before).toHaveLength(1);
    expect(after).toEqual(before);
    expect(mails).toEqual([]);
    expect((await scene.notice(id)).next_due_at).toEqual(next);
  });

  it('after an early acknowledgement and a support decision that nobody makes: one question, one chain', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.acknowledge(scene.world.riverside.dsl, id);
    await scene.until('2026-11-23 08:20');
    const asked = await runEverythingAgain();
    expect(asked.after).toEqual(asked.before);
    await scene.until('2026-11-26 12:00');
    const { before, after, mails } = await runEverythingAgain();
    expect(before).toHaveLength(1);
    expect(after).toEqual(before);
    expect(mails).toEqual([]);
  });
});
