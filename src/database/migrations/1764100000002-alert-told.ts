import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom the mail of an alert that is under way need not go to any more (`send-alert.processor.ts`); empty again when it is done. */
export class AlertTold1764100000002 implements MigrationInterface {
  name = 'AlertTold1764100000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE alert ADD COLUMN told text[] NOT NULL DEFAULT '{}'`);
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
