import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { LOGGER, type Logger } from '../common/logger.js';
import { JOBS_OPTIONS, runsJobs, type JobsOptions } from '../jobs/jobs-options.js';
import { Auditor } from './auditor.service.js';

const FIRST_MS = 10_000;
const EVERY_MS = 60_000;

/** A round each minute, real time, in every process that runs jobs; the rounds of several processes take turns. */
@Injectable()
export class AuditorLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly auditor: Auditor,
    @Inject(JOBS_OPTIONS) private readonly options: JobsOptions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (runsJobs(this.options) && this.options.autoStart !== false) this.after(FIRST_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private after(milliseconds: number): void {
    this.timer = setTimeout(() => {
      this.running = this.round();
    }, milliseconds);
  }

  private async round(): Promise<void> {
    const began = performance.now();
    try {
      await this.auditor.run();
    } catch (err) {
      this.logger.error(
        { event: 'audit.failed', err },
        'the auditor could not look; the heartbeat is not called',
      );
    }
    if (!this.stopped) this.after(Math.max(1_000, EVERY_MS - (performance.now() - began)));
  }
}
