import { afterEach, describe, expect, it } from '@jest/globals';
import { Alerts } from '../../src/alerts/alerts.service.js';
import { systemActor } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.js';
import { Scene } from './support/scene.js';

const OPERATOR = 'operator@firstbell.example';
const FORCE = 'demo@force.example';

let scene: Scene;
afterEach(() => scene.close());

describe('a setting at which nobody can be reached', () => {
  it('is mailed to the operator once a day, not once for ever', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.app.db.inspect(`UPDATE contact SET archived_at = created_at WHERE setting_urn = '900123'`);
    const alerted = async (): Promise<number> =>
      (await scene.happened()).filter((line) => line.endsWith(OPERATOR)).length;
    await scene.police.post(scene.notification());
    expect(await alerted()).toBe(1);
    await scene.police.post(scene.notification());
    expect(await alerted()).toBe(0);
    await scene.app.db.inspect(`UPDATE alert SET mailed_at = mailed_at - interval '24 hours'`);
    await scene.police.post(scene.notification());
    expect(await alerted()).toBe(1);
  });
});

describe('an alert for the operator and a force', () => {
  const raise = async (): Promise<void> => {
    await scene.app
      .get(Database, { strict: false })
      .transaction(systemActor('test'), (tx) =>
        scene.app.get(Alerts, { strict: false }).raise(tx, 'feed-silent', 'DEMO', {}, 'DEMO'),
      );
    await scene.app.drain();
  };
  const told = (): string[] =>
    scene
      .newMails()
      .map(({ to }) => to)
      .sort();
  /** One more try of whatever waits for its next one. */
  const triedAgain = async (): Promise<void> => {
    await scene.app.db.inspect(
      `UPDATE outbox SET next_attempt_at = clock_timestamp() WHERE done_at IS NULL AND next_attempt_at IS NOT NULL`,
    );
    await scene.app.drain();
  };
  const undeliverable = (): Promise<{ forceCode: string | null; detail: Record<string, unknown> }[]> =>
    scene.app.db.inspect(
      `SELECT force_code AS "forceCode", detail FROM audit_event WHERE action = 'alert.undeliverable'`,
    );
  const waiting = (): Promise<unknown[]> =>
    scene.app.db.inspect(`SELECT 1 FROM outbox WHERE name = 'alert.send' AND done_at IS NULL`);

  it.each([
    ['force', FORCE, OPERATOR],
    ['operator', OPERATOR, FORCE],
  ])(
    'reaches the other when the mailbox of the %s is gone, and is on the record after a day',
    async (who, gone, other) => {
      scene = await Scene.open('2026-11-22 21:40');
      scene.app.mail.behave({ kind: 'bounces', to: [gone] });
      await raise();
      expect(told()).toEqual([other]);
      expect(await undeliverable()).toEqual([]);
      scene.app.clock.advance(24 * 3_600_000);
      await scene.app.drain({ ignoreBackoff: true });
      expect(told()).toEqual([]);
      expect(await waiting()).toEqual([]);
      expect(await undeliverable()).toEqual([
        {
          forceCode: 'DEMO',
          detail: expect.objectContaining({ recipient: who, kind: 'feed-silent', code: '550' }),
        },
      ]);
      expect(scene.app.log.entries.filter(({ event }) => event === 'alert.undeliverable')).toHaveLength(1);
      expect(scene.app.log.text()).not.toContain(gone);
    },
  );

  it('comes when a mail server that called everybody unknown is well again', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'bounces', to: [OPERATOR, FORCE] });
    await raise();
    expect(told()).toEqual([]);
    scene.app.mail.goodDay();
    await scene.app.drain({ ignoreBackoff: true });
    expect(told()).toEqual([FORCE, OPERATOR]);
  });

  it('goes to the operator each day, though the mailbox of the force is full for days; raised each minute, once a day', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'defers', to: [FORCE] });
    await raise();
    expect(told()).toEqual([OPERATOR]);
    for (let day = 0; day < 2; day += 1) {
      scene.app.clock.advance(24 * 3_600_000);
      await raise();
      expect(told()).toEqual([OPERATOR]);
      scene.app.clock.advance(60_000);
      await raise();
      await triedAgain();
      expect(told()).toEqual([]);
    }
  });

  it('waits for the one that says "not now", without going to the other again; the next day it goes to both', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'defers', to: [OPERATOR] });
    await raise();
    expect(told()).toEqual([FORCE]);
    scene.app.mail.goodDay();
    await scene.app.drain({ ignoreBackoff: true });
    expect(told()).toEqual([OPERATOR]);
    expect(await waiting()).toEqual([]);
    scene.app.clock.advance(24 * 3_600_000);
    await raise();
    expect(told()).toEqual([FORCE, OPERATOR]);
  });
});
