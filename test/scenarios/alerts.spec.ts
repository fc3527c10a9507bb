import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Alerts } from '../../src/alerts/alerts.service.js';
import { OpenAlerts, type OpenAlert } from '../../src/alerts/open-alerts.service.js';
import { systemActor } from '../../src/common/actor.js';
import { Database, type Tx } from '../../src/database/database.js';
import type { RecordedMail } from '../support/mail.js';
import { Scene } from './support/scene.js';

const OPERATOR = 'operator@firstbell.example';
const FORCE = 'demo@force.example';

let scene: Scene;
afterEach(() => scene.close());

describe('a setting at which nobody can be reached', () => {
  it('is mailed to the operator for each notice, those of one minute together', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.app.db.inspect(`UPDATE contact SET archived_at = created_at WHERE setting_urn = '900123'`);
    const alerted = async (): Promise<number> =>
      (await scene.happened()).filter((line) => line.endsWith(OPERATOR)).length;
    await scene.police.post(scene.notification());
    expect(await alerted()).toBe(1);
    for (let more = 0; more < 3; more += 1) {
      await scene.police.post(scene.notification());
      expect(await alerted()).toBe(0);
    }
    scene.app.clock.advance(60_000);
    await scene.app.drain();
    const [mail, ...others] = scene.newMails().filter(({ to }) => to === OPERATOR);
    expect(others).toEqual([]);
    expect(mail?.text).toMatch(/notices: \w+, \w+, \w+/);
  });
});

describe('a desk at which nobody can be told', () => {
  const DAY_MS = 86_400_000;
  const inOneTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    scene.app.get(Database, { strict: false }).transaction(systemActor('test'), work);
  /** What a step of a ladder says each time it finds nobody there. */
  const raise = (...notices: string[]): Promise<void> =>
    inOneTransaction(async (tx) => {
      const alerts = scene.app.get(Alerts, { strict: false });
      for (const notice of notices) await alerts.raise(tx, 'desk-unreachable', '999', { notice });
    });
  const mails = async (): Promise<RecordedMail[]> => {
    await scene.app.drain();
    return scene.newMails().filter(({ to }) => to === OPERATOR);
  };
  const open = (): Promise<OpenAlert[]> =>
    inOneTransaction((tx) => scene.app.get(OpenAlerts, { strict: false }).list(tx));
  const acknowledge = async (): Promise<boolean> => {
    const [alert] = await open();
    return scene.app
      .get(OpenAlerts, { strict: false })
      .acknowledge(systemActor('command:alerts'), alert?.id ?? '');
  };
  beforeEach(async () => {
    scene = await Scene.open('2026-11-20 09:00');
  });

  it('is mailed for each notice once, and again each day while it goes on', async () => {
    await raise('AAA111');
    expect(await mails()).toHaveLength(1);
    await raise('AAA111');
    expect(await mails()).toHaveLength(0);
    scene.app.clock.advance(17 * 3_600_000);
    await raise('BBB222');
    const [second] = await mails();
    expect(second?.text).toContain('notice: BBB222');
    await raise('AAA111', 'BBB222');
    expect(await mails()).toHaveLength(0);
    scene.app.clock.advance(DAY_MS);
    await raise('AAA111');
    expect(await mails()).toHaveLength(1);
  });

  it('is another mail each time, not one that a mail server has seen', async () => {
    await raise('AAA111');
    const [first] = await mails();
    await raise('BBB222');
    const [second] = await mails();
    expect(first?.headers['message-id']).toMatch(/@/);
    expect(second?.headers['message-id']).not.toBe(first?.headers['message-id']);
  });

  it('names in one mail every notice that no mail has named', async () => {
    await raise('AAA111', 'BBB222');
    const all = await mails();
    expect(all.map(({ text }) => /notices: .*/.exec(text)?.[0])).toEqual(['notices: AAA111, BBB222']);
  });

  it('names a notice that comes while the mail about another one waits', async () => {
    scene.app.mail.behave({ kind: 'defers', to: [OPERATOR] });
    await raise('AAA111');
    expect(await mails()).toEqual([]);
    await raise('BBB222');
    scene.app.mail.goodDay();
    await scene.app.drain({ ignoreBackoff: true });
    const texts = new Set((await mails()).map(({ text }) => /notices: .*/.exec(text)?.[0]));
    expect([...texts]).toEqual(['notices: AAA111, BBB222']);
  });

  it('acknowledged is acknowledged for the notices named: another one is mailed, months later too', async () => {
    await raise('AAA111');
    expect(await mails()).toHaveLength(1);
    expect(await acknowledge()).toBe(true);
    scene.app.clock.advance(DAY_MS);
    await raise('AAA111');
    expect(await mails()).toHaveLength(0);
    scene.app.clock.advance(120 * DAY_MS);
    await raise('CCC333');
    expect(await mails()).toHaveLength(1);
    expect(await open()).toEqual([
      expect.objectContaining({ acknowledgedAt: null, notices: ['AAA111', 'CCC333'] }),
    ]);
    expect(await acknowledge()).toBe(true);
  });

  it('found by a test notice is an alert of its own, marked, and takes nothing from a child’s', async () => {
    await inOneTransaction((tx) =>
      scene.app
        .get(Alerts, { strict: false })
        .raise(tx, 'desk-unreachable', '999', { notice: 'TST000', test: true }),
    );
    const [test] = await mails();
    expect(test?.subject).toBe('TEST: Firstbell alert: nobody at a desk can be reached');
    expect(test?.text).toMatch(/^TEST: .*\nA test notice showed it: no child waits\./);
    expect(test?.text).not.toContain('Telephone');
    await raise('AAA111');
    const [real] = await mails();
    expect(real?.subject).toBe('Firstbell alert: nobody at a desk can be reached');
    expect(real?.text).toContain('Telephone the authority now');
    expect(real?.text).not.toMatch(/TEST|TST000/);
    expect((await open()).map(({ subject, what }) => `${subject}: ${what}`).sort()).toEqual([
      '999: nobody at a desk can be reached',
      'TEST 999: TEST: nobody at a desk can be reached',
    ]);
  });

  it('closes by itself a day after the last time, once no notice that it named waits for anybody', async () => {
    const { id, reference } = await scene.postOne();
    await scene.happened();
    await raise(reference);
    await mails();
    const lookAround = (): Promise<void> =>
      inOneTransaction((tx) => scene.app.get(Alerts, { strict: false }).clearGone(tx, []));
    const setState = (state: string): Promise<unknown> =>
      scene.app.db.inspect(`UPDATE notice SET state = $2 WHERE id = $1`, [id, state]);
    scene.app.clock.advance(DAY_MS + 1);
    await lookAround();
    expect(await open()).toHaveLength(1);
    await setState('actioned');
    await raise(reference);
    await lookAround();
    expect(await open()).toHaveLength(1);
    scene.app.clock.advance(DAY_MS + 1);
    await lookAround();
    expect(await open()).toEqual([]);
    await scene.happened();
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
