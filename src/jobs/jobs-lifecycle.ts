import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { DueWork } from './due-work.js';
import type { DueListener, DueNotifier } from './due-channel.js';
import type { HandlerRegistry } from './handler-registry.js';
import { runsJobs, type JobsOptions } from './jobs-options.js';
import type { Outbox } from './outbox.js';
import type { QueueBackend } from './queue/queue-backend.js';
import type { Relay } from './relay.js';
import type { Housekeeping } from './housekeeping.js';

export interface JobsParts {
  outbox: Outbox;
  registry: HandlerRegistry;
  dueWork: DueWork;
  queue: QueueBackend;
  relay: Relay;
  notifier: DueNotifier;
  listener: DueListener;
  housekeeping: Housekeeping;
}

/** Starts everything once the application is wired, and stops it, in order, before the database closes. */
export class JobsLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private stopRinging: (() => void) | undefined;

  constructor(
    private readonly options: JobsOptions,
    private readonly parts: JobsParts,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { outbox, registry, dueWork, queue, relay, notifier, listener, housekeeping } = this.parts;
    if (!runsJobs(this.options)) {
      this.stopRinging = outbox.onWake(() => notifier.ring());
      return;
    }
    if (this.options.autoStart === false) return;
    dueWork.start();
    listener.start();
    housekeeping.start();
    await queue.start(async ({ outboxId, ...known }) => {
      await registry.run(outboxId, known);
      relay.finished(known.queue);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { registry, dueWork, queue, notifier, listener, housekeeping } = this.parts;
    const limit = this.options.drainMilliseconds ?? 20_000;
    this.stopRinging?.();
    housekeeping.stop();
    await dueWork.stop();
    await queue.pause();
    await registry.drain(limit);
    await Promise.all([queue.stop(), listener.close(), notifier.close()]);
  }
}
