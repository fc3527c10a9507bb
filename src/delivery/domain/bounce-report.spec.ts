import { describe, expect, it } from '@jest/globals';
import { isAddressFault, verdictOn } from './bounce-report.js';

describe('whose fault a lost mail is', () => {
  it.each([
    ['5.0.0', true, 'refused for good, no reason given'],
    ['5.1.1', true, 'no such mailbox'],
    ['5.1.10', true, 'Exchange Online: recipient not found'],
    ['5.2.1', true, 'mailbox disabled'],
    ['5.4.1', true, 'Exchange Online: recipient address rejected, access denied'],
    ['5.2.2', false, 'mailbox full'],
    ['5.2.3', false, 'too long for the mailbox'],
    ['5.3.4', false, 'too big for the system'],
    ['5.4.0', false, 'network, no reason given'],
    ['5.4.4', false, 'no route to the domain'],
    ['5.4.6', false, 'a loop'],
    ['5.4.7', false, 'given up: expired'],
    ['5.4.14', false, 'Exchange Online: too many hops'],
    ['5.4.300', false, 'Exchange Online: expired'],
    ['5.4.316', false, 'Exchange Online: connection refused until it expired'],
    ['5.6.0', false, 'content'],
    ['5.7.1', false, 'policy'],
    ['4.4.1', false, 'a passing failure is nobody’s'],
  ])('%s: the address’s %p (%s)', (status, addressFault) => {
    expect(isAddressFault(status)).toBe(addressFault);
    const failed = { address: null, action: 'failed' as const, status };
    expect(verdictOn([failed], () => false)?.marksAddress).toBe(addressFault);
  });
});
