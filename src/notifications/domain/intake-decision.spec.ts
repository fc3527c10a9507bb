import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { decideIntake, type IntakeDecision, type Kept } from './intake-decision.js';

const content = (name: string) => Buffer.from(name);
const versions = (...kept: [number, string][]) =>
  kept.map(([version, name]) => ({ version, digest: content(name) }));
const key = (version: number, name: string) => ({ version, digest: content(name) });

function short(decision: IntakeDecision): string {
  if (decision.kind === 'accept')
    return `accept ${decision.version} over ${decision.supersedes ?? 'nothing'}`;
  return decision.kind === 'replay' ? `replay ${decision.version}` : decision.code;
}

describe('decideIntake', () => {
  it.each<[string, number | null | undefined, string, Partial<Kept>, string]>([
    ['the first, without version', undefined, 'A', {}, 'accept 1 over nothing'],
    ['the first, version null', null, 'A', {}, 'accept 1 over nothing'],
    ['the first, with any version', 7, 'A', {}, 'accept 7 over nothing'],
    ['the same again, without version', null, 'A', { versions: versions([1, 'A']) }, 'replay 1'],
    ['the same again, with version', 1, 'A', { versions: versions([1, 'A']) }, 'replay 1'],
    ['other content, without version', null, 'B', { versions: versions([1, 'A']) }, 'accept 2 over 1'],
    ['other content, without version, after a gap', null, 'C', { versions: versions([1, 'A'], [5, 'B']) }, 'accept 6 over 5'],
    ['other content, same version', 1, 'B', { versions: versions([1, 'A']) }, 'version-content-differs'],
    ['other content, same older version', 1, 'C', { versions: versions([1, 'A'], [2, 'B']) }, 'version-content-differs'],
    ['an older version again', 1, 'A', { versions: versions([1, 'A'], [2, 'B']) }, 'replay 1'],
    ['old content without version, late', null, 'A', { versions: versions([1, 'A'], [2, 'B']) }, 'replay 1'],
    ['content kept twice, without version', null, 'A', { versions: versions([3, 'A'], [1, 'A'], [2, 'B']) }, 'replay 3'],
    ['the next version', 2, 'B', { versions: versions([1, 'A']) }, 'accept 2 over 1'],
    ['the next version, same content', 2, 'A', { versions: versions([1, 'A']) }, 'accept 2 over 1'],
    ['a version with a gap', 9, 'B', { versions: versions([1, 'A']) }, 'accept 9 over 1'],
    ['a version in the gap', 5, 'C', { versions: versions([1, 'A'], [9, 'B']) }, 'version-older-than-newest'],
    ['a version in the gap, content kept elsewhere', 5, 'B', { versions: versions([1, 'A'], [9, 'B']) }, 'version-older-than-newest'],
    ['key and content again', null, 'A', { versions: versions([1, 'A']), key: key(1, 'A') }, 'replay 1'],
    ['key and content again, now with its version', 1, 'A', { versions: versions([1, 'A']), key: key(1, 'A') }, 'replay 1'],
    ['key again, the content kept twice: the first answer', null, 'A', { versions: versions([1, 'A'], [2, 'A']), key: key(1, 'A') }, 'replay 1'],
    ['key again, other content', null, 'B', { versions: versions([1, 'A']), key: key(1, 'A') }, 'idempotency-key-reused'],
    ['key again, other content, next version', 2, 'B', { versions: versions([1, 'A']), key: key(1, 'A') }, 'idempotency-key-reused'],
    ['key again, equal content, another version', 2, 'A', { versions: versions([1, 'A']), key: key(1, 'A') }, 'idempotency-key-reused'],
    ['key of another reference', null, 'B', { key: key(1, 'A') }, 'idempotency-key-reused'],
    ['key spent elsewhere, a kept version again', 2, 'B', { versions: versions([1, 'A'], [2, 'B']), key: key(1, 'A') }, 'replay 2'],
    ['same version and key, other content', 1, 'B', { versions: versions([1, 'A']), key: key(1, 'A') }, 'idempotency-key-reused'],
  ])('%s', (_, version, name, kept, expected) => {
    const decision = decideIntake({ version, digest: content(name) }, { versions: [], key: null, ...kept });
    expect(short(decision)).toBe(expected);
    if (decision.kind === 'conflict') expect(decision.detail.length).toBeGreaterThan(20);
  }); // prettier-ignore

  it('compares by the function it is given, for digests of an older key', () => {
    const kept = { versions: versions([1, 'old:A']), key: null };
    const same = (incoming: Buffer, stored: Buffer) => stored.toString() === `old:${incoming.toString()}`;
    expect(short(decideIntake({ digest: content('A') }, kept, same))).toBe('replay 1');
    expect(short(decideIntake({ digest: content('A') }, kept))).toBe('accept 2 over 1');
  });
});

const request = fc.record({
  version: fc.option(fc.integer({ min: 1, max: 4 })),
  name: fc.constantFrom('A', 'B', 'C'),
  keyName: fc.option(fc.constantFrom('k1', 'k2')),
});
interface Request {
  version: number | null;
  name: string;
  keyName: string | null;
}

/** The store that the decision is for, as simple as it can be. */
class Store {
  readonly versions: { version: number; digest: Buffer }[] = [];
  readonly keys = new Map<string, { version: number; digest: Buffer }>();

  post({ version, name, keyName }: Request): IntakeDecision {
    const digest = content(name);
    const kept = { versions: this.versions, key: (keyName && this.keys.get(keyName)) || null };
    const decision = decideIntake({ version, digest }, kept);
    if (decision.kind === 'accept') this.versions.push({ version: decision.version, digest });
    if (decision.kind !== 'conflict' && keyName && !this.keys.has(keyName)) {
      this.keys.set(keyName, { version: decision.version, digest });
    }
    return decision;
  }
}

describe('any order of posts', () => {
  it('never keeps a version twice, never overwrites one, and only goes upwards', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
        const store = new Store();
        requests.forEach((each) => store.post(each));
        const numbers = store.versions.map(({ version }) => version);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      }),
    );
  });

  it('answers the same request twice with one version, whatever came before and between', () => {
    fc.assert(
      fc.property(
        fc.array(request, { maxLength: 10 }),
        request,
        fc.array(request, { maxLength: 10 }),
        (before, one, between) => {
          const store = new Store();
          before.forEach((each) => store.post(each));
          const first = store.post(one);
          between.forEach((each) => store.post(each));
          const count = store.versions.length;
          const again = store.post(one);
          if (first.kind === 'conflict') return;
          expect(again.kind).toBe('replay');
          expect(store.versions).toHaveLength(count);
          const stored = store.versions.find(
            ({ version }) => again.kind === 'replay' && version === again.version,
          );
          expect(stored?.digest.toString()).toBe(one.name);
        },
      ),
    );
  });

  it('keeps versions 1, 2 and 3 posted in any order and repeated consistent', () => {
    const three = [1, 2, 3].map((version) => ({ version, name: `content ${version}`, keyName: null }));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...three), { minLength: 1, maxLength: 12 }), (posts) => {
        const store = new Store();
        for (const post of posts) {
          const newest = store.versions.at(-1)?.version ?? 0;
          const known = store.versions.some(({ version }) => version === post.version);
          const expected = known ? 'replay' : post.version > newest ? 'accept' : 'conflict';
          expect(store.post(post).kind).toBe(expected);
        }
        expect(store.versions.at(-1)?.version).toBe(Math.max(...posts.map(({ version }) => version)));
      }),
    );
  });
});
