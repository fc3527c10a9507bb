import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TestNotices1763900000004 implements MigrationInterface {
  name = 'TestNotices1763900000004';

  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
