import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { testDatabase, type TestDatabase } from './database.js';
import { eventually } from './wait.js';

describe('a test database', () => {
  let first: TestDatabase;
  let second: TestDatabase;

  beforeAll(async () => {
    [first, second] = await Promise.all([testDatabase(), testDatabase()]);
  });

  afterAll(async () => {
    await Promise.all([first.destroy(), second.destroy()]);
  });

  it('is migrated, and seen by the application role through row-level security only', async () => {
    const at = new Date('2026-11-22T21:40:00Z');
    await first.database.transaction(systemActor('test'), async (tx) => {
      await tx.execute(`INSERT INTO authority (code, name, created_at) VALUES ('999', 'Exampleshire', $1)`, [
        at,
      ]);
    });
    const seen = await first.database.transaction({ name: 'system:test', scope: 'system' }, (tx) =>
      tx.query('SELECT code, name FROM authority'),
    );
    expect(seen).toEqual([{ code: '999', name: 'Exampleshire' }]);
    expect(await first.dataSource.query('SELECT code FROM authority')).toEqual([]);
    expect(await first.inspect('SELECT code FROM authority')).toEqual([{ code: '999' }]);
    const [role] = await first.database.transaction(systemActor('test'), (tx) =>
      tx.query<{ who: string; powerful: boolean }>(
        `SELECT current_user AS who, rolsuper OR rolbypassrls AS powerful FROM pg_roles WHERE rolname = current_user`,
      ),
    );
    expect(role).toEqual({ who: 'firstbell_app', powerful: false });
  });

  it('shares nothing with another one', async () => {
    expect(second.name).not.toBe(first.name);
    expect(await second.inspect('SELECT code FROM authority')).toEqual([]);
  });

  it('keeps the durable settings of production', async () => {
    const [settings] = await second.inspect(
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
         current_setting('TimeZone') AS zone`,
    );
    expect(settings).toEqual({ fsync: 'on', commit: 'on', zone: 'UTC' });
  });

  it('goes on after its connections were broken', async () => {
    await second.dataSource.query('SELECT 1');
    expect(await second.breakConnections()).toBeGreaterThan(0);
    // The first statement may still meet the broken connection before its pool has noticed.
    const answers = async (): Promise<boolean> =>
      second.dataSource.query('SELECT 1').then(
        () => true,
        () => false,
      );
    await eventually(answers, { within: 5_000 });
  });
});
