import type { MigrationInterface, QueryRunner } from 'typeorm';
import { securedTable } from './secured-table.js';

export class Watch1763900000003 implements MigrationInterface {
  name = 'Watch1763900000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OUTBOX);
    await runner.query(WATCH);
    for (const [table, using, rights] of TABLES) await runner.query(securedTable(table, using, rights));
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}

/**
 * By name first: a lane that looks for its own due rows must not read through another lane's backlog. The table turns over many
 * times a day, so it is vacuumed by the thousand rows and not by the fifth of its size.
 */
const OUTBOX = `
  DROP INDEX outbox_due;
  DROP INDEX outbox_again;
  CREATE INDEX outbox_due ON outbox (name, due_at)
    WHERE next_attempt_at IS NULL AND done_at IS NULL AND failed_at IS NULL;
  CREATE INDEX outbox_again ON outbox (name, next_attempt_at)
    WHERE next_attempt_at IS NOT NULL AND done_at IS NULL AND failed_at IS NULL;
  ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
    autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);
`;

/** What the auditor leaves and asks; and the indexes by which each of its questions stays small at a million rows. */
const WATCH = `
  CREATE TABLE watch_run (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    started_at timestamptz,
    finished_at timestamptz,
    findings jsonb NOT NULL DEFAULT '[]',
    pinged_at timestamptz,
    ping_error text
  );
  INSERT INTO watch_run DEFAULT VALUES;
  CREATE TABLE watch_probe (
    id uuid PRIMARY KEY,
    asked_at timestamptz NOT NULL,
    answered_at timestamptz
  );
  CREATE TABLE force_feed (
    force_code text PRIMARY KEY REFERENCES force,
    since timestamptz NOT NULL,
    learnt_from text NOT NULL CHECK (learnt_from IN ('heartbeat', 'notifications', 'operator')),
    watched boolean NOT NULL DEFAULT true,
    expected_by text NOT NULL DEFAULT '07:00' CHECK (expected_by ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    days smallint[] NOT NULL DEFAULT '{1,2,3,4,5,6,7}',
    within_hours integer NOT NULL DEFAULT 12 CHECK (within_hours BETWEEN 1 AND 96),
    last_heartbeat_at timestamptz,
    last_sent integer,
    last_received integer
  );
  ALTER TABLE alert ADD COLUMN acknowledged_at timestamptz, ADD COLUMN acknowledged_by text;
  CREATE INDEX outgoing_message_sending ON outgoing_message (lease_until) WHERE state = 'sending';
  CREATE INDEX outgoing_message_waiting ON outgoing_message (not_before) WHERE state = 'pending';
  CREATE INDEX outgoing_message_crossed ON outgoing_message (created_at) WHERE crossed;
  CREATE INDEX mailing_repeated ON mailing (claimed_at) WHERE repeated;
  CREATE INDEX notice_missed ON notice (missed_at) WHERE missed_at IS NOT NULL;
  CREATE INDEX notice_watched ON notice ((coalesce(next_due_at, received_at)))
    WHERE state IN ('received', 'routing', 'routed', 'triage', 'delivered', 'acknowledged');
  CREATE INDEX refused_notification_age ON refused_notification (last_refused_at);
  GRANT DELETE ON refused_notification TO firstbell_app;
`;

const TABLES: readonly (readonly [string, string, string])[] = [
  ['watch_run', 'app_system()', 'SELECT, UPDATE'],
  ['watch_probe', 'app_system()', 'SELECT, INSERT, UPDATE, DELETE'],
  ['force_feed', "app_system() OR app_scope() = 'force:' || force_code", 'SELECT, INSERT, UPDATE'],
];
