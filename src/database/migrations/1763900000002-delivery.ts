import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Delivery1763900000002 implements MigrationInterface {
  name = 'Delivery1763900000002';

  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
