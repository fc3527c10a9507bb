import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A round is one day's mail about an alert. When it began, and whom it need not go to any more (`send-alert.processor.ts`); empty again
 * when it is done.
 */
export class AlertTold1764100000002 implements MigrationInterface {
  name = 'AlertTold1764100000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE alert ADD COLUMN told text[] NOT NULL DEFAULT '{}', ADD COLUMN round_from timestamptz`,
    );
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
