import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `requester_digest` was of a person and a requester and is of the requester alone: limits hold across people. Rows of before match
 * nobody, and are out of the limits' time in a quarter of an hour.
 */
export class SignInPlaces1764100000001 implements MigrationInterface {
  name = 'SignInPlaces1764100000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX sign_in_code_requester ON sign_in_code (requester_digest, created_at);
      CREATE INDEX sign_in_code_created ON sign_in_code (created_at);
    `);
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
