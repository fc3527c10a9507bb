import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { systemActor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { newId } from '../../common/ids.js';
import { networkOf } from '../../common/network-of.js';
import { Database, type Tx } from '../../database/database.js';
import { Outbox } from '../../jobs/outbox.js';
import { CODE_ATTEMPTS, CODE_MINUTES, codeMatches, requesterDigest } from './domain/one-time-code.js';
import { SignInLimits } from './sign-in-limits.service.js';

interface CodeRequest {
  codeId: string;
  email: string;
  address: string;
  knownAs: string | null;
}

const ACTOR = systemActor('sign-in');
/** Longer than the work takes: how long an answer took does not say whether the address is known. */
const ANSWER_AFTER_MS = 150;

/**
 * Signing in by a code sent to a person's own mailbox. A code works only in the browser that asked for it (the caller keeps its id
 * in a signed cookie), so nobody elsewhere can guess at it or wear it out. Times are real time: a fast demonstration clock does
 * not make a code expire in a second.
 */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly limits: SignInLimits,
  ) {}

  /**
   * Sends a code when the address is that of a person with something to sign in to. The caller cannot tell whether it was: an id
   * comes back all the same, after the same time. A shared mailbox is an address, not a person, and never gets a code.
   *
   * @param address where the request came from; only a digest of its network is kept, for the limits
   * @param knownAs the person who has signed in with this browser before: others' requests do not keep her from asking
   * @returns the id of the code; of none that exists for an unknown address or over the limits
   */
  async requestCode(email: string, address: string, knownAs: string | null = null): Promise<string> {
    const codeId = newId();
    await Promise.all([
      this.database.transaction(ACTOR, (tx) =>
        this.addCode(tx, { codeId, email: email.trim(), address, knownAs }),
      ),
      sleep(ANSWER_AFTER_MS),
    ]);
    return codeId;
  }

  /**
   * @param codeId as `requestCode` gave it to this browser
   * @returns the person's id, or null for a wrong, used, expired or worn-out code, and where too many were wrong
   */
  async verifyCode(codeId: string, code: string): Promise<string | null> {
    return this.database.transaction(ACTOR, async (tx) => {
      if (!(await this.limits.mayTry(tx, codeId))) return null;
      const realNow = this.clock.realNow();
      const [row] = await tx.query<{ person_id: string; code_digest: Buffer }>(
        `SELECT s.person_id, s.code_digest FROM sign_in_code s JOIN person p ON p.id = s.person_id
         WHERE s.id = $1 AND p.archived_at IS NULL AND s.used_at IS NULL AND s.code_digest IS NOT NULL
           AND s.expires_at > $2 AND s.attempts < ${CODE_ATTEMPTS} FOR UPDATE OF s`,
        [codeId, realNow],
      );
      if (!row) return null;
      if (!codeMatches(codeId, code, row.code_digest)) {
        await tx.execute(`UPDATE sign_in_code SET attempts = attempts + 1 WHERE id = $1`, [codeId]);
        await this.audit.record(tx, { action: 'sign-in.failed', detail: { person: row.person_id } });
        await this.limits.alarmGuessing(tx);
        return null;
      }
      await tx.execute(`UPDATE sign_in_code SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL`, [
        row.person_id,
        realNow,
      ]);
      await this.audit.record(tx, { action: 'sign-in.succeeded', detail: { person: row.person_id } });
      await this.proveAddress(tx, row.person_id);
      return row.person_id;
    });
  }

  /** The code was read in the person's own mailbox: that address works, and somebody who may sign in reads it. */
  private async proveAddress(tx: Tx, personId: string): Promise<void> {
    const proved = await tx.query<{ id: string; urn: string | null }>(
      `UPDATE contact c SET email_verified_at = coalesce(c.email_verified_at, $2), email_bounced_at = NULL FROM person p
       WHERE p.id = $1 AND c.person_id = p.id AND lower(c.email) = lower(p.email) AND c.archived_at IS NULL
         AND (c.email_verified_at IS NULL OR c.email_bounced_at IS NOT NULL)
       RETURNING c.id, c.setting_urn AS urn`,
      [personId, this.clock.now()],
    );
    for (const { id, urn } of proved) {
      await this.audit.record(tx, {
        action: 'contact.address-verified',
        settingUrn: urn,
        contactId: id,
        detail: { channel: 'email', by: 'sign-in' },
      });
      if (urn !== null) await this.outbox.add(tx, 'directory.cover-changed', { urn });
    }
  }

  private async addCode(tx: Tx, { codeId, email, address, knownAs }: CodeRequest): Promise<void> {
    const realNow = this.clock.realNow();
    const [person] = await tx.query<{ id: string }>(
      `SELECT p.id FROM person p WHERE lower(p.email) = lower($1) AND p.archived_at IS NULL
         AND NOT app_proved_mailbox(p.email)
         AND (p.administrator OR p.force_code IS NOT NULL
              OR EXISTS (SELECT 1 FROM contact c WHERE c.person_id = p.id AND c.archived_at IS NULL))
       FOR UPDATE`,
      [email],
    );
    if (!person) return;
    const known = person.id === knownAs;
    const requester = requesterDigest(known ? { browserOf: person.id } : { network: networkOf(address) });
    if (!(await this.limits.mayAsk(tx, person.id, requester, known))) return;
    await tx.execute(
      `INSERT INTO sign_in_code (id, person_id, requester_digest, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
      [codeId, person.id, requester, realNow, minutesAfter(realNow, CODE_MINUTES)],
    );
    await this.outbox.add(tx, 'identity.send-sign-in-code', { codeId });
    await this.audit.record(tx, { action: 'sign-in.code-requested', detail: { person: person.id } });
  }
}

function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * 60_000);
}
