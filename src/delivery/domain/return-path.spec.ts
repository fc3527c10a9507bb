import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { mailingIdOf, returnPathOf } from './return-path.js';

const BOUNCES = 'bounces@firstbell.example';

describe('the return path', () => {
  it('carries the mailing’s id there and back', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(mailingIdOf(BOUNCES, returnPathOf(BOUNCES, id))).toBe(id);
        expect(mailingIdOf(BOUNCES, returnPathOf(BOUNCES, id).toUpperCase())).toBe(id);
      }),
    );
  });

  it('carries the id of a mail about an alert: recipient and round follow the alert’s', () => {
    const alert = '01939f3e-7d5c-7a11-8c3b-5d2f4e6a7b80';
    for (const id of [`${alert}.0`, `${alert}.1.27`])
      expect(mailingIdOf(BOUNCES, returnPathOf(BOUNCES, id))).toBe(id);
  });

  it.each([
    'bounces@firstbell.example',
    'bounces+@firstbell.example',
    'bounces+01939f3e-7d5c-7a11-8c3b-5d2f4e6a7b80@elsewhere.example',
    'bounces+01939f3e-7d5c-7a11-8c3b-5d2f4e6a7b80@firstbell.example.evil.example',
    'others+01939f3e-7d5c-7a11-8c3b-5d2f4e6a7b80@firstbell.example',
    "bounces+' OR 1=1@firstbell.example",
    'bounces+../../etc/passwd@firstbell.example',
    'bounces+deadbeef@firstbell.example',
    'bounces+01939f3e7d5c7a118c3b5d2f4e6a7b80@firstbell.example',
    'bounces+01939f3e-7d5c-7a11-8c3b-5d2f4e6a7b80.@firstbell.example',
    'bounces+01939f3e-7d5c-7a11-8c3b-5d2f4e6a7b80.1.2.3@firstbell.example',
    '',
  ])('%s is none of ours', (address) => {
    expect(mailingIdOf(BOUNCES, address)).toBeNull();
  });
});
