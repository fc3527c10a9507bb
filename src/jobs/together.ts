interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

const MOST_AT_ONCE = 32;

/**
 * Writes several small things in one transaction: while one batch is being written the next one gathers, so nobody waits for company.
 * What fails together is written one by one, so that one thing never fails its neighbours.
 */
export class Together<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private flushing = false;

  /** @param write one transaction; answers in the order of the items */
  constructor(private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>) {}

  /** @throws whatever `write` throws for this item alone: then nothing of it was written */
  ask(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
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
      const results = await this.write(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error('as many answers as items are needed');
      batch.forEach(({ resolve }, index) => resolve(results[index]));
    } catch (error) {
      if (batch.length === 1) return batch[0]?.reject(error);
      for (const one of batch) await this.commit([one]);
    }
  }
}
