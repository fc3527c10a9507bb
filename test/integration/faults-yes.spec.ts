import { afterEach, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Scene } from '../scenarios/support/scene.js';
import { withClient, withDatabase } from '../support/run/template.js';
import { eventually } from '../support/wait.js';

const DSL = 'dsl@riverside.example';

let scene: Scene;
afterEach(() => scene.close());

/** The database of this test refuses the application, as a server that is restarting; the others are left alone. */
async function refuse(connections: 0 | -1): Promise<void> {
  const { superuserUrl, name } = scene.app.db;
  await withClient(withDatabase(superuserUrl, 'postgres'), (client) =>
    client.query(`ALTER DATABASE ${name} CONNECTION LIMIT ${connections}`),
  );
  if (connections === 0) await scene.app.db.breakConnections();
}

it('PostgreSQL goes away between the mail server’s yes and the commit: the yes is on record when it is back, and nothing is sent twice', async () => {
  scene = await Scene.open('2026-11-22 21:40');
  const { deputy } = scene.world.riverside;
  await scene.contact(deputy, { archived_at: new Date() });
  scene.app.mail.behave({ kind: 'slow', delayMs: 700, to: [DSL] });
  const posted = scene.postOne();
  posted.catch(() => undefined);
  const { id: noticeId } = await eventually(
    async () => {
      const rows = await scene.app.db.inspect<{ id: string }>(
        `SELECT notice_id AS id FROM outgoing_message WHERE state = 'sending'`,
      );
      return rows[0];
    },
    { within: 10_000, what: 'a claimed message' },
  );
  await refuse(0);
  await eventually(() => scene.app.mail.all.length === 1, { within: 5_000, what: 'the mail' });
  await sleep(400);
  await refuse(-1);
  await eventually(
    async () => {
      const rows = await scene.app.db.inspect<{ state: string }>(`SELECT state FROM outgoing_message`);
      return rows.every(({ state }) => state === 'accepted');
    },
    { within: 10_000, what: 'the yes on record' },
  );
  await posted.catch(() => undefined);
  await scene.app.drain();
  expect(scene.newMails().map(({ to }) => to)).toEqual([DSL]);
  expect((await scene.actions(noticeId)).filter((action) => action === 'message.accepted')).toHaveLength(1);
  const repeated = await scene.app.db.inspect(`SELECT 1 FROM mailing WHERE repeated`);
  expect(repeated).toEqual([]);
});
