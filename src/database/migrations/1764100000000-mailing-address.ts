import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A digest of the address that a mailing went to (`address-digest.ts`); null in mailings older than this, which mark no address. */
export class MailingAddress1764100000000 implements MigrationInterface {
  name = 'MailingAddress1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE mailing ADD COLUMN address_digest bytea`);
  }

  async down(): Promise<void> {
    throw new Error('There is no way down: restore a backup instead.');
  }
}
