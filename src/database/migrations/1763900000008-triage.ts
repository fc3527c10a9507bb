import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Triage1763900000008 implements MigrationInterface {
  name = 'Triage1763900000008';

  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
