import type { MigrationInterface, QueryRunner } from 'typeorm';
import { securedTable } from './secured-table.js';

const MESSAGES = `
  ALTER TABLE mailing ADD COLUMN provider text,
    ADD COLUMN error_code text,
    ADD COLUMN delayed_at timestamptz,
    ADD COLUMN reported_at timestamptz;
  ALTER TABLE outgoing_message ADD COLUMN maybe_sent boolean NOT NULL DEFAULT false,
    ADD COLUMN late_at timestamptz,
    ADD COLUMN delivered_at timestamptz,
    ADD COLUMN instead_of uuid REFERENCES outgoing_message;
  -- Every answer and every report looks its messages up by mailing.
  CREATE INDEX outgoing_message_mailing ON outgoing_message (mailing_id) WHERE mailing_id IS NOT NULL;
  CREATE INDEX contact_address_in_use ON contact (lower(email)) WHERE archived_at IS NULL;
`;

const SENDERS = `
  CREATE TABLE authority_sender (
    authority_code text PRIMARY KEY REFERENCES authority,
    provider text CHECK (provider IN ('smtp', 'notify')),
    from_address text,
    reply_to text,
    notify_reply_to_id uuid,
    notify_sms_sender_id uuid,
    fallback_email text,
    changed_at timestamptz NOT NULL
  );
`;

/** Told when nobody at a desk can be: an address, not a person, so it is no contact and signs in nowhere. */
const FALLBACK = `
  CREATE TABLE fallback_message (
    id uuid PRIMARY KEY,
    notice_id uuid NOT NULL REFERENCES notice,
    authority_code text REFERENCES authority,
    state text NOT NULL CHECK (state IN ('pending', 'sending', 'accepted', 'delivered', 'bounced', 'failed', 'suppressed')),
    created_at timestamptz NOT NULL,
    mailing_id uuid,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    repeated boolean NOT NULL DEFAULT false,
    accepted_at timestamptz,
    error_code text
  );
  CREATE INDEX fallback_message_open ON fallback_message (authority_code) WHERE state IN ('pending', 'sending');
  CREATE INDEX fallback_message_notice ON fallback_message (notice_id, created_at);
  CREATE INDEX fallback_message_mailing ON fallback_message (mailing_id) WHERE mailing_id IS NOT NULL;
`;

export class Delivery1763900000002 implements MigrationInterface {
  name = 'Delivery1763900000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MESSAGES);
    await runner.query(SENDERS);
    await runner.query(
      securedTable('authority_sender', 'app_actor() IS NOT NULL', 'SELECT, INSERT, UPDATE, DELETE'),
    );
    await runner.query(FALLBACK);
    await runner.query(securedTable('fallback_message', 'app_system()'));
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
