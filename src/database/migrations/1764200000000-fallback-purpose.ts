import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a step was about that told nobody at a desk (`delivery/domain/purpose.ts`): a notice that was read may still wait for the desk.
 * And what a desk lists after the decision: a question about a morning that came after it.
 */
export class FallbackPurpose1764200000000 implements MigrationInterface {
  name = 'FallbackPurpose1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE fallback_message ADD COLUMN purpose text NOT NULL DEFAULT 'read'
         CHECK (purpose IN ('read', 'place', 'act', 'in-school', 'follow-up'))`,
    );
    await runner.query(
      `CREATE INDEX notice_authority_asked ON notice (authority_code)
         WHERE state = 'actioned' AND in_school_answered_at IS NULL AND in_school_asked_at > actioned_at`,
    );
    await runner.query(
      `CREATE INDEX audit_event_reminded ON audit_event (notice_id) WHERE action = 'action.reminded'`,
    );
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
