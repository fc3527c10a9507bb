import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Contacts1763900000006 implements MigrationInterface {
  name = 'Contacts1763900000006';

  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
