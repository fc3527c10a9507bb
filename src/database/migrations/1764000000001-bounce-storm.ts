import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many bounced lately, among how many: asked at each bounce, of a table that keeps every mailing. */
export class BounceStorm1764000000001 implements MigrationInterface {
  name = 'BounceStorm1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX mailing_claimed ON mailing USING brin (claimed_at) WITH (pages_per_range = 16)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
