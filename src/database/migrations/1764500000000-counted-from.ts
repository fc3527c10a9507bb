import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The instant a deadline was last counted from, where that of R had passed: a later plan counts from the same one. A running ladder
 * of before was counted from the instant of its plan.
 */
export class CountedFrom1764500000000 implements MigrationInterface {
  name = 'CountedFrom1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE notice ADD COLUMN counted_from timestamptz;
      UPDATE notice SET counted_from = planned_from
      WHERE state IN ('routed', 'delivered') AND planned_from > received_at AND acknowledge_by > first_acknowledge_by;
    `);
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
