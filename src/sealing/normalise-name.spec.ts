import { describe, expect, it } from '@jest/globals';
import { fc } from '../../test/support/properties.js';
import { normalisedWords, normaliseName } from './normalise-name.js';

describe('normaliseName', () => {
  it.each([
    ['Ada', 'ada'],
    ["O'Neill", 'oneill'],
    ['O’Neill', 'oneill'],
    ['Smith-Jones', 'smithjones'],
    ['  Mary   Jane ', 'maryjane'],
    ['Zoë', 'zoe'],
    ['Zoe\u0308', 'zoe'],
    ['Łukasz Øster Đorđe', 'lukaszosterdorde'],
    ['Straße', 'strasse'],
    ['IŞIL İpek ışık', 'isilipekisik'],
    ['Ælfwine Þóra', 'aelfwinethora'],
    ['ﬁona', 'fiona'],
    ['سارة', normaliseName('سَارَة')],
    ['أحمد', normaliseName('احمد')],
    ['Ольга', 'ольга'],
    ['Γιώργος', 'γιωργοσ'],
    ['राम', 'राम'],
    ['王芳', '王芳'],
    ['J.', 'j'],
    ["' -", ''],
  ])('%s', (name, expected) => {
    expect(normaliseName(name)).toBe(expected);
  });

  it('keeps names of other scripts apart', () => {
    expect(normaliseName('سارة')).not.toBe('');
    expect(normaliseName('राम')).not.toBe(normaliseName('रम'));
    expect(normaliseName('Иван')).not.toBe(normaliseName('Игорь'));
  });

  it('is stable, and blind to case, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
        const once = normaliseName(name);
        expect(normaliseName(once)).toBe(once);
        expect(normaliseName(` ${name}-`)).toBe(once);
      }),
    );
  });

  it('gives the words of a text in the same spelling', () => {
    expect(normalisedWords("Ada O'Neill-Smith, 6; Zoë’s")).toEqual(['ada', 'oneill', 'smith', '6', 'zoes']);
  });
});
