import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, runsJobs, type Config } from '../../config/config.js';
import { Clock } from '../common/clock.js';
import { DueWork } from '../jobs/due-work.js';
import { HealthChecks } from './health-checks.js';

/** The sweep looks at least every 5 s; silent for this long, something holds it. */
const SWEEP_LIMIT_MS = 30_000;

/** A process that runs jobs is fit when its queue is sound and its sweep turns. */
@Injectable()
export class WorkChecks implements OnModuleInit {
  private readonly startedAt: number;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(DueWork) private readonly dueWork: DueWork,
    @Inject(HealthChecks) private readonly checks: HealthChecks,
  ) {
    this.startedAt = clock.realNow().getTime();
  }

  onModuleInit(): void {
    if (!runsJobs(this.config)) return;
    this.checks.register({ name: 'queue', check: () => this.queue() });
    this.checks.register({ name: 'sweep', check: () => this.sweep() });
  }

  private async queue(): Promise<string | null> {
    const { queue } = await this.dueWork.status();
    return queue.ready ? null : (queue.why ?? `${queue.backend} is not ready`);
  }

  private async sweep(): Promise<string | null> {
    const { lastSweepAt } = await this.dueWork.status();
    const silentMs = this.clock.realNow().getTime() - (lastSweepAt?.getTime() ?? this.startedAt);
    return silentMs > SWEEP_LIMIT_MS ? `the sweep has not looked for ${Math.round(silentMs / 1000)} s` : null;
  }
}
