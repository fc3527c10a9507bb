import { describe, expect, it } from '@jest/globals';
import { vouchedByExcluded, type VouchedContact } from './vouching.js';

const one = (id: string, vouchedBy: string[] = [], excluded = false): VouchedContact => ({
  id,
  vouchedBy,
  excluded,
});
const dsl = one('dsl', [], true);
const head = one('head');

describe('vouchedByExcluded', () => {
  it.each<[string, VouchedContact[], string[]]>([
    ['nobody is excluded', [one('dsl'), one('new', ['dsl'])], []],
    ['added by her who must not know', [dsl, one('new', ['dsl'])], ['new']],
    ['by a file', [dsl, one('filed')], []],
    ['by somebody else', [dsl, head, one('new', ['head'])], []],
    ['by her, and somebody else says that it is right', [dsl, head, one('new', ['dsl', 'head'])], []],
    ['through a second one of hers', [dsl, one('a', ['dsl']), one('b', ['a'])], ['a', 'b']],
    ['hers, who stand for each other', [dsl, one('a', ['dsl', 'b']), one('b', ['a'])], ['a', 'b']],
    [
      'hers, until one of them has a witness',
      [dsl, head, one('a', ['dsl', 'b']), one('b', ['a', 'head'])],
      [],
    ],
    ['two who stand for each other, and no one of hers', [dsl, one('a', ['b']), one('b', ['a'])], []],
    ['she herself, whoever added her', [head, one('dsl', ['head'], true)], []],
    ['one of hers who stands for themselves', [dsl, one('a', ['dsl', 'a'])], ['a']],
  ])('%s', (_what, contacts, kept) => {
    expect([...vouchedByExcluded(contacts)].sort()).toEqual(kept);
    expect([...vouchedByExcluded([...contacts].reverse())].sort()).toEqual(kept);
  });
});
