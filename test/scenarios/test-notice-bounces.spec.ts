import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { BounceStorms } from '../../src/delivery/bounce-storms.service.js';
import { TestNotices } from '../../src/test-notices/test-notices.service.js';
import { Scene } from './support/scene.js';

const ACTOR = systemActor('test');
const MANY = 12;

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open('2026-11-24 10:00');
});
afterEach(() => scene.close());

const storms = async (): Promise<string[]> => {
  const blowing = await scene.app.db.database.transaction(ACTOR, (tx) =>
    scene.app.get(BounceStorms, { strict: false }).blowing(tx),
  );
  return blowing.map(({ provider, channel }) => `${provider} ${channel}`);
};
/** A mailbox for each of these settings. */
const mailboxes = (urns: readonly string[]) =>
  scene.app.db.inspect<{ id: string; email: string }>(
    `INSERT INTO contact (id, setting_urn, role, name, email, shared_mailbox, email_verified_at, created_at)
     SELECT gen_random_uuid(), urn, 'dsl', 'Office ' || nr, 'office' || nr || '@own-domain.example', true, $2, $2
     FROM unnest($1::text[]) WITH ORDINALITY AS one(urn, nr) RETURNING id, email`,
    [urns, scene.app.clock.now()],
  );

describe('bounces of test notices', () => {
  it('are no storm where one school has many addresses that do not exist', async () => {
    const { urn } = scene.world.riverside;
    const made = await mailboxes(Array.from({ length: MANY }, () => urn));
    scene.app.mail.behave({ kind: 'bounces', to: made.map(({ email }) => email) });
    await scene.app.get(TestNotices, { strict: false }).send(ACTOR, urn);
    await scene.app.drain();
    scene.newMails();
    const [{ n }] = await scene.app.db.inspect<{ n: number }>(
      `SELECT count(*)::int AS n FROM mailing WHERE state = 'bounced' AND test`,
    );
    expect(n).toBe(MANY);
    expect(await storms()).toEqual([]);
  });

  it('are one where most schools’ bounce at once', async () => {
    const urns = Array.from({ length: MANY }, (_, index) => String(901_000 + index));
    await scene.app.db.inspect(
      `INSERT INTO setting (urn, authority_code, name, normalised_name, kind, status, imported_at)
       SELECT urn, '999', 'School ' || urn, 'school ' || urn, 'school', 'open', $2 FROM unnest($1::text[]) AS urn`,
      [urns, scene.app.clock.now()],
    );
    const made = await mailboxes(urns);
    await scene.app.db.inspect(
      `INSERT INTO mailing (id, contact_id, channel, messages, state, claimed_at, provider, error_code, test)
       SELECT gen_random_uuid(), id, 'email', 1, 'bounced', $2, 'smtp', '550 5.1.1', true FROM unnest($1::uuid[]) AS id`,
      [made.map(({ id }) => id), scene.app.clock.now()],
    );
    expect(await storms()).toEqual(['smtp email']);
  });
});
