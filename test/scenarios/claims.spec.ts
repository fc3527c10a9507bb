import { afterEach, describe, expect, it } from '@jest/globals';
import { SendMailing } from '../../src/delivery/send-mailing.service.js';
import { HandlerRegistry } from '../../src/jobs/handler-registry.js';
import { RetryAt } from '../../src/jobs/job-handler.js';
import { Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';

let scene: Scene;
afterEach(() => scene.close());

describe('a message that a sender claimed and never sent', () => {
  it('is not forgotten by a run that comes before the claim has ended, and goes out after it', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.postOne();
    await scene.happened();
    const { dsl } = scene.world.riverside;
    // As kill -9 between the claim and the mail server's yes leaves it.
    const until = new Date(Date.now() + 60_000);
    await scene.app.db.inspect(
      `UPDATE outgoing_message SET state = 'sending', lease_until = $2, accepted_at = NULL WHERE contact_id = $1`,
      [dsl.id, until],
    );
    const sender = scene.app.get(SendMailing, { strict: false });
    const early = sender.run(dsl.id, 'email');
    await expect(early).rejects.toBeInstanceOf(RetryAt);
    await expect(early).rejects.toMatchObject({ at: new Date(until.getTime() + 1) });
    await scene.app.db.inspect(`UPDATE outgoing_message SET lease_until = $2 WHERE contact_id = $1`, [
      dsl.id,
      new Date(Date.now() - 1),
    ]);
    await sender.run(dsl.id, 'email');
    expect(scene.newMails().map(({ to }) => to)).toEqual([DSL]);
    await sender.run(dsl.id, 'email');
    expect(scene.newMails()).toEqual([]);
  });
});

describe('somebody excluded after a rung told only them', () => {
  it('is not told, and the next rung does not wait for its instant', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { dsl, deputy } = scene.world.riverside;
    await scene.contact(deputy, { working_days: [2, 3, 4, 5] });
    const answer = await scene.police.post(scene.notification());
    // Every job but the sending itself has run: the message waits for its claim.
    const sends = () =>
      scene.app.db.inspect<{ id: string }>(`SELECT id FROM outgoing_message WHERE contact_id = $1`, [dsl.id]);
    const registry = scene.app.get(HandlerRegistry, { strict: false });
    while ((await sends()).length === 0) {
      const jobs = await scene.app.db.inspect<{ id: string }>(
        `SELECT id FROM outbox WHERE done_at IS NULL AND name <> 'delivery.send' AND due_at <= $1`,
        [scene.app.clock.now()],
      );
      for (const { id } of jobs) await registry.run(id);
    }
    const [{ id }] = await scene.noticesOf(answer.body.id);
    await scene.app.db.inspect(
      `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at) VALUES ($1, $2, 'by-person', now())`,
      [id, dsl.id],
    );
    expect(await scene.happened()).toEqual([`2026-11-22 21:40 ${deputy.email}`]);
  });
});
