import type { MigrationInterface, QueryRunner } from 'typeorm';
import { REGISTER_LOOK_UPS } from './register-look-ups.js';
import { securedTable } from './secured-table.js';

/**
 * What routing knows besides the register: rolls, local names of schools, and where what it knew was stale. Names stand only in
 * sealed rows; they are found by blind index. The keys of the rows are a table of their own, so that erasing is deleting a key.
 */
export class PupilBase1763900000005 implements MigrationInterface {
  name = 'PupilBase1763900000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(REGISTER_LOOK_UPS);
    const removable = 'SELECT, INSERT, UPDATE, DELETE';
    const byAuthority = `app_system() OR (app_actor() IS NOT NULL AND app_scope() = 'authority:' || authority_code)`;
    await runner.query(
      [
        securedTable('roll_entry', 'app_system()', removable),
        securedTable('roll_index', 'app_system()', removable),
        securedTable('roll_cover', 'app_system()'),
        securedTable('routing_key', 'app_system()', removable),
        securedTable('name_alias', byAuthority),
        securedTable('name_alias_evidence', 'app_system()'),
        securedTable(
          'stale_data_event',
          `${byAuthority} OR (app_actor() IS NOT NULL AND app_scope() = 'force:' || force_code)`,
          'SELECT, INSERT',
        ),
      ].join('\n'),
    );
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}

const TABLES = `
  -- Where a setting stands (Ordnance Survey grid, metres), and what its name is looked up by besides trigrams.
  ALTER TABLE setting ADD COLUMN easting integer, ADD COLUMN northing integer;
  CREATE INDEX setting_outcode ON setting (split_part(postcode, ' ', 1));
  CREATE INDEX setting_town ON setting (lower(town));
  -- One child on one setting's roll. Who it is stands in \`sealed\`, under the key of the same id in \`routing_key\`.
  CREATE TABLE roll_entry (
    id uuid PRIMARY KEY,
    setting_urn text NOT NULL REFERENCES setting,
    identity bytea NOT NULL,
    content_digest bytea NOT NULL,
    sealed bytea NOT NULL,
    starts_on date,
    ends_on date,
    left_noted_at timestamptz,
    suspected_at timestamptz,
    imported_at timestamptz NOT NULL,
    UNIQUE (setting_urn, identity)
  );
  CREATE INDEX roll_entry_left ON roll_entry (ends_on) WHERE ends_on IS NOT NULL;
  CREATE TABLE roll_index (
    entry_id uuid NOT NULL REFERENCES roll_entry,
    kind text NOT NULL CHECK (kind IN ('pupil-name-dob', 'pupil-upn-dob', 'pupil-upn', 'pupil-sound-dob',
      'pupil-part-dob', 'pupil-name-postcode', 'pupil-dob-postcode')),
    key_version integer NOT NULL,
    digest bytea NOT NULL
  );
  CREATE INDEX roll_index_digest ON roll_index (digest);
  CREATE INDEX roll_index_entry ON roll_index (entry_id);
  -- Settings whose whole roll was imported, and when last.
  CREATE TABLE roll_cover (
    setting_urn text PRIMARY KEY REFERENCES setting,
    imported_at timestamptz NOT NULL
  );
  CREATE TABLE routing_key (
    row_id uuid PRIMARY KEY,
    wrapped_key bytea NOT NULL,
    master_key_version integer NOT NULL
  );
  -- A local name of a setting, as officers' placements suggest it; used without a person only when a second one approved it.
  CREATE TABLE name_alias (
    id uuid PRIMARY KEY,
    authority_code text NOT NULL REFERENCES authority,
    setting_urn text NOT NULL REFERENCES setting,
    digest bytea NOT NULL,
    key_version integer NOT NULL,
    sealed bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected')),
    proposed_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by uuid REFERENCES contact,
    CHECK ((state = 'proposed') = (decided_at IS NULL)),
    UNIQUE (authority_code, digest, setting_urn)
  );
  CREATE INDEX name_alias_digest ON name_alias (digest) WHERE state = 'approved';
  CREATE TABLE name_alias_evidence (
    alias_id uuid NOT NULL REFERENCES name_alias,
    notice_id uuid NOT NULL REFERENCES notice,
    contact_id uuid REFERENCES contact,
    at timestamptz NOT NULL,
    PRIMARY KEY (alias_id, notice_id)
  );
  -- A school had no such pupil: what told us so was stale. Counted per force and per authority.
  CREATE TABLE stale_data_event (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    notice_id uuid NOT NULL REFERENCES notice,
    force_code text NOT NULL REFERENCES force,
    authority_code text REFERENCES authority,
    setting_urn text NOT NULL REFERENCES setting,
    source text NOT NULL CHECK (source IN ('stated-urn', 'stated-laestab', 'stated-name', 'alias', 'pupil-base', 'desk')),
    UNIQUE (notice_id)
  );
  CREATE INDEX stale_data_event_force ON stale_data_event (force_code, at);
  CREATE INDEX stale_data_event_authority ON stale_data_event (authority_code, at);
`;
