import { describe, expect, it } from '@jest/globals';
import { validateNotification } from '../../src/notifications/dto/validate-notification.js';
import { london } from './clock.js';
import { Factory } from './factories.js';

const at = london('2026-11-22 23:10');

describe('the factory of notifications', () => {
  it('repeats itself for a seed and never within one', () => {
    const factory = new Factory(7);
    const made = factory.notifications(at, 50);
    expect(new Factory(7).notifications(at, 50)).toEqual(made);
    expect(new Factory(8).notifications(at, 50)).not.toEqual(made);
    expect(new Set(made.map(({ forceReference }) => forceReference)).size).toBe(50);
  });

  it('makes what the contract accepts', () => {
    const factory = new Factory(3);
    const ada = factory.child({ forename: 'Ada' });
    const made = factory.notification(at, {
      children: [ada, factory.sibling(ada)],
      adults: [factory.adultWhoMustNotCollect()],
    });
    expect(validateNotification(JSON.parse(JSON.stringify(made)), at)).toMatchObject({ ok: true });
    expect(new Set(made.children.map(({ reference }) => reference)).size).toBe(2);
  });
});
