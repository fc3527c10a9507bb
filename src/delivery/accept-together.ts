import { systemActor } from '../common/actor.js';
import type { Database } from '../database/database.js';
import type { Answered, MailingOutcome } from './mailing-outcome.service.js';

interface Waiting {
  mailing: Answered;
  providerId: string;
  settle: (error?: Error) => void;
}

const SENDER = systemActor('sender');
const MOST_AT_ONCE = 32;

/**
 * Writes the provider's yes of several mailings in one transaction: while one is being committed the next ones gather, so nobody
 * waits for company. What fails together is written one by one, so that one mailing never fails its neighbours.
 */
export class AcceptTogether {
  private readonly waiting: Waiting[] = [];
  private flushing = false;

  constructor(
    private readonly database: Database,
    private readonly outcome: MailingOutcome,
  ) {}

  /** @throws whatever the transaction throws: then nothing of this mailing was written */
  write(mailing: Answered, providerId: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error): void => (error === undefined ? resolve() : reject(error));
      this.waiting.push({ mailing, providerId, settle });
      if (!this.flushing) void this.flush();
    });
  }

  private async flush(): Promise<void> {
    this.flushing = true;
    try {
      for (;;) {
        const batch = this.waiting.splice(0, MOST_AT_ONCE);
        if (batch.length === 0) return;
        await this.commit(batch);
      }
    } finally {
      this.flushing = false;
    }
  }

  private async commit(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.database.transaction(SENDER, (tx) => this.outcome.acceptedMany(tx, batch));
      for (const { settle } of batch) settle();
    } catch (error) {
      const [only, ...others] = batch;
      if (others.length === 0) return only?.settle(error instanceof Error ? error : new Error('not written'));
      for (const one of batch) await this.commit([one]);
    }
  }
}
