import { describe, expect, it } from '@jest/globals';
import { alertText, alertTodo } from './alert-text.js';
import { WATCHED_KINDS } from './watched-kind.js';

const ALERT = { kind: 'desk-unreachable', subject: '999', raised_at: new Date('2026-11-20T09:00:00Z') };
const lines = (detail: Record<string, unknown>, unmailed: readonly string[] = []): string[] =>
  alertText({ ...ALERT, detail, unmailed })
    .text.split('\n')
    .filter((line) => line.startsWith('  '));

describe('the mail about an alert', () => {
  it.each([
    ['the notice that it is about', { notice: 'AAA111' }, ['AAA111'], ['  notice: AAA111']],
    [
      'the latest one, said again',
      { notice: 'AAA111', rung: 'desk' },
      [],
      ['  notice: AAA111', '  rung: desk'],
    ],
    [
      'each that no mail has named',
      { notice: 'BBB222' },
      ['AAA111', 'BBB222'],
      ['  notices: AAA111, BBB222'],
    ],
    ['nothing of notices where it is about none', { code: '550' }, [], ['  code: 550']],
    ['not that it is a test, which the mark says', { notice: 'T1', test: true }, ['T1'], ['  notice: T1']],
  ])('names %s', (_what, detail, unmailed, expected) => {
    expect(lines(detail, unmailed)).toEqual(expected);
  });

  it('stays readable when a hundred notices wait', () => {
    const [line = ''] = lines(
      {},
      Array.from({ length: 120 }, (_, i) => `N${i}`),
    );
    expect(line.split(', ')).toHaveLength(50);
    expect(line).toMatch(/ and 70 more \(firstbell alerts list\)$/);
  });

  it('has words of its own for everything that the auditor finds', () => {
    for (const kind of WATCHED_KINDS) expect(alertTodo(kind)).not.toBe(alertTodo('no such kind'));
  });
});
