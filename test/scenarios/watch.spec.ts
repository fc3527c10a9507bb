import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenAlerts } from '../../src/alerts/open-alerts.service.js';
import { systemActor } from '../../src/common/actor.js';
import { DeliveryReports } from '../../src/delivery/delivery-reports.service.js';
import { DueWork } from '../../src/jobs/due-work.js';
import { Auditor, type AuditOutcome } from '../../src/watch/auditor.service.js';
import { withClient, withDatabase } from '../support/run/template.js';
import { eventually } from '../support/wait.js';
import { Watchman } from '../support/watchman.js';
import { Scene } from './support/scene.js';

let watchman: Watchman;
let scene: Scene;

/** A round of the auditor now, whoever looked a moment ago. */
async function audit(probeWithinMs = 20_000): Promise<AuditOutcome> {
  const auditor = scene.app.get(Auditor, { strict: false });
  const outcome = await auditor.run({ evenIfRecent: true, probeWithinMs });
  if (!outcome) throw new Error('the round was not ours');
  return outcome;
}

const found = ({ findings }: AuditOutcome): string[] =>
  findings.map(({ kind, subject }) => `${kind} ${subject}`).sort();

const openAlerts = async (): Promise<string[]> =>
  (
    await scene.app.db.inspect<{ line: string }>(
      `SELECT kind || ' ' || subject AS line FROM alert WHERE cleared_at IS NULL ORDER BY 1`,
    )
  ).map(({ line }) => line);

/** The domain's clock jumps, and what falls due by that is done before anybody looks: a jump is no lateness. */
async function jumpTo(instant: Date | string): Promise<void> {
  scene.app.clock.set(instant);
  const dueWork = scene.app.get(DueWork, { strict: false });
  await eventually(() => dueWork.idle(), { within: 30_000, what: 'everything due is done' });
}

beforeEach(async () => {
  watchman = await Watchman.start();
  // Everything runs by itself, as in a worker; only the domain's clock stands.
  scene = await Scene.open('2026-11-22 21:40', {
    jobs: {},
    environment: { HEARTBEAT_URL: watchman.url },
  });
  const dueWork = scene.app.get(DueWork, { strict: false });
  await eventually(async () => (await dueWork.status()).queue.ready, { within: 10_000 });
});
afterEach(async () => {
  await scene.close();
  await watchman.close();
});

describe('the outside heartbeat', () => {
  it('is called when every check is clean', async () => {
    expect(await audit()).toEqual({ findings: [], pinged: true });
    expect(watchman.calls).toBe(1);
  });

  it('is not called once the sweep has stopped', async () => {
    await audit();
    await scene.app.get(DueWork, { strict: false }).stop();
    expect(found(await audit(1_000))).toContain('sender-silent probe');
    await audit(1_000);
    expect(watchman.calls).toBe(1);
  });

  it('is not called once mail is not taken any more', async () => {
    await audit();
    await scene.app.mail.close();
    expect(found(await audit())).toContain('not-ready mail');
    expect(watchman.calls).toBe(1);
  });

  it('is not called while the database is away, and again when it is back', async () => {
    await audit();
    const { name, superuserUrl } = scene.app.db;
    const limit = (connections: number): Promise<unknown> =>
      withClient(withDatabase(superuserUrl, 'postgres'), (client) =>
        client.query(`ALTER DATABASE ${name} CONNECTION LIMIT ${connections}`),
      );
    await limit(0);
    await scene.app.db.breakConnections();
    await expect(audit(500)).rejects.toThrow();
    expect(watchman.calls).toBe(1);
    await limit(-1);
    await eventually(async () => (await audit()).pinged === true, { within: 30_000, every: 500 });
    expect(watchman.calls).toBe(2);
  });

  it('that is not taken is on the record, and nothing else suffers', async () => {
    watchman.status = 503;
    expect(await audit()).toEqual({ findings: [], pinged: false });
    const latest = await scene.app.get(Auditor, { strict: false }).latest();
    expect(latest).toMatchObject({ pingedAt: null, pingError: 'status 503' });
    expect(scene.app.log.text()).not.toContain('secret');
  });

  it('is called by one of several processes a minute, not by each', async () => {
    const auditor = scene.app.get(Auditor, { strict: false });
    const outcomes = await Promise.all([auditor.run(), auditor.run(), auditor.run()]);
    expect(outcomes.filter((outcome) => outcome !== null)).toHaveLength(1);
    expect(watchman.calls).toBe(1);
  });
});

describe('the auditor finds', () => {
  const plant = (sql: string, parameters: unknown[] = []): Promise<unknown[]> =>
    scene.app.db.inspect(sql, parameters);

  async function found1(kind: string, subject: string): Promise<void> {
    const outcome = await audit();
    expect(found(outcome)).toEqual([`${kind} ${subject}`]);
    expect(outcome.pinged).toBeNull();
    expect(await openAlerts()).toContain(`${kind} ${subject}`);
    await toldOperator();
  }

  const toldOperator = (): Promise<unknown> =>
    scene.app.mail.waitFor({ to: 'operator@firstbell.example', subject: /^Firstbell alert/ });

  async function cleanAgain(kind: string): Promise<void> {
    expect(await audit()).toEqual({ findings: [], pinged: true });
    expect((await openAlerts()).filter((line) => line.startsWith(kind))).toEqual([]);
  }

  /** A notice whose mails have gone, with everything that is due done. */
  async function delivered(): Promise<string> {
    const { id } = await scene.postOne();
    await eventually(async () => (await scene.notice(id)).state === 'delivered', { within: 10_000 });
    await scene.happened();
    return id;
  }

  it('a timer that nobody takes, and clears its alert when it is gone', async () => {
    await plant(
      `INSERT INTO outbox (id, name, payload, due_at, created_at, correlation_id)
       VALUES (gen_random_uuid(), 'job.of-tomorrow', '{}', $1::timestamptz - interval '61 seconds', $1, 'test')`,
      [scene.app.clock.now()],
    );
    await found1('timers-overdue', 'job.of-tomorrow');
    await plant(`DELETE FROM outbox WHERE name = 'job.of-tomorrow'`);
    await cleanAgain('timers-overdue');
  });

  describe('of mail that is tried again', () => {
    const RETRIED = `INSERT INTO outbox (id, name, payload, due_at, created_at, correlation_id, attempts, next_attempt_at, lease_until)
      VALUES (gen_random_uuid(), $1, '{}', $2::timestamptz - interval '3 hours', $2, 'test', 12, now() + $3::interval, now() + interval '1 hour')`;

    it('nothing while its next try is ahead: one full mailbox is no outage', async () => {
      await plant(RETRIED, ['alert.send', scene.app.clock.now(), '5 minutes']);
      expect(await audit()).toEqual({ findings: [], pinged: true });
    });

    it('a next try that is itself overdue', async () => {
      await plant(RETRIED, ['alert.send', scene.app.clock.now(), '-61 seconds']);
      await found1('timers-overdue', 'alert.send');
      await plant(`DELETE FROM outbox WHERE attempts = 12`);
      await cleanAgain('timers-overdue');
    });

    it('a timer of the ladder that fails again and again, whenever it is tried next', async () => {
      await plant(RETRIED, ['ladder.fire-rung', scene.app.clock.now(), '5 minutes']);
      await found1('timers-overdue', 'ladder.fire-rung');
      await plant(`DELETE FROM outbox WHERE attempts = 12`);
    });

    /** What became of the notice's mailings, and one of its messages that waits for its next try. */
    async function refused(id: string, code: string): Promise<void> {
      await plant(`UPDATE mailing SET state = 'failed', error_code = $1, accepted_at = NULL`, [code]);
      const [message] = (await plant(
        `UPDATE outgoing_message SET state = 'pending' WHERE id = (SELECT id FROM outgoing_message WHERE notice_id = $1 LIMIT 1)
         RETURNING contact_id AS "contactId"`,
        [id],
      )) as { contactId: string }[];
      await plant(RETRIED, ['delivery.send', scene.app.clock.now(), '1 hour']);
      await plant(
        `UPDATE outbox SET payload = jsonb_build_object('contactId', $1::text, 'channel', 'email') WHERE attempts = 12`,
        [message?.contactId],
      );
      scene.app.clock.advance(120_000);
    }

    it('a provider that fails itself, until it takes something again', async () => {
      await refused(await delivered(), 'ECONNREFUSED');
      const outcome = await audit();
      expect({ found: found(outcome), pinged: outcome.pinged }).toEqual({
        found: ['provider-down smtp'],
        pinged: null,
      });
      await toldOperator();
      await plant(
        `UPDATE mailing SET state = 'accepted', claimed_at = claimed_at + interval '1 second'
         WHERE id = (SELECT id FROM mailing LIMIT 1)`,
      );
      await cleanAgain('provider-down');
    });

    it('nothing where it says "not now" for one school, and an outage where it says so at three places', async () => {
      await refused(await delivered(), '451');
      expect(await audit()).toEqual({ findings: [], pinged: true });
      const { hillside, desks } = scene.world;
      for (const { id } of [hillside.dsl, desks.duty.officer])
        await plant(
          `INSERT INTO mailing (id, contact_id, channel, messages, state, claimed_at, provider, error_code)
           VALUES (gen_random_uuid(), $1, 'email', 1, 'failed', $2, 'smtp', '451')`,
          [id, scene.app.clock.now()],
        );
      expect(found(await audit())).toEqual(['provider-down smtp']);
      await toldOperator();
    });

    it('what fails on our side of the door, though it is tried again', async () => {
      await plant(RETRIED, ['delivery.send', scene.app.clock.now(), '1 hour']);
      await plant(`UPDATE outbox SET last_error = 'TypeError' WHERE attempts = 12`);
      await found1('timers-overdue', 'delivery.send');
    });
  });

  it('a message that was claimed and never came back', async () => {
    const id = await delivered();
    await plant(
      `UPDATE outgoing_message SET state = 'sending', lease_until = now() - interval '2 minutes' WHERE notice_id = $1`,
      [id],
    );
    await found1('messages-stuck', 'sending');
    await plant(`UPDATE outgoing_message SET state = 'accepted' WHERE notice_id = $1`, [id]);
    await cleanAgain('messages-stuck');
  });

  it('a message without a job to send it, and sends it', async () => {
    const id = await delivered();
    const [message] = (await plant(
      `UPDATE outgoing_message SET state = 'pending', not_before = not_before - interval '10 minutes', mailing_id = NULL
       WHERE id = (SELECT id FROM outgoing_message WHERE notice_id = $1 LIMIT 1) RETURNING id`,
      [id],
    )) as { id: string }[];
    await found1('messages-stuck', 'pending');
    await eventually(
      async () => {
        const [row] = await scene.app.db.inspect<{ state: string }>(
          'SELECT state FROM outgoing_message WHERE id = $1',
          [message?.id],
        );
        return row?.state === 'accepted';
      },
      { within: 10_000 },
    );
    scene.newMails();
    await cleanAgain('messages-stuck');
  });

  it('an open notice that no timer watches, gives it one, and its desk is told', async () => {
    const id = await delivered();
    await plant(`UPDATE outbox SET done_at = now() WHERE notice_id = $1 AND done_at IS NULL`, [id]);
    await jumpTo(new Date(((await scene.notice(id)).next_due_at?.getTime() ?? 0) + 180_000));
    await found1('notice-unwatched', id);
    for (const to of ['officer@duty.northshire.example', 'manager@duty.northshire.example']) {
      await scene.app.mail.waitFor({ to });
    }
    await cleanAgain('notice-unwatched');
  });

  describe('that the operator is not told', () => {
    const OPERATOR = 'operator@firstbell.example';
    const late = `INSERT INTO outbox (id, name, payload, due_at, created_at, correlation_id)
      VALUES (gen_random_uuid(), 'job.of-tomorrow', '{}', $1::timestamptz - interval '61 seconds', $1, 'test')`;

    /** A mail about something else was taken; something else is over meanwhile. */
    async function alerted(): Promise<string> {
      await plant(late, [scene.app.clock.now()]);
      await found1('timers-overdue', 'job.of-tomorrow');
      await plant(`DELETE FROM outbox WHERE name = 'job.of-tomorrow'`);
      await cleanAgain('timers-overdue');
      const mail = scene.app.mail.all.find(({ to }) => to === OPERATOR);
      return /<(.*)@/.exec(mail?.headers['message-id'] ?? '')?.[1] ?? '';
    }
    const cameBack = (mailingId: string): Promise<string> =>
      scene.app.get(DeliveryReports, { strict: false }).take({
        mailingId,
        source: 'bounce-listener',
        says: [{ address: OPERATOR, action: 'failed', status: '5.1.1' }],
      });

    it('because a mail came back, until somebody has seen to it; and the next time again', async () => {
      const mailingId = await alerted();
      expect(await cameBack(mailingId)).toBe('applied');
      await found1('operator-unreachable', 'operator');
      expect(await cameBack(mailingId)).toBe('unknown');
      const open = scene.app.get(OpenAlerts, { strict: false });
      const [alert] = await scene.app.db.inspect<{ id: string }>(
        `SELECT id FROM alert WHERE kind = 'operator-unreachable'`,
      );
      scene.app.clock.advance(60_000);
      await open.close(systemActor('command:alerts'), alert?.id ?? '');
      await cleanAgain('operator-unreachable');
      scene.app.clock.advance(60_000);
      expect(await cameBack(mailingId.replace(/\d+$/, '7'))).toBe('applied');
      expect(found(await audit())).toEqual(['operator-unreachable operator']);
      const lost = await scene.app.db.inspect(
        `SELECT detail->>'recipient' AS recipient, detail->>'code' AS code FROM audit_event WHERE action = 'alert.undeliverable'`,
      );
      expect(lost).toEqual(Array(2).fill({ recipient: 'operator', code: '5.1.1' }));
    });

    it('because no mail server has taken the mail for an hour', async () => {
      scene.app.mail.behave({ kind: 'defers', to: [OPERATOR] });
      await plant(late, [scene.app.clock.now()]);
      expect(found(await audit())).toEqual(['timers-overdue job.of-tomorrow']);
      await plant(`UPDATE alert SET raised_at = raised_at - interval '61 minutes'`);
      expect(found(await audit())).toEqual([
        'operator-unreachable operator',
        'timers-overdue job.of-tomorrow',
      ]);
      scene.app.mail.goodDay();
      await plant(
        `UPDATE outbox SET next_attempt_at = now() WHERE next_attempt_at IS NOT NULL AND done_at IS NULL`,
      );
      for (const subject of [/timers are late/, /do not reach the operator/]) {
        await scene.app.mail.waitFor({ to: OPERATOR, subject }, { within: 15_000 });
      }
      expect(found(await audit())).toEqual(['timers-overdue job.of-tomorrow']);
      await plant(`DELETE FROM outbox WHERE name = 'job.of-tomorrow'`);
    });
  });

  it('that it cannot look, which never passes for all clean', async () => {
    await plant(`REVOKE SELECT ON force_feed FROM firstbell_app`);
    await found1('audit-failed', 'feeds');
    await plant(`GRANT SELECT ON force_feed TO firstbell_app`);
    await cleanAgain('audit-failed');
  });
});

describe('a force that is expected by 07:00', () => {
  const heartbeat = (sent: unknown) =>
    scene.police.request<Record<string, unknown>>('/v1/heartbeat', {
      method: 'POST',
      body: JSON.stringify({ sent }),
    });

  it('and sends nothing in the night is alarmed at 07:00, with its mailbox, until it sends again', async () => {
    expect(await heartbeat(0)).toMatchObject({ status: 200, body: { sent: 0, received: 0, since: null } });
    await jumpTo('2026-11-23T07:00:00Z');
    expect(found(await audit())).toEqual([]);
    await jumpTo('2026-11-24T06:59:00Z');
    expect(found(await audit())).toEqual([]);
    await jumpTo('2026-11-24T07:00:00Z');
    expect(found(await audit())).toEqual(['feed-silent DEMO']);
    for (const to of ['operator@firstbell.example', 'demo@force.example']) {
      await scene.app.mail.waitFor({ to, subject: /a force has sent nothing/ });
    }
    await heartbeat(3);
    expect(await audit()).toEqual({ findings: [], pinged: true });
    expect(await openAlerts()).toEqual([]);
  });

  it('counts a notification as a sign of life, and tells the force what arrived', async () => {
    await heartbeat(0);
    await jumpTo('2026-11-24T02:00:00Z');
    await scene.postOne();
    expect((await heartbeat(2)).body).toMatchObject({ sent: 2, received: 1 });
    await jumpTo('2026-11-24T07:30:00Z');
    expect(found(await audit()).filter((line) => line.startsWith('feed'))).toEqual([]);
    await scene.happened();
  });

  it.each([[-1], ['3'], [1.5], [undefined]])('is told what is wrong with {sent: %p}', async (sent) => {
    const answer = await heartbeat(sent);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/sent' }] });
  });
});
