import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { HttpProblem } from '../../common/http/http-problem.js';
import { Sealer } from '../../sealing/sealer.js';
import { KeyRing } from '../../sealing/key-ring.js';
import type { FlushItem } from './flush.repository.js';
import type { Incoming, IntakeResult } from './incoming.js';
import { IntakeQueue, MOST_WAITING } from './intake-queue.js';

const bytes = (fill: number): Buffer => Buffer.alloc(32, fill);
const sealer = new Sealer(
  new KeyRing({ masterKeys: [{ version: 1, key: bytes(1) }], indexKeys: [{ version: 1, key: bytes(2) }] }),
);

function incoming(forceReference: string, more: Partial<Incoming> = {}): Incoming {
  return {
    clientId: 'c',
    forceCode: 'F1',
    forceReference,
    version: null,
    category: 'domestic-abuse',
    risk: 'high',
    receivedAt: new Date(0),
    correlationId: 'c',
    canonicalText: '{}',
    digest: Buffer.from(`digest of ${forceReference} ${more.version ?? ''}`),
    keyDigest: null,
    warnings: '[]',
    childReferences: ['1'],
    blindRows: [],
    ...more,
  };
}

const accepted = ({ incoming: { forceReference, version } }: FlushItem): IntakeResult => ({
  kind: 'accepted',
  answer: {
    id: forceReference,
    forceReference,
    version: version ?? 1,
    receivedAt: new Date(0),
    warnings: '[]',
  },
});

/** A store whose flushes end when the test says so. */
class Store {
  readonly flushes: { items: readonly FlushItem[]; end: (how?: Error) => void }[] = [];

  flush(items: readonly FlushItem[]): Promise<IntakeResult[]> {
    return new Promise((resolve, reject) => {
      const end = (how?: Error): void => (how === undefined ? resolve(items.map(accepted)) : reject(how));
      this.flushes.push({ items, end });
    });
  }

  async next(count: number): Promise<Store['flushes'][number]> {
    for (let i = 0; i < 200 && this.flushes.length < count; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const flush = this.flushes[count - 1];
    if (!flush) throw new Error(`no flush ${count}`);
    return flush;
  }
}

interface Setup {
  store: Store;
  queue: IntakeQueue;
  at: { now: number };
}

function setup(): Setup {
  const store = new Store();
  const at = { now: 0 };
  const queue = new IntakeQueue(
    store,
    sealer,
    pino({ level: 'silent' }),
    () => undefined,
    () => at.now,
  );
  return { store, queue, at };
}

const references = (flush: { items: readonly FlushItem[] }): string[] =>
  flush.items.map(({ incoming: each }) => `${each.forceReference}${each.version ?? ''}`);

describe('the intake queue', () => {
  it('puts what comes during a flush into the next one, sorted', async () => {
    const { store, queue } = setup();
    const first = queue.submit(incoming('m'));
    const flush = await store.next(1);
    const rest = ['z', 'b', 'a'].map((reference) => queue.submit(incoming(reference)));
    flush.end();
    await first;
    const second = await store.next(2);
    expect(references(second)).toEqual(['a', 'b', 'z']);
    second.end();
    expect((await Promise.all(rest)).map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('answers equal requests with one flush: the first as new, the others as repeats', async () => {
    const { store, queue } = setup();
    const early = [queue.submit(incoming('a')), queue.submit(incoming('a'))];
    const flush = await store.next(1);
    const late = queue.submit(incoming('a'));
    flush.end();
    const kinds = (await Promise.all([...early, late])).map(({ kind }) => kind);
    expect(kinds).toEqual(['accepted', 'replayed', 'replayed']);
    expect(store.flushes).toHaveLength(1);
  });

  it('never has two versions of a reference, nor two uses of a key, in hand at once', async () => {
    const { store, queue } = setup();
    const key = bytes(9);
    const all = [
      queue.submit(incoming('a', { version: 3 })),
      queue.submit(incoming('a', { version: 1 })),
      queue.submit(incoming('a', { version: 2 })),
      queue.submit(incoming('b', { keyDigest: key })),
      queue.submit(incoming('c', { keyDigest: key })),
    ];
    const expected = [['a1', 'b'], ['a2', 'c'], ['a3']];
    for (const [index, wanted] of expected.entries()) {
      const flush = await store.next(index + 1);
      expect(references(flush)).toEqual(wanted);
      flush.end();
    }
    await Promise.all(all);
  });

  it('takes no more than it can hold, and lets nobody wait for longer than two seconds', async () => {
    const { store, queue, at } = setup();
    const held = queue.submit(incoming('held')).catch(String);
    await store.next(1);
    const waiting = Array.from({ length: MOST_WAITING }, (_, i) =>
      queue.submit(incoming(`r${i}`)).then(
        () => 'kept',
        (error: HttpProblem) => `${error.status} ${error.headers['retry-after']}`,
      ),
    );
    await expect(queue.submit(incoming('one too many'))).rejects.toMatchObject({ status: 503 });
    const taken = (await store.next(2)).items.length;
    at.now = 2_001;
    const late = await Promise.all(waiting.slice(taken));
    expect({ taken, late: [...new Set(late)] }).toEqual({ taken: 256, late: ['503 2'] });
    for (const flush of store.flushes) flush.end();
    await held;
    expect(await waiting[0]).toBe('kept');
  });

  it('does a flush again after a deadlock, and says "unknown" after a broken connection', async () => {
    const { store, queue } = setup();
    const kept = queue.submit(incoming('a'));
    (await store.next(1)).end(Object.assign(new Error('deadlock'), { code: '40P01' }));
    (await store.next(2)).end();
    expect((await kept).kind).toBe('accepted');
    const lost = queue.submit(incoming('b'));
    (await store.next(3)).end(new Error('Connection terminated unexpectedly'));
    await expect(lost).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  });

  it('finds the one that cannot be stored among many, and keeps the others', async () => {
    const { store, queue } = setup();
    const bad = Object.assign(new Error('check'), { code: '23514' });
    const all = ['a', 'b', 'bad', 'd'].map((reference) => queue.submit(incoming(reference)));
    for (let count = 1; ; count += 1) {
      const flush = await store.next(count);
      flush.end(references(flush).includes('bad') ? bad : undefined);
      if (references(flush).join() === 'd') break;
    }
    expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual([
      'accepted',
      'accepted',
      'unkeepable',
      'accepted',
    ]);
  });

  it('finishes what it has taken when it is stopped, and takes nothing more', async () => {
    const { store, queue } = setup();
    const taken = queue.submit(incoming('a'));
    const stopped = queue.stop();
    await expect(queue.submit(incoming('b'))).rejects.toMatchObject({ status: 503 });
    (await store.next(1)).end();
    await stopped;
    expect((await taken).kind).toBe('accepted');
  });
});
