import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Watch1763900000003 implements MigrationInterface {
  name = 'Watch1763900000003';

  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
