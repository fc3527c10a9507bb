import { describe, expect, it } from '@jest/globals';
import { heldUntil } from './hold.js';

const bell = new Date('2026-11-23T08:45:00Z');
const at = (time: string): Date => new Date(`2026-11-23T${time}Z`);

describe('how long a choice can be taken back', () => {
  it.each([
    ['07:24:00', '2026-11-23T07:26:00.000Z'],
    ['07:44:59', '2026-11-23T07:46:59.000Z'],
    ['07:45:00', undefined],
    ['08:30:00', undefined],
    ['08:45:00', undefined],
    ['09:00:00', undefined],
  ])('chosen at %s for a bell at 08:45: the school is told at %s', (chosen, told) => {
    expect(heldUntil(at(chosen), bell)?.toISOString()).toBe(told);
  });
});
