import { describe, expect, it } from '@jest/globals';
import { chainWords, successorChain, type ChainLink, type ChainSetting } from './successor-chain.js';

const setting = (urn: string, status: ChainSetting['status'] = 'closed', routable = true): ChainSetting => ({
  urn,
  name: `School ${urn}`,
  status,
  routable,
});
const follow = (settings: ChainSetting[], ...pairs: string[]) => {
  const links: ChainLink[] = pairs.map((pair) => {
    const [urn = '', linkedUrn = ''] = pair.split('>');
    return { urn, linkedUrn, linkType: 'Successor', establishedOn: null };
  });
  const start = settings[0];
  if (!start) throw new Error('no start');
  return successorChain(start, new Map(settings.map((one) => [one.urn, one])), links);
};

describe('what followed a closed setting', () => {
  it('goes through closed ones to the one that is open, step by step', () => {
    const chain = follow([setting('1'), setting('2'), setting('3', 'open')], '1>2', '2>3');
    expect(chain.steps.map(({ step, from, urn }) => [step, from, urn])).toEqual([
      [1, '1', '2'],
      [2, '2', '3'],
    ]);
    expect([chain.outcome, chainWords(chain)]).toEqual([
      'one-successor',
      'A notice that names it goes to School 3 (3).',
    ]);
  });

  it('ends in a loop, which it names, and never runs for ever', () => {
    const chain = follow([setting('1'), setting('2')], '1>2', '2>1');
    expect(chain).toMatchObject({ outcome: 'no-successor', loops: true });
    expect(chain.steps.at(-1)).toMatchObject({ urn: '1', seenBefore: true });
    expect(chainWords(chain)).toContain('lead in a circle');
  });

  it('finds the way out of a loop', () => {
    const chain = follow(
      [setting('1'), setting('2'), setting('3', 'proposed-to-close')],
      '1>2',
      '2>1',
      '2>3',
    );
    expect(chain).toMatchObject({ outcome: 'one-successor', loops: true });
  });

  it('leaves several open successors to a person', () => {
    const chain = follow([setting('1'), setting('2', 'open'), setting('3', 'open')], '1>2', '1>3');
    expect([chain.outcome, chain.open.map(({ urn }) => urn)]).toEqual(['several-successors', ['2', '3']]);
    expect(chainWords(chain)).toContain('a person chooses');
  });

  it('counts a merger that two ways lead to once, and calls it no loop', () => {
    const chain = follow(
      [setting('1'), setting('2'), setting('3'), setting('4', 'open')],
      '1>2',
      '1>3',
      '2>4',
      '3>4',
    );
    expect(chain).toMatchObject({ outcome: 'one-successor', loops: false });
    expect(chain.steps.filter(({ seenBefore }) => seenBefore)).toHaveLength(1);
  });

  it('does not count proposed schools, types that never receive notices, or numbers that the register lacks', () => {
    const chain = follow(
      [setting('1'), setting('2', 'proposed-to-open'), setting('3', 'open', false)],
      '1>2',
      '1>3',
      '1>9',
    );
    expect(chain.outcome).toBe('no-successor');
    expect(chain.steps.at(-1)).toMatchObject({ urn: '9', name: null, status: null });
  });

  it('has nothing to follow when the setting is open', () => {
    expect(follow([setting('1', 'open')], '1>2')).toMatchObject({ outcome: 'open-itself', steps: [] });
  });
});
