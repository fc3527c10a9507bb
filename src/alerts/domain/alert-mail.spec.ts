import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { mailingIdOf, returnPathOf } from '../../delivery/domain/return-path.js';
import { alertMailId, readAlertMailId } from './alert-mail.js';

const BOUNCES = 'bounces@firstbell.example';
const ALERT = '01939f3e-7d5c-7a11-8c3b-5d2f4e6a7b80';

describe('the id of a mail about an alert', () => {
  it('goes through a return path there and back', () => {
    const mail = fc.record({
      alertId: fc.uuid(),
      recipient: fc.constantFrom('operator' as const, 'force' as const),
      round: fc.nat(999_999_999),
    });
    fc.assert(
      fc.property(mail, (one) => {
        const id = mailingIdOf(BOUNCES, returnPathOf(BOUNCES, alertMailId(one)));
        expect(readAlertMailId(id ?? '')).toEqual(one);
      }),
    );
  });

  it.each([ALERT, `${ALERT}.0`, `${ALERT}.2.0`, `${ALERT}.0.`, `${ALERT}.0.1.2`, `x${ALERT}.0.1`, ''])(
    'is not "%s"',
    (id) => {
      expect(readAlertMailId(id)).toBeNull();
    },
  );
});
