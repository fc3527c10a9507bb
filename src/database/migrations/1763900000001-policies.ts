import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Policies1763900000001 implements MigrationInterface {
  name = 'Policies1763900000001';

  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
