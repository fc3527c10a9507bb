import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { systemActor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { newId } from '../../common/ids.js';
import { Database } from '../../database/database.js';
import { Outbox } from '../../jobs/outbox.js';
import {
  CODE_ATTEMPTS,
  CODE_MINUTES,
  CODE_WINDOW_MINUTES,
  codeMatches,
  CODES_PER_WINDOW,
} from './domain/one-time-code.js';

const ACTOR = systemActor('sign-in');

interface CodeRow {
  id: string;
  person_id: string;
  code_digest: Buffer;
}

/**
 * Signing in by a code sent to a person's own mailbox. Times are real time: a fast demonstration clock does not make a code
 * expire in a second.
 */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Sends a code when the address is that of a person with something to sign in to. The caller cannot tell whether it was: the
   * answer and the work are the same. A shared mailbox is an address, not a person, and never gets a code.
   */
  async requestCode(email: string): Promise<void> {
    await this.database.transaction(ACTOR, async (tx) => {
      const realNow = this.clock.realNow();
      const [person] = await tx.query<{ id: string }>(
        `SELECT p.id FROM person p WHERE lower(p.email) = lower($1) AND p.archived_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.shared_mailbox AND lower(c.email) = lower(p.email))
           AND (p.administrator OR p.force_code IS NOT NULL
                OR EXISTS (SELECT 1 FROM contact c WHERE c.person_id = p.id AND c.archived_at IS NULL))
         FOR UPDATE`,
        [email.trim()],
      );
      if (!person) return;
      const [recent] = await tx.query<{ count: string }>(
        `SELECT count(*) FROM sign_in_code WHERE person_id = $1 AND created_at > $2`,
        [person.id, minutesAfter(realNow, -CODE_WINDOW_MINUTES)],
      );
      if (Number(recent?.count) >= CODES_PER_WINDOW) return;
      const codeId = newId();
      await tx.execute(
        `INSERT INTO sign_in_code (id, person_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
        [codeId, person.id, realNow, minutesAfter(realNow, CODE_MINUTES)],
      );
      await this.outbox.add(tx, 'identity.send-sign-in-code', { codeId });
      await this.audit.record(tx, { action: 'sign-in.code-requested', detail: { person: person.id } });
    });
  }

  /**
   * Any of the person's unexpired codes signs in, once; every wrong try counts against all of them.
   * @returns the person's id, or null for a wrong, used, expired or worn-out code
   */
  async verifyCode(email: string, code: string): Promise<string | null> {
    return this.database.transaction(ACTOR, async (tx) => {
      const rows = await tx.query<CodeRow>(
        `SELECT s.id, s.person_id, s.code_digest FROM sign_in_code s JOIN person p ON p.id = s.person_id
         WHERE lower(p.email) = lower($1) AND p.archived_at IS NULL AND s.used_at IS NULL AND s.code_digest IS NOT NULL
           AND s.expires_at > $2 AND s.attempts < ${CODE_ATTEMPTS} ORDER BY s.id FOR UPDATE OF s`,
        [email.trim(), this.clock.realNow()],
      );
      const match = rows.find((row) => codeMatches(row.id, code, row.code_digest));
      const personId = rows[0]?.person_id;
      if (!match) {
        await tx.execute(`UPDATE sign_in_code SET attempts = attempts + 1 WHERE id = ANY($1)`, [
          rows.map(({ id }) => id),
        ]);
        if (personId) await this.audit.record(tx, { action: 'sign-in.failed', detail: { person: personId } });
        return null;
      }
      await tx.execute(`UPDATE sign_in_code SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL`, [
        match.person_id,
        this.clock.realNow(),
      ]);
      await this.audit.record(tx, { action: 'sign-in.succeeded', detail: { person: match.person_id } });
      return match.person_id;
    });
  }
}

function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * 60_000);
}
