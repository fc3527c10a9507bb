import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { LOGGER, type Logger } from '../common/logger.js';
import { Database } from '../database/database.js';
import { Metrics } from './metrics.js';

interface OutboxState {
  name: string;
  due: number;
  armed: number;
  failed: number;
  oldest_due_at: Date | null;
}

/** How far the work is behind, asked of the rows themselves when somebody reads the metrics. */
@Injectable()
export class OutboxMetrics implements OnModuleInit {
  constructor(
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const { registry } = this.metrics;
    const gauge = (name: string, help: string): Gauge<'job'> =>
      new Gauge({ name, help, labelNames: ['job'] as const, registers: [registry] });
    const due = gauge('firstbell_jobs_due', 'Jobs and timers whose time has come and that are not done.');
    const armed = gauge('firstbell_timers_armed', 'Timers whose time is yet to come.');
    const failed = gauge('firstbell_jobs_failed', 'Jobs that were given up.');
    const oldest = new Gauge({
      name: 'firstbell_oldest_due_seconds',
      help: 'Domain seconds since the oldest job that is not done was due.',
      registers: [registry],
      collect: async () => {
        // Old values would look healthy while the database is away.
        for (const each of [due, armed, failed]) each.reset();
        oldest.set(Number.NaN);
        await this.collect({ due, armed, failed, oldest });
      },
    });
  }

  private async collect(
    to: Record<'due' | 'armed' | 'failed', Gauge<'job'>> & { oldest: Gauge },
  ): Promise<void> {
    try {
      const now = this.clock.now();
      const rows = await this.read(now);
      for (const row of rows) {
        to.due.set({ job: row.name }, row.due);
        to.armed.set({ job: row.name }, row.armed);
        to.failed.set({ job: row.name }, row.failed);
      }
      const instants = rows.flatMap((row) => (row.oldest_due_at ? [row.oldest_due_at.getTime()] : []));
      to.oldest.set(instants.length === 0 ? 0 : (now.getTime() - Math.min(...instants)) / 1000);
    } catch (err) {
      this.logger.warn({ err }, 'The outbox could not be measured');
    }
  }

  private read(now: Date): Promise<OutboxState[]> {
    return this.database.transaction(systemActor('metrics'), (tx) =>
      tx.query<OutboxState>(
        `SELECT name,
           count(*) FILTER (WHERE failed_at IS NULL AND due_at <= $1)::int AS due,
           count(*) FILTER (WHERE failed_at IS NULL AND due_at > $1)::int AS armed,
           count(*) FILTER (WHERE failed_at IS NOT NULL)::int AS failed,
           min(due_at) FILTER (WHERE failed_at IS NULL AND due_at <= $1) AS oldest_due_at
         FROM outbox WHERE done_at IS NULL GROUP BY name`,
        [now],
      ),
    );
  }
}
