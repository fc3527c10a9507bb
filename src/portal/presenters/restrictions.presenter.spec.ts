import { describe, expect, it } from '@jest/globals';
import { CONTENT } from './fixtures/content.fixture.js';
import { presentRestrictions } from './restrictions.presenter.js';

describe('the restrictions block', () => {
  const block = presentRestrictions(CONTENT);

  it('opens with who must not collect, then orders, whom not to tell, the address, the investigation', () => {
    expect(block.map(({ heading }) => heading)).toEqual([
      "Must not collect the child: Carl O'Example-Smythe (father)",
      "Non-molestation order: Carl O'Example-Smythe (father)",
      'Do not tell: Paternal grandparents',
      'Safe address',
      'The police are investigating',
    ]);
  });

  it('keeps the terms of an order verbatim, with the end in words', () => {
    expect(block[1]).toMatchObject({
      policeWords: CONTENT.adults[0]?.orders[0]?.terms,
      detail: 'Until 31 January 2027',
    });
  });

  it('does not turn "unknown" into "must not"', () => {
    const adults = CONTENT.adults.map((adult) => ({ ...adult, mayCollect: 'unknown' as const, orders: [] }));
    const none = { doNotDiscloseTo: [], safeAddress: false, activeInvestigation: false };
    expect(presentRestrictions({ adults, restrictions: none })).toEqual([]);
  });
});
