import { describe, expect, it } from '@jest/globals';
import { HintWindow } from './hint-window.js';

describe('what the queue may be given', () => {
  it('is a little at first, and no more until something is finished', () => {
    const window = new HintWindow(() => 5_000);
    expect(window.room()).toBe(32);
    window.give(32);
    expect(window.room()).toBe(0);
    window.finish();
    expect(window.room()).toBe(1);
  });

  it('grows with what its workers finished in the window before, and forgets it when they stop', () => {
    let now = 10_000;
    const window = new HintWindow(() => now);
    window.give(32);
    for (let i = 0; i < 100; i += 1) window.finish();
    now += 2_000;
    expect(window.room()).toBe(200);
    now += 4_000;
    expect(window.room()).toBe(32);
  });
});
