import type { MigrationInterface, QueryRunner } from 'typeorm';
import { securedTable } from './secured-table.js';

/** Which notifications are tests, of whom, and when each setting is tested next. */
export class TestNotices1763900000004 implements MigrationInterface {
  name = 'TestNotices1763900000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE test_notice (
        notification_id uuid PRIMARY KEY REFERENCES notification,
        setting_urn text NOT NULL REFERENCES setting,
        authority_code text NOT NULL REFERENCES authority,
        sent_at timestamptz NOT NULL,
        sent_by text NOT NULL,
        scheduled boolean NOT NULL,
        ended_at timestamptz
      );
      CREATE INDEX test_notice_setting ON test_notice (setting_urn, sent_at);
      CREATE INDEX test_notice_authority ON test_notice (authority_code, sent_at);
      CREATE TABLE test_schedule (
        setting_urn text PRIMARY KEY REFERENCES setting,
        authority_code text NOT NULL REFERENCES authority,
        enabled boolean NOT NULL,
        next_at timestamptz,
        generation integer NOT NULL
      );
    `);
    const whose = `app_system() OR (app_actor() IS NOT NULL
      AND (app_scope() = 'setting:' || setting_urn OR app_scope() = 'authority:' || authority_code))`;
    for (const table of ['test_notice', 'test_schedule']) await runner.query(securedTable(table, whose));
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
