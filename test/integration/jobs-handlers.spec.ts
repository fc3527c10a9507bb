import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JOBS, type JobName } from '../../src/jobs/catalogue.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { allHandlers, handlerFor, startJobs } from './jobs-application.js';

describe('the handlers of a worker', () => {
  let db: TestDatabase;
  const idle = { autoStart: false } as const;

  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db.destroy());

  it('are all there: the start names every job without one', async () => {
    const names = (Object.keys(JOBS) as JobName[]).filter(
      (name) => !['notice.route', 'alert.send'].includes(name),
    );
    const start = startJobs({ db, handlers: names.map((name) => handlerFor(name)), options: idle });
    await expect(start).rejects.toThrow(/notice\.route has no handler[^]*alert\.send has no handler/);
  });

  it('are there once: the start names every job with two', async () => {
    const start = startJobs({
      db,
      handlers: [...allHandlers(), handlerFor('notice.route'), handlerFor('alert.send')],
      options: idle,
    });
    await expect(start).rejects.toThrow(/notice\.route has 2 handlers[^]*alert\.send has 2 handlers/);
  });

  it('are of the kind that the catalogue leases', async () => {
    const right = handlerFor('notice.route');
    class Wrong extends right {
      readonly kind = 'external';
    }
    const handlers = [...allHandlers().filter((handler) => handler.name !== right.name), Wrong];
    const start = startJobs({ db, handlers, options: idle });
    await expect(start).rejects.toThrow(/notice\.route has an external handler .* no leaseSeconds/);
  });

  it('may be missing where no jobs run', async () => {
    const web = await startJobs({ db, handlers: [], options: { role: 'web' } });
    await web.close();
  });

  it('complete, the worker starts', async () => {
    const worker = await startJobs({ db, options: idle });
    expect(await worker.dueWork.runDueNow()).toEqual({ done: 0, failed: 0, exhausted: 0 });
    await worker.close();
  });
});
