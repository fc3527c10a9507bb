import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Calendars1763900000007 implements MigrationInterface {
  name = 'Calendars1763900000007';

  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
