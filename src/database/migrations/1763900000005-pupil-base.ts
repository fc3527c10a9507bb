import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PupilBase1763900000005 implements MigrationInterface {
  name = 'PupilBase1763900000005';

  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
