import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { JOBS } from '../../src/jobs/catalogue.js';
import { RetryAt } from '../../src/jobs/job-handler.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import {
  allHandlers,
  createEffects,
  effects,
  leaveEffect,
  startJobs,
  type Behaviour,
  type JobsApplication,
} from './jobs-application.js';

const fail = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('550 ada@example.org is unknown'), { code: 'EENVELOPE' }));

describe('a job whose attempts are used up', () => {
  let db: TestDatabase;
  let application: JobsApplication;
  const start = async (behaviour: Behaviour): Promise<JobsApplication> => {
    application = await startJobs({ db, handlers: allHandlers(behaviour), options: { autoStart: false } });
    return application;
  };
  const drain = () => application.dueWork.runDueNow({ ignoreBackoff: true });

  beforeEach(async () => {
    db = await testDatabase();
    await createEffects(db);
  });
  afterEach(async () => {
    await application.close();
    await db.destroy();
  });

  it('is given up: what must follow happens once, a person is told, it is on the record', async () => {
    const sent: string[] = [];
    await start({
      'notice.route': { handle: fail, exhausted: leaveEffect },
      'alert.send': { external: async ({ alertId }) => void sent.push(alertId) },
    });
    const [noticeId] = await application.add('notice.route', 1);
    const attempts = JOBS['notice.route'].attempts;
    expect(await drain()).toEqual({ done: 1, failed: attempts - 1, exhausted: 1 });
    expect(await effects(db)).toEqual({ keys: 1, effects: 1 });
    expect(await db.inspect('SELECT key FROM effect')).toEqual([{ key: noticeId }]);
    const alerts = await db.inspect<{ id: string }>('SELECT id, kind, subject, detail, times FROM alert');
    expect(alerts).toEqual([
      {
        id: expect.any(String),
        kind: 'job-exhausted',
        subject: 'notice.route',
        times: 1,
        detail: { job: 'notice.route', outboxId: expect.any(String), noticeId: null, error: 'EENVELOPE' },
      },
    ]);
    expect(sent).toEqual([alerts[0]?.id]);
    const events = await db.inspect(`SELECT actor, detail FROM audit_event WHERE action = 'job.exhausted'`);
    expect(events).toEqual([
      { actor: 'system:job:notice.route', detail: expect.objectContaining({ error: 'EENVELOPE' }) },
    ]);
    expect((await application.dueWork.status()).failedJobs).toBe(1);
    expect(await application.dueWork.idle()).toBe(true);
  });

  it('counts on the alert that is already open, which is mailed again the next day', async () => {
    const sent: string[] = [];
    await start({
      'notice.route': { handle: fail },
      'alert.send': { external: async ({ alertId }) => void sent.push(alertId) },
    });
    await application.add('notice.route', 3);
    expect(await drain()).toMatchObject({ done: 1, exhausted: 3 });
    expect(await db.inspect('SELECT times FROM alert')).toEqual([{ times: 3 }]);
    expect(sent).toHaveLength(1);
    await db.inspect(`UPDATE alert SET raised_at = raised_at - interval '24 hours'`);
    await application.add('notice.route', 1);
    await drain();
    expect(sent).toHaveLength(2);
  });

  it('and is itself an alert does not go round for ever', async () => {
    await start({ 'notice.route': { handle: fail }, 'alert.send': { external: fail } });
    await application.add('notice.route', 1);
    expect(await drain()).toMatchObject({ done: 0, exhausted: 2 });
    expect(await db.inspect('SELECT subject, times FROM alert ORDER BY 1')).toEqual([
      { subject: 'alert.send', times: 1 },
      { subject: 'notice.route', times: 1 },
    ]);
    expect(await db.inspect(`SELECT name FROM outbox WHERE failed_at IS NULL AND done_at IS NULL`)).toEqual(
      [],
    );
  });

  it('is kept and a person is told when what must follow fails too', async () => {
    let broken = true;
    await start({
      'notice.route': {
        handle: fail,
        exhausted: async (tx, payload) => {
          if (broken) throw new Error('the desk is missing');
          await leaveEffect(tx, payload);
        },
      },
    });
    await application.add('notice.route', 1);
    const [row] = await db.inspect<{ id: string }>('SELECT id FROM outbox');
    for (let i = 0; i < JOBS['notice.route'].attempts + 2; i += 1) {
      expect(await application.registry.run(row.id)).toBe('failed');
    }
    expect(await db.inspect('SELECT subject FROM alert')).toEqual([{ subject: 'notice.route' }]);
    broken = false;
    expect(await application.registry.run(row.id)).toBe('exhausted');
    expect(await effects(db)).toEqual({ keys: 1, effects: 1 });
  });

  it('keeps nothing of an error but its code', async () => {
    await start({ 'notice.route': { handle: fail } });
    await application.add('notice.route', 1);
    await drain();
    for (const table of ['outbox', 'alert', 'audit_event']) {
      const rows = await db.inspect<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${table} t`);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.map(({ row }) => row).join()).not.toMatch(/ada@example/);
    }
  });

  it('waits as long as its handler asks', async () => {
    const at = new Date(Date.now() + 77_000);
    await start({ 'notice.route': { handle: () => Promise.reject(new RetryAt(at)) } });
    await application.add('notice.route', 1);
    expect(await application.dueWork.runDueNow()).toEqual({ done: 0, failed: 1, exhausted: 0 });
    expect(await db.inspect('SELECT next_attempt_at AS at, attempts FROM outbox')).toEqual([
      { at, attempts: 1 },
    ]);
  });

  it('counts a refused connection to the outside, and gives the lease back', async () => {
    await start({
      'delivery.send': {
        external: () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })),
      },
    });
    await application.database.transaction(systemActor('test'), (tx) =>
      application.outbox.add(tx, 'delivery.send', {
        contactId: '00000000-0000-4000-8000-000000000004',
        channel: 'email',
      }),
    );
    expect(await application.dueWork.runDueNow()).toMatchObject({ failed: 1 });
    expect(await db.inspect('SELECT attempts, lease_until, last_error FROM outbox')).toEqual([
      { attempts: 1, lease_until: null, last_error: 'ECONNREFUSED' },
    ]);
  });
});
