import { describe, expect, it } from '@jest/globals';
import { csvFile, csvLine } from './csv.js';

describe('CSV that leaves the house', () => {
  it.each([
    '=1+1',
    '+44 7700 900000',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =cmd|calc',
    '\u00a0=1',
    '＝1+1',
  ])('never lets a spreadsheet run %j', (text) => {
    expect(csvLine([text])).toBe(`"'${text}"\r\n`);
  });

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['she said "no"', '"she said ""no"""'],
    ['two\nlines', '"two\nlines"'],
    [' space', '" space"'],
    [-3.5, '-3.5'],
    ['-7', '-7'],
    [null, ''],
    [undefined, ''],
    [true, 'true'],
    [new Date('2026-11-23T08:45:00Z'), '2026-11-23T08:45:00.000Z'],
    ["O'Sample-Jones", "O'Sample-Jones"],
  ] as const)('writes %j as %s', (value, written) => {
    expect(csvLine([value])).toBe(`${written}\r\n`);
  });

  it('quotes a formula with quotes in it whole', () => {
    expect(csvLine(['=HYPERLINK("http://x","y")'])).toBe(`"'=HYPERLINK(""http://x"",""y"")"\r\n`);
  });

  it('begins with a byte order mark and one header line', () => {
    expect(csvFile(['a', 'b'], [[1, 2]])).toBe('\ufeffa,b\r\n1,2\r\n');
  });
});
