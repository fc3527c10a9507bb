import { describe, expect, it } from '@jest/globals';
import { schoolsNamedIn } from './named-schools.js';
import { wordsOf } from './text-words.js';

const named = (text: string): string[][] => schoolsNamedIn(wordsOf(text));

describe('schools named in a text', () => {
  it.each<[string, string[]]>([
    ['Seen at Hilltop Junior', ['hilltop']],
    ['seen at St Jude of the Hill Academy', ['jude', 'hill']],
    ['ADA OF HILLTOP JUNIOR', ['ada', 'hilltop']],
    [
      'The Most Holy Trinity and Saint Mary of the Angels Church of England Voluntary Aided Primary',
      ['most', 'holy', 'trinity', 'mary', 'angels', 'england'],
    ],
  ])('%s', (text, telling) => {
    expect(named(text)).toEqual([telling]);
  });

  it.each(['She was at school', 'Primary School', 'Hilltop, where the junior is'])('none in: %s', (text) => {
    expect(named(text)).toEqual([]);
  });

  it('take twice the room in twice the text, and no more', () => {
    const room = (schools: number): number =>
      named('Beech '.repeat(10 * schools) + 'Elm School '.repeat(schools)).flat().length;
    expect(room(500)).toBeGreaterThan(500);
    expect(room(1_000)).toBeLessThanOrEqual(2.5 * room(500));
  });
});

describe('the words of a text', () => {
  it('leave out what is longer than any name: normalising 130,000 marks of one letter takes most of a minute', () => {
    const letter = `a${'\u0301'.repeat(65_000)}${'\u0316'.repeat(65_000)}`;
    expect(wordsOf(`Ben, ${letter} at O’Neill’s`).map(({ word }) => word)).toEqual(['ben', 'at', 'oneill']);
  });
});
