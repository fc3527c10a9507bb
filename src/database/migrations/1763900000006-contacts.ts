import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '../roles.js';
import { securedTable } from './secured-table.js';

/**
 * Contacts kept by those they belong to: codes that prove an address, absences that can be called off, what was said about
 * coverage, and row-level security that lets only the own setting and its authority write.
 */
export class Contacts1763900000006 implements MigrationInterface {
  name = 'Contacts1763900000006';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [COLUMNS, TABLES, RELATIONSHIPS]) await runner.query(part);
    await runner.query(securedTable('contact_code', 'app_system()', 'SELECT, INSERT, UPDATE, DELETE'));
    await runner.query(securedTable('coverage_warning', 'app_system()'));
    await runner.query(securedTable('contact_reminder', 'app_system()'));
    for (const [table, written] of Object.entries(WRITTEN_BY)) await runner.query(readByAll(table, written));
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}

const COLUMNS = `
  ALTER TABLE person ADD COLUMN last_signed_in_at timestamptz;
  ALTER TABLE absence ADD COLUMN cancelled_at timestamptz;
  CREATE INDEX absence_cover ON absence (cover_contact_id) WHERE cancelled_at IS NULL;
`;

const TABLES = `
  -- Times are real time. The digest of the address binds a code to what it was sent to: change the address and it is void.
  CREATE TABLE contact_code (
    id uuid PRIMARY KEY,
    contact_id uuid NOT NULL REFERENCES contact,
    channel text NOT NULL CHECK (channel IN ('email', 'sms')),
    address_digest bytea NOT NULL,
    requester_digest bytea NOT NULL,
    code_digest bytea,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    used_at timestamptz,
    failed_at timestamptz
  );
  CREATE INDEX contact_code_contact ON contact_code (contact_id, created_at);
  CREATE INDEX contact_code_requester ON contact_code (requester_digest, created_at);
  -- Once per finding: what is open has been said, and is said again only after it had gone.
  CREATE TABLE coverage_warning (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('gap', 'attestation')),
    setting_urn text NOT NULL REFERENCES setting,
    found_at timestamptz NOT NULL,
    cleared_at timestamptz
  );
  CREATE UNIQUE INDEX coverage_warning_open ON coverage_warning (kind, setting_urn) WHERE cleared_at IS NULL;
  CREATE TABLE contact_reminder (
    id uuid PRIMARY KEY,
    contact_id uuid NOT NULL REFERENCES contact,
    kind text NOT NULL CHECK (kind IN ('setting-gap', 'authority-gaps', 'attestation')),
    settings integer NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
  );
`;

/** Not inlined, as all relationships: system work must not be planned with subqueries that it never runs. */
const RELATIONSHIPS = `
  CREATE FUNCTION app_keeps_place(urn text, desk uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  DECLARE scope text := app_scope();
  BEGIN
    IF app_actor() IS NULL THEN RETURN false; END IF;
    IF urn IS NOT NULL AND scope = 'setting:' || urn THEN RETURN true; END IF;
    IF scope NOT LIKE 'authority:%' THEN RETURN false; END IF;
    RETURN EXISTS (SELECT 1 FROM setting s WHERE s.urn = app_keeps_place.urn AND scope = 'authority:' || s.authority_code)
      OR EXISTS (SELECT 1 FROM desk d WHERE d.id = app_keeps_place.desk AND scope = 'authority:' || d.authority_code);
  END $$;
  CREATE FUNCTION app_keeps_contact(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN app_actor() IS NOT NULL
      AND EXISTS (SELECT 1 FROM contact c WHERE c.id = wanted AND app_keeps_place(c.setting_urn, c.desk_id));
  END $$;
`;

/** Who may add and change; everybody named reads, because a page says who acknowledged and who stands in. */
const WRITTEN_BY: Record<string, string> = {
  contact: 'app_system() OR app_keeps_place(setting_urn, desk_id)',
  absence: 'app_system() OR app_keeps_contact(contact_id)',
  desk: `app_system() OR (app_actor() IS NOT NULL AND app_scope() = 'authority:' || authority_code)`,
  // A person may have posts in several places: nobody changes another's sign-in from one of them.
  person: 'app_system()',
};

/**
 * Instead of one policy for reading and writing. Both halves of an UPDATE are checked: the row as it was must be one's own, so
 * that nobody moves another setting's contact into theirs, and as it becomes, so that nobody gives theirs away.
 */
function readByAll(table: string, written: string): string {
  return `
    DROP POLICY ${table}_by_relationship ON ${table};
    CREATE POLICY ${table}_read ON ${table} FOR SELECT TO ${APP_ROLE} USING (app_actor() IS NOT NULL);
    CREATE POLICY ${table}_added ON ${table} FOR INSERT TO ${APP_ROLE} WITH CHECK (${written});
    CREATE POLICY ${table}_changed ON ${table} FOR UPDATE TO ${APP_ROLE} USING (${written}) WITH CHECK (${written});
  `;
}
