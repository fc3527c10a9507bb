import type { MigrationInterface, QueryRunner } from 'typeorm';
import { securedTable } from './secured-table.js';

export class WhoIsTold1764300000000 implements MigrationInterface {
  name = 'WhoIsTold1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ALERTS);
    await runner.query(MAILBOX);
    await runner.query(securedTable('bounce_mailbox', 'app_system()', 'SELECT, UPDATE'));
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}

/**
 * The notices that an alert has named (references), those of them that no mail has named yet, how often mails about it began anew,
 * which of these mails were lost (`operator.3`), and when the operator's last was. Alerts of before name their notices once more.
 */
const ALERTS = `
  ALTER TABLE alert ADD COLUMN notices text[] NOT NULL DEFAULT '{}', ADD COLUMN unmailed text[] NOT NULL DEFAULT '{}',
    ADD COLUMN round integer NOT NULL DEFAULT 0, ADD COLUMN lost text[] NOT NULL DEFAULT '{}',
    ADD COLUMN operator_lost_at timestamptz;
`;

/** Any worker looks into the mailbox, and any one audits. Real instant: everything that came by then has been read. */
const MAILBOX = `
  CREATE TABLE bounce_mailbox (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    read_until timestamptz
  );
  INSERT INTO bounce_mailbox DEFAULT VALUES;
`;
