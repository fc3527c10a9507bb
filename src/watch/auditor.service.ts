import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Alerts } from '../alerts/alerts.service.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { LOGGER, type Logger } from '../common/logger.js';
import { speedOf } from '../common/speed-of.js';
import { Database, databaseErrorCode } from '../database/database.js';
import { AuditRuns, type AuditRun } from './audit-runs.repository.js';
import type { Finding } from './domain/finding.js';
import { ping } from './heartbeat.js';
import { OutsideChecks } from './outside-checks.js';
import { ProbeAnswers } from './probe-answers.service.js';
import { WATCH_CHECKS, type Round, type WatchCheck } from './watch-check.js';

export type { AuditRun } from './audit-runs.repository.js';

const ACTOR = systemActor('auditor');
const CHECK_LIMIT = '10s';
/** A mailing waits at most this long for a hand that is free, on a day on which all is well. */
const PROBE_WITHIN_MS = 15_000;

export interface AuditOptions {
  /** Also when a round was finished a moment ago. */
  evenIfRecent?: boolean;
  probeWithinMs?: number;
}

export interface AuditOutcome {
  findings: Finding[];
  /** null: not tried, because something was found or no address is set. */
  pinged: boolean | null;
}

/**
 * Looks every minute at what should never be, tells the operator, and calls the outside heartbeat only when there is nothing to tell.
 * Whatever keeps it from looking keeps it from calling.
 */
@Injectable()
export class Auditor {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly runs: AuditRuns,
    private readonly alerts: Alerts,
    private readonly probes: ProbeAnswers,
    private readonly outside: OutsideChecks,
    @Inject(WATCH_CHECKS) private readonly checks: readonly WatchCheck[],
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * One round, unless another process has just done it (then null).
   * @throws driver errors while the database is away; nothing is called then
   */
  async run(options: AuditOptions = {}): Promise<AuditOutcome | null> {
    const probeId = await this.database.transaction(ACTOR, async (tx) => {
      const mine = await this.runs.takeTurn(tx, this.clock.realNow(), options.evenIfRecent === true);
      return mine ? this.probes.ask(tx) : null;
    });
    if (probeId === null) return null;
    const findings = await this.look();
    if (!(await this.probes.answered(probeId, options.probeWithinMs ?? PROBE_WITHIN_MS))) {
      findings.push({ kind: 'sender-silent', subject: 'probe', detail: {} });
    }
    await this.record(findings);
    const url = this.config.watch.heartbeatUrl;
    if (findings.length > 0 || url === null) return { findings, pinged: null };
    return { findings, pinged: await this.call(url) };
  }

  /** Every check but the probe. A check that fails is a finding of its own. */
  private async look(): Promise<Finding[]> {
    const outside = await this.outside.look();
    const inside = await this.examine(true);
    return [...outside, ...inside.flatMap(({ findings }) => findings)];
  }

  /** What each check of the database finds now. */
  async examine(mend = false): Promise<{ name: string; findings: Finding[] }[]> {
    const now = this.clock.now();
    const round: Round = { now, realNow: this.clock.realNow(), speed: speedOf(this.clock), mend };
    const results: { name: string; findings: Finding[] }[] = [];
    for (const check of this.checks) {
      results.push({ name: check.name, findings: await this.one(check, round) });
    }
    return results;
  }

  async latest(): Promise<AuditRun> {
    return this.database.transaction(ACTOR, (tx) => this.runs.latest(tx));
  }

  private async one(check: WatchCheck, round: Round): Promise<Finding[]> {
    try {
      return await this.database.transaction(ACTOR, async (tx) => {
        await tx.execute(`SET LOCAL statement_timeout = '${CHECK_LIMIT}'`);
        return check.look(tx, round);
      });
    } catch (err) {
      this.logger.error({ event: 'audit.check-failed', check: check.name, err }, 'a check could not look');
      return [
        { kind: 'audit-failed', subject: check.name, detail: { code: databaseErrorCode(err) ?? 'unknown' } },
      ];
    }
  }

  /** This commit is also the proof that PostgreSQL writes. */
  private async record(findings: readonly Finding[]): Promise<void> {
    await this.database.transaction(ACTOR, async (tx) => {
      for (const { kind, subject, detail, forceCode } of findings) {
        await this.alerts.raise(tx, kind, subject, detail, forceCode ?? null);
      }
      await this.alerts.clearGone(tx, findings);
      await this.runs.finish(tx, this.clock.realNow(), findings);
    });
  }

  private async call(url: string): Promise<boolean> {
    const error = await ping(url);
    if (error)
      this.logger.warn({ event: 'heartbeat.not-heard', error }, 'the outside heartbeat was not taken');
    await this.database.transaction(ACTOR, (tx) => this.runs.pinged(tx, this.clock.realNow(), error));
    return error === null;
  }
}
