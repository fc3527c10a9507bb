import type { Job, JobsOptions as BullJobOptions, WorkerOptions } from 'bullmq';
import { JOBS, type JobName, type QueueName } from '../catalogue.js';
import { inGroups } from './groups.js';
import { jobIdOf } from './job-id.js';
import { GROUPED, RUNGS_FIRST_MS, YIELDS_TO_RUNGS, type QueueMessage } from './queue-backend.js';
import { RungsFirst } from './rungs-first.js';

interface Part {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
}
export interface QueuePart extends Part {
  add(name: string, data: unknown, opts: BullJobOptions): Promise<unknown>;
  addBulk(jobs: { name: string; data: unknown; opts: BullJobOptions }[]): Promise<unknown>;
  close(): Promise<void>;
}
export interface WorkerPart extends Part {
  close(force?: boolean): Promise<void>;
  pause(doNotWaitActive?: boolean): Promise<void>;
}

export interface BullQueuesOptions {
  newQueue: (name: QueueName) => QueuePart;
  newWorker: (
    name: QueueName,
    process: (job: Job) => Promise<void>,
    options: Omit<WorkerOptions, 'connection'>,
  ) => WorkerPart;
  concurrency: Readonly<Record<QueueName, number>>;
  /**
   * Redis: closed politely, a worker waits for a server that is away and keeps the process alive until then.
   * PostgreSQL: closed by force, a worker ends its wait for jobs only when that times out.
   */
  closesByForce: boolean;
  /** Fewer messages than this are added one by one. */
  bulkFrom: number;
  process: (message: QueueMessage) => Promise<void>;
  onError: (error: Error) => void;
}

const QUEUES = [...new Set(Object.values(JOBS).map((job) => job.queue))];

type HintData = Pick<QueueMessage, 'outboxId' | 'publishNumber' | 'correlationId' | 'generation'>;

/** One BullMQ queue and one worker for each queue of the catalogue, on whichever backend. */
export class BullQueues {
  private readonly queues = new Map<QueueName, QueuePart>();
  private readonly workers: WorkerPart[] = [];
  private readonly rungsFirst: RungsFirst;

  constructor(private readonly options: BullQueuesOptions) {
    this.rungsFirst = new RungsFirst(options.concurrency.ladder, RUNGS_FIRST_MS);
    for (const name of QUEUES) {
      const queue = options.newQueue(name);
      queue.on('error', options.onError);
      this.queues.set(name, queue);
      const worker = options.newWorker(name, (job) => this.process(name, job), {
        concurrency: options.concurrency[name],
        // Finished hints are of no use to anybody, and a kept id would block a later one.
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      });
      worker.on('error', options.onError);
      this.workers.push(worker);
    }
  }

  async waitUntilReady(): Promise<void> {
    await Promise.all([...this.queues.values(), ...this.workers].map((part) => part.waitUntilReady()));
  }

  async publish(messages: readonly QueueMessage[]): Promise<void> {
    const byQueue = new Map<QueueName, QueueMessage[]>();
    for (const message of messages) {
      const list = byQueue.get(message.queue);
      if (list) list.push(message);
      else byQueue.set(message.queue, [message]);
    }
    const results = await Promise.allSettled([...byQueue].flatMap(([name, list]) => this.addTo(name, list)));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }

  private addTo(name: QueueName, messages: readonly QueueMessage[]): Promise<unknown>[] {
    const queue = this.queues.get(name);
    if (!queue) return [];
    const jobs = inGroups(messages, GROUPED[name].most).map((group) => ({
      name: group[0].name,
      data: { rows: group.map(hintOf) },
      // Attempts are counted in PostgreSQL.
      opts: { jobId: jobIdOf(group[0]), attempts: 1, removeOnComplete: true, removeOnFail: true },
    }));
    if (jobs.length >= this.options.bulkFrom) return [queue.addBulk(jobs)];
    return jobs.map((job) => queue.add(job.name, job.data, job.opts));
  }

  private async process(queue: QueueName, job: Job): Promise<void> {
    const { rows } = job.data as { rows?: HintData[] };
    if (!rows || !Object.hasOwn(JOBS, job.name)) return;
    const run = (row: HintData): Promise<void> =>
      this.options.process({ ...row, name: job.name as JobName, queue });
    const all = async (): Promise<void> => {
      if (GROUPED[queue].atOnce) await Promise.all(rows.map(run));
      else for (const row of rows) await run(row);
    };
    if (YIELDS_TO_RUNGS.includes(queue)) await this.rungsFirst.other();
    await (queue === 'ladder' ? this.rungsFirst.rung(all) : all());
  }

  /** Takes no more jobs; running ones go on. */
  async pause(): Promise<void> {
    await Promise.allSettled(this.workers.map((worker) => worker.pause(true)));
  }

  /** Closes the connections; running jobs were waited for. */
  async close(): Promise<void> {
    const force = this.options.closesByForce;
    await within(2_000, Promise.allSettled(this.workers.map((worker) => worker.close(force))));
    await within(2_000, Promise.allSettled([...this.queues.values()].map((queue) => queue.close())));
  }
}

function hintOf({ outboxId, publishNumber, correlationId, generation }: QueueMessage): HintData {
  return { outboxId, publishNumber, correlationId, generation };
}

/** Waits for `work`, but no longer than this. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, Math.max(0, milliseconds))));
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
