import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Part-time attendance: which lines of a roll are of children who do not come every day (the days themselves are sealed with the
 * line), and, on a notice, the days of the week its child attends. Null: every day on which the setting opens.
 */
export class Attendance1764000000000 implements MigrationInterface {
  name = 'Attendance1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE roll_entry ADD COLUMN part_time boolean NOT NULL DEFAULT false;
      CREATE INDEX roll_entry_part_time ON roll_entry (setting_urn) WHERE part_time;
      ALTER TABLE notice ADD COLUMN attends smallint[]
        CHECK (attends IS NULL OR (cardinality(attends) BETWEEN 1 AND 6 AND attends <@ '{1,2,3,4,5,6,7}'::smallint[]));
    `);
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
