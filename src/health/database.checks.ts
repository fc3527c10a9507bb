import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { durabilityProblems, pendingMigrations } from '../database/start-checks.js';
import { HealthChecks } from './health-checks.js';

/** Design section 5: beyond this, tokens, leases and deadlines of two processes would disagree noticeably. */
const DRIFT_LIMIT_MS = 2_000;

/** PostgreSQL answers, keeps what it confirms, has this build's schema, and tells the same time. */
@Injectable()
export class DatabaseChecks implements OnModuleInit {
  constructor(
    @Inject(DataSource) private readonly source: DataSource,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(HealthChecks) private readonly checks: HealthChecks,
  ) {}

  onModuleInit(): void {
    this.checks.register({ name: 'database', check: () => this.answers() });
    this.checks.register({ name: 'durability', check: () => this.durable() });
    this.checks.register({ name: 'migrations', check: () => this.migrated() });
    this.checks.register({ name: 'clock', check: () => this.drift() });
  }

  private async answers(): Promise<string | null> {
    await this.source.query('SELECT 1');
    return null;
  }

  private async durable(): Promise<string | null> {
    return (await durabilityProblems(this.source)).join('; ') || null;
  }

  private async migrated(): Promise<string | null> {
    const pending = await pendingMigrations(this.source);
    return pending.length === 0 ? null : `${pending.length} migration(s) pending, from ${pending[0]}`;
  }

  /** Real time on both sides, also where the domain clock is scaled or moved by hand. */
  private async drift(): Promise<string | null> {
    const before = this.clock.realNow().getTime();
    const [row] = await this.source.query<{ at: Date }[]>('SELECT clock_timestamp() AS at');
    const after = this.clock.realNow().getTime();
    const theirs = row?.at.getTime() ?? 0;
    const drift = theirs < before ? before - theirs : Math.max(0, theirs - after);
    return drift > DRIFT_LIMIT_MS
      ? `this machine and PostgreSQL differ by ${(drift / 1000).toFixed(1)} s`
      : null;
  }
}
