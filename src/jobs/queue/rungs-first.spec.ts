import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { RungsFirst } from './rungs-first.js';

const PATIENCE_MS = 3_000;

/** A rung that runs until it is told to end. */
function rung(first: RungsFirst): () => Promise<void> {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = first.rung(() => ended);
  return () => (end(), run);
}

describe('rungs and the rest of one process', () => {
  it('the rest waits while all hands have rungs, also while one is followed by the next', async () => {
    const first = new RungsFirst(2, PATIENCE_MS);
    const [one, two] = [rung(first), rung(first)];
    let begun = false;
    const other = first.other().then(() => (begun = true));
    await sleep(150);
    expect(begun).toBe(false);
    await one();
    const three = rung(first);
    await sleep(150);
    expect(begun).toBe(false);
    await Promise.all([two(), three()]);
    await other;
    expect(begun).toBe(true);
  });

  it('does not wait while a hand is free', async () => {
    const first = new RungsFirst(2, PATIENCE_MS);
    const end = rung(first);
    await first.other();
    await end();
  });

  it('waits no longer than its patience, however many rungs there are', async () => {
    const first = new RungsFirst(1, 200);
    const end = rung(first);
    const asked = performance.now();
    const waiting = first.other();
    const keepFull = setInterval(() => void first.rung(() => Promise.resolve()), 20);
    await waiting;
    clearInterval(keepFull);
    expect(performance.now() - asked).toBeGreaterThanOrEqual(199);
    await end();
  });

  it('counts a rung that failed as ended', async () => {
    const first = new RungsFirst(1, PATIENCE_MS);
    await expect(first.rung(() => Promise.reject(new Error('the database is away')))).rejects.toThrow('away');
    await first.other();
  });
});
