import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { exampleNotification } from './example-notification.js';
import { readForceReference } from './force-reference.js';

describe('readForceReference', () => {
  it.each<[string, unknown, string | null]>([
    ['a body', exampleNotification(), 'DEMO-2026-0048213'],
    ['an invalid body', { forceReference: 'R/1', category: 9 }, 'R/1'],
    ['no reference', {}, null],
    ['a number', { forceReference: 7 }, null],
    ['blank', { forceReference: ' ' }, null],
    ['too long', { forceReference: 'x'.repeat(101) }, null],
    ['NUL', { forceReference: 'a\0' }, null],
    ['half a pair', { forceReference: '\ud800' }, null],
    ['an inherited one', Object.create({ forceReference: 'R' }), null],
    ['an array', [{ forceReference: 'R' }], null],
    ['null', null, null],
    ['a body cut in half', '{"forceReference": "DEMO-\\u00e9 \\"7\\"", "incident": {"circ', 'DEMO-é "7"'],
    ['cut within the reference', '{"forceReference": "DEMO-2026', null],
    ['the words inside a text', '{"x": "\\"forceReference\\": \\"wrong\\"", ', null],
    ['text without it', 'hello', null],
  ])('%s', (_, body, expected) => {
    expect(readForceReference(body)).toBe(expected);
  });

  it('reads what was sent from any body cut anywhere after it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
        fc.nat(),
        (reference, cut) => {
          const text = JSON.stringify({ forceReference: reference, version: 1, category: 'domestic-abuse' });
          const end = JSON.stringify({ forceReference: reference }).length - 1;
          const expected = readForceReference({ forceReference: reference });
          expect(readForceReference(text.slice(0, end + (cut % 20)))).toBe(expected);
        },
      ),
    );
  });

  it('never throws and never lingers', () => {
    fc.assert(fc.property(fc.anything(), (body) => void readForceReference(body)));
    expect(readForceReference(`{"forceReference": "${'\\'.repeat(260_000)}`)).toBeNull();
    expect(readForceReference('"forceReference":['.repeat(15_000))).toBeNull();
  });
});
