import { Inject, Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Alerts } from '../../alerts/alerts.service.js';
import { Clock } from '../../common/clock.js';
import type { Tx } from '../../database/database.js';
import { Metrics } from '../../health/metrics.js';
import {
  CODE_WINDOW_MINUTES,
  withheldFor,
  WRONG_TRIES_ALARMING,
  WRONG_TRIES_PER_REQUESTER,
  type CodesAsked,
} from './domain/one-time-code.js';

/** How often codes are asked for and tried. Whoever is over a limit gets the same answers as everybody else. */
@Injectable()
export class SignInLimits {
  private readonly withheld: Counter<'why'>;

  constructor(
    private readonly clock: Clock,
    private readonly alerts: Alerts,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.withheld = new Counter({
      name: 'firstbell_sign_in_codes_withheld_total',
      help: 'Sign-in codes not sent: too many for one person, by one requester, or too many wrong tries there.',
      labelNames: ['why'] as const,
      registers: [metrics.registry],
    });
  }

  async mayAsk(tx: Tx, personId: string, requester: Buffer, knownBrowser: boolean): Promise<boolean> {
    const [asked] = await tx.query<CodesAsked>(
      `SELECT (SELECT count(*)::int FROM sign_in_code WHERE person_id = $1 AND created_at > $3) AS person,
         count(*) FILTER (WHERE person_id = $1)::int AS "personHere",
         count(*) FILTER (WHERE used_at IS NULL)::int AS "unusedHere",
         coalesce(sum(attempts), 0)::int AS "wrongHere"
       FROM sign_in_code WHERE requester_digest = $2 AND created_at > $3`,
      [personId, requester, this.windowStart()],
    );
    const why = asked ? withheldFor(asked, knownBrowser) : null;
    if (why !== null) this.withheld.inc({ why });
    return why === null;
  }

  /**
   * Whether the requester who asked for this code has wrong tries left; a code's first try is always taken, so that nobody who shares
   * an address with a guesser has a right one refused. Its tries take turns until the transaction ends: a hundred at
   * once would all see the count from before.
   */
  async mayTry(tx: Tx, codeId: string): Promise<boolean> {
    await tx.query(
      `SELECT pg_advisory_xact_lock(hashtextextended('sign-in:' || encode(requester_digest, 'hex'), 0))
       FROM sign_in_code WHERE id = $1`,
      [codeId],
    );
    const [tried] = await tx.query<{ wrong: number; first: boolean | null }>(
      `SELECT coalesce(sum(one.attempts), 0)::int AS wrong, bool_or(s.attempts = 0) AS first
       FROM sign_in_code s JOIN sign_in_code one ON one.requester_digest = s.requester_digest
       WHERE s.id = $1 AND one.created_at > $2`,
      [codeId, this.windowStart()],
    );
    return tried?.first === true || (tried?.wrong ?? 0) < WRONG_TRIES_PER_REQUESTER;
  }

  /**
   * After a wrong try. The alert is raised here and is no finding of the auditor's: a finding stops the outside heartbeat, and no
   * stranger may stop that.
   */
  async alarmGuessing(tx: Tx): Promise<void> {
    const [tried] = await tx.query<{ all: number; most: number }>(
      `SELECT coalesce(sum(wrong), 0)::int AS all, coalesce(max(wrong), 0)::int AS most FROM (
         SELECT sum(attempts) AS wrong FROM sign_in_code WHERE created_at > $1 GROUP BY requester_digest) AS requester`,
      [this.windowStart()],
    );
    const wrong = tried?.all ?? 0;
    // One network that is at its end keeps out whoever shares it, with every browser that is not known: somebody should look.
    const oneIsAtItsEnd = (tried?.most ?? 0) >= WRONG_TRIES_PER_REQUESTER;
    if (wrong <= WRONG_TRIES_ALARMING && !oneIsAtItsEnd) return;
    await this.alerts.raise(tx, 'sign-in-guessing', 'sign-in', { wrong, minutes: CODE_WINDOW_MINUTES });
  }

  private windowStart(): Date {
    return new Date(this.clock.realNow().getTime() - CODE_WINDOW_MINUTES * 60_000);
  }
}
