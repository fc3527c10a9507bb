import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Policies1763900000001 implements MigrationInterface {
  name = 'Policies1763900000001';

  async up(runner: QueryRunner): Promise<void> {
    // Whom a rung was planned for: a replan that would change nothing is no new generation.
    await runner.query(`ALTER TABLE rung ADD COLUMN planned_for uuid[]`);
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
