import { newId } from '../common/ids.js';
import { currentCorrelationId, withLogContext } from '../common/logger.js';
import { isConnectionLoss } from '../database/database.js';

interface Waiting<Item, Result> {
  correlationId: string | undefined;
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

const MOST_AT_ONCE = 32;

/**
 * Writes several small things in one transaction: while one batch is being written the next one gathers, so nobody waits for company.
 * What fails together is written one by one, so that one thing never fails its neighbours; except where the connection was lost,
 * because then perhaps all of it was written: whoever asked decides whether it may be written twice.
 */
export class Together<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private flushing = false;

  /** @param write one transaction; answers in the order of the items */
  constructor(private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>) {}

  /** @throws whatever `write` throws for this item alone: then nothing of it was written */
  ask(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject, correlationId: currentCorrelationId() });
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

  private async commit(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const correlationId = correlationOf(batch);
      const results = await withLogContext({ correlationId }, () =>
        this.write(batch.map(({ item }) => item)),
      );
      if (results.length !== batch.length) throw new Error('as many answers as items are needed');
      batch.forEach(({ resolve }, index) => resolve(results[index]));
    } catch (error) {
      if (batch.length > 1 && !isConnectionLoss(error)) for (const one of batch) await this.commit([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}

/** What is written for several belongs to none of them: what follows from it must not stand under a stranger's id. */
function correlationOf(batch: readonly { correlationId: string | undefined }[]): string {
  const ids = new Set(batch.map(({ correlationId }) => correlationId));
  const [only] = ids;
  return ids.size === 1 && only !== undefined ? only : newId();
}
