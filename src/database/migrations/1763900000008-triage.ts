import type { MigrationInterface, QueryRunner } from 'typeorm';
import { securedTable } from './secured-table.js';

/**
 * A desk's work: who has a row just now, which setting was chosen and when it is told, what a school says of where the child is,
 * and who was told of a child whose area is not served here.
 */
export class Triage1763900000008 implements MigrationInterface {
  name = 'Triage1763900000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    // Never a setting's: what one school said, or which one was chosen, is for desks only.
    const deskOnly = `app_system() OR (app_scope() LIKE 'authority:%' AND app_sees_notice(notice_id))`;
    const chosenAtDesk = `app_system() OR (app_actor() IS NOT NULL AND app_scope() = 'authority:' || authority_code
      AND NOT app_excluded(notice_id))`;
    await runner.query(
      [
        securedTable('notice_claim', deskOnly, 'SELECT, INSERT, UPDATE, DELETE'),
        securedTable('placement', chosenAtDesk),
        securedTable('whereabouts_said', deskOnly),
        securedTable('hand_over', deskOnly),
      ].join('\n'),
    );
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}

const TABLES = `
  ALTER TABLE notice ADD COLUMN outside_authority_code text, ADD COLUMN handed_over_at timestamptz;
  ALTER TABLE sealed_text DROP CONSTRAINT sealed_text_kind_check;
  ALTER TABLE sealed_text ADD CONSTRAINT sealed_text_kind_check
    CHECK (kind IN ('notification', 'action', 'telephone', 'redirect', 'hand-over', 'follow-up'));
  -- A few minutes in real time. Machinery: who had a row, and who took it over, is in the audit trail.
  CREATE TABLE notice_claim (
    notice_id uuid PRIMARY KEY REFERENCES notice,
    contact_id uuid NOT NULL REFERENCES contact,
    claimed_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL
  );
  -- An officer's choice of a setting. Until \`sent_at\` the desk owns the notice and the school knows nothing.
  CREATE TABLE placement (
    id uuid PRIMARY KEY,
    notice_id uuid NOT NULL REFERENCES notice,
    authority_code text REFERENCES authority,
    desk_id uuid NOT NULL REFERENCES desk,
    setting_urn text NOT NULL REFERENCES setting,
    contact_id uuid NOT NULL REFERENCES contact,
    chosen_at timestamptz NOT NULL,
    send_at timestamptz NOT NULL,
    sent_at timestamptz,
    undone_at timestamptz,
    undone_by uuid REFERENCES contact,
    failed_at timestamptz,
    failure text CHECK (failure IN ('moved-on', 'setting-refused', 'failed')),
    CHECK (num_nonnulls(sent_at, undone_at, failed_at) <= 1),
    CHECK ((failed_at IS NULL) = (failure IS NULL)),
    CHECK ((undone_at IS NULL) = (undone_by IS NULL))
  );
  CREATE UNIQUE INDEX placement_one_waiting ON placement (notice_id)
    WHERE sent_at IS NULL AND undone_at IS NULL AND failed_at IS NULL;
  CREATE INDEX placement_recent ON placement (authority_code, chosen_at);
  CREATE TABLE whereabouts_said (
    notice_id uuid NOT NULL REFERENCES notice,
    from_notice_id uuid NOT NULL REFERENCES notice,
    kind text NOT NULL CHECK (kind IN ('setting', 'other-area', 'home-educated', 'not-known')),
    setting_urn text REFERENCES setting,
    said_at timestamptz NOT NULL,
    PRIMARY KEY (notice_id, from_notice_id),
    CHECK ((kind = 'setting') = (setting_urn IS NOT NULL))
  );
  -- Told outside Firstbell: the name of who was told, and the words, are sealed.
  CREATE TABLE hand_over (
    id uuid PRIMARY KEY,
    notice_id uuid NOT NULL UNIQUE REFERENCES notice,
    authority_code text,
    how text NOT NULL CHECK (how IN ('telephone', 'secure-email', 'portal', 'in-person')),
    told_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL REFERENCES contact,
    sealed_text_id uuid NOT NULL REFERENCES sealed_text
  );
`;
