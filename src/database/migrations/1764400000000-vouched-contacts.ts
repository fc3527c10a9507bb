import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '../roles.js';

/**
 * Who stands for a contact: whoever added it or last gave it an address, and whoever said since that it is right (contacts; empty:
 * an operator's file). What nobody stands for but people who must not know of a notice is kept from it, in that post alone.
 */
export class VouchedContacts1764400000000 implements MigrationInterface {
  name = 'VouchedContacts1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [CONTACTS, FROM_THE_RECORD, EXCLUSIONS, MAILBOXES, MAILINGS]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}

const CONTACTS = `ALTER TABLE contact ADD COLUMN vouched_by uuid[] NOT NULL DEFAULT '{}'`;

/** Contacts of before: the record says who added them, gave them an address or vouched for them last. */
const FROM_THE_RECORD = `
  ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY;
  ALTER TABLE contact NO FORCE ROW LEVEL SECURITY;
  UPDATE contact c SET vouched_by = ARRAY[told.by_contact] FROM (
    SELECT DISTINCT ON (detail->>'contact') (detail->>'contact')::uuid AS of_contact, contact_id AS by_contact
    FROM audit_event WHERE contact_id IS NOT NULL AND detail->>'contact' <> contact_id::text
      AND (action = 'contact.added' OR (action = 'contact.address-verified' AND detail->>'by' = 'vouched')
        OR (action = 'contact.changed' AND (detail->'changed' @> '["email"]' OR detail->'changed' @> '["mobile"]')))
    ORDER BY detail->>'contact', id DESC) AS told
  WHERE c.id = told.of_contact;
  ALTER TABLE contact FORCE ROW LEVEL SECURITY;
  ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
`;

const EXCLUSIONS = `
  ALTER TABLE notice_exclusion DROP CONSTRAINT notice_exclusion_why_check,
    ADD CONSTRAINT notice_exclusion_why_check CHECK (why IN ('name-match', 'knows-family', 'by-person', 'vouched-by')),
    ADD COLUMN of_post boolean GENERATED ALWAYS AS (why = 'vouched-by') STORED;
  ALTER TABLE notice_exclusion DROP CONSTRAINT notice_exclusion_pkey,
    ADD PRIMARY KEY (notice_id, contact_id, of_post);
  CREATE INDEX notice_exclusion_contact ON notice_exclusion (contact_id);
  -- Only these are ever lifted: when somebody who may know stands for the contact.
  REVOKE UPDATE ON notice_exclusion FROM ${APP_ROLE};
  GRANT DELETE ON notice_exclusion TO ${APP_ROLE};
  CREATE POLICY notice_exclusion_lifted ON notice_exclusion AS RESTRICTIVE FOR DELETE TO ${APP_ROLE}
    USING (app_system() AND of_post);
  -- A post that a party to the incident gave to somebody takes no other post from them.
  CREATE OR REPLACE FUNCTION app_excluded(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN EXISTS (SELECT 1 FROM notice_exclusion e JOIN contact c ON c.id = e.contact_id
      WHERE e.notice_id = wanted AND ('contact:' || c.id = app_actor() OR (NOT e.of_post
        AND c.person_id = (SELECT self.person_id FROM contact self WHERE 'contact:' || self.id = app_actor()))));
  END $$;
`;

/** Counts for everybody: it works, and not only its own school says that it is a mailbox. */
const MAILBOXES = `
  CREATE FUNCTION app_proved_mailbox(wanted text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN EXISTS (SELECT 1 FROM contact m WHERE lower(m.email) = lower(wanted) AND m.archived_at IS NULL
      AND m.shared_mailbox AND m.email_verified_at IS NOT NULL AND (m.vouched_by = '{}' OR EXISTS (
        SELECT 1 FROM contact voucher WHERE voucher.id = ANY(m.vouched_by) AND voucher.desk_id IS NOT NULL)));
  END $$;
`;

/** Carries nothing but test notices, which a school sends itself at any time. */
const MAILINGS = `ALTER TABLE mailing ADD COLUMN test boolean NOT NULL DEFAULT false`;
