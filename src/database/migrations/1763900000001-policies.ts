import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '../roles.js';
import { securedTable } from './secured-table.js';

export class Policies1763900000001 implements MigrationInterface {
  name = 'Policies1763900000001';

  async up(runner: QueryRunner): Promise<void> {
    // Whom a rung was planned for: a replan that would change nothing is no new generation.
    await runner.query(`ALTER TABLE rung ADD COLUMN planned_for uuid[]`);
    await runner.query(OPEN_DAYS);
    await runner.query(POLICY_VERSIONS);
    await runner.query(FOLLOW_UPS);
    await runner.query(securedTable('follow_up', 'app_system() OR app_sees_notice(notice_id)'));
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}

/**
 * Days of the week on which a setting opens at all (1 is Monday). A nursery that opens Monday to Wednesday has no bell on a
 * Thursday; nor has a Sunday school a weekend on Sunday.
 */
const OPEN_DAYS = `
  ALTER TABLE setting ADD COLUMN open_weekdays smallint[] NOT NULL DEFAULT '{1,2,3,4,5}'
    CHECK (cardinality(open_weekdays) BETWEEN 1 AND 7 AND open_weekdays <@ '{1,2,3,4,5,6,7}');
`;

/**
 * Every policy that was ever in force, who saved it and when. Rows are added, never changed: the newest one is copied to the
 * authority or setting it belongs to by this trigger and by nothing else, so that the two cannot differ.
 */
const POLICY_VERSIONS = `
  CREATE TABLE policy_version (
    id uuid PRIMARY KEY,
    authority_code text REFERENCES authority,
    setting_urn text REFERENCES setting,
    number integer NOT NULL CHECK (number >= 1),
    body jsonb,
    saved_by text NOT NULL CHECK (saved_by = app_actor()),
    saved_at timestamptz NOT NULL,
    CHECK ((authority_code IS NULL) <> (setting_urn IS NULL))
  );
  CREATE UNIQUE INDEX policy_version_authority ON policy_version (authority_code, number) WHERE authority_code IS NOT NULL;
  CREATE UNIQUE INDEX policy_version_setting ON policy_version (setting_urn, number) WHERE setting_urn IS NOT NULL;
  CREATE FUNCTION policy_version_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.authority_code IS NOT NULL THEN
      UPDATE authority SET ladder_policy = NEW.body WHERE code = NEW.authority_code;
    ELSE
      UPDATE setting SET ladder_policy = NEW.body WHERE urn = NEW.setting_urn;
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER policy_version_in_force AFTER INSERT ON policy_version
    FOR EACH ROW EXECUTE FUNCTION policy_version_in_force();
  GRANT SELECT, INSERT ON policy_version TO ${APP_ROLE};
  ALTER TABLE policy_version ENABLE ROW LEVEL SECURITY;
  ALTER TABLE policy_version FORCE ROW LEVEL SECURITY;
  CREATE POLICY policy_version_read ON policy_version FOR SELECT TO ${APP_ROLE} USING (app_actor() IS NOT NULL);
  CREATE POLICY policy_version_add ON policy_version FOR INSERT TO ${APP_ROLE} WITH CHECK (app_system()
    OR app_scope() = 'authority:' || authority_code OR app_scope() = 'setting:' || setting_urn);
`;

const FOLLOW_UPS = `
  CREATE TABLE follow_up (
    id uuid PRIMARY KEY,
    notice_id uuid NOT NULL REFERENCES notice,
    kind text NOT NULL CHECK (kind IN ('task', 'referral', 'file-transfer', 'check-in')),
    sealed_text_id uuid REFERENCES sealed_text,
    due_on date NOT NULL,
    due_at timestamptz NOT NULL,
    owner_contact_id uuid NOT NULL REFERENCES contact,
    created_by uuid NOT NULL REFERENCES contact,
    created_at timestamptz NOT NULL,
    completed_at timestamptz,
    completed_by uuid REFERENCES contact,
    withdrawn_at timestamptz,
    CHECK ((completed_at IS NULL) = (completed_by IS NULL))
  );
  CREATE INDEX follow_up_notice ON follow_up (notice_id);
  CREATE INDEX follow_up_open ON follow_up (due_at) WHERE completed_at IS NULL AND withdrawn_at IS NULL;
  ALTER TABLE sealed_text DROP CONSTRAINT sealed_text_kind_check;
  ALTER TABLE sealed_text ADD CONSTRAINT sealed_text_kind_check
    CHECK (kind IN ('notification', 'action', 'telephone', 'redirect', 'follow-up'));
`;
