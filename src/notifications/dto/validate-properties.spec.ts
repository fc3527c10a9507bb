import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { fc } from '../../../test/support/properties.js';
import { exampleNotification } from './example-notification.js';
import { NotificationDto } from './notification.dto.js';
import { validateNotification } from './validate-notification.js';
import { validateAt } from './validation-instant.js';

const NOW = new Date('2026-11-22T23:10:00Z');
const MARK = 'Xq7Zz';

/** The example with some of its values, anywhere, replaced by arbitrary JSON; the marked ones must never come back. */
const anyNotification = (replacement: fc.Arbitrary<unknown>) =>
  fc
    .record({
      body: fc.constant(null).map(() => structuredClone(exampleNotification()) as unknown),
      changes: fc.array(fc.tuple(fc.nat(60), replacement), { maxLength: 6 }),
    })
    .map(({ body, changes }) => changes.reduce((at, [index, value]) => replaceNth(at, index, value), body));

function replaceNth(body: unknown, index: number, value: unknown): unknown {
  let left = index;
  const visit = (at: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(at)) return at.map(visit);
    if (at === null || typeof at !== 'object') return at;
    return Object.fromEntries(Object.entries(at).map(([key, item]) => [key, visit(item)]));
  };
  return visit(body);
}

const marked = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }).map((text) => MARK + text),
  fc.constantFrom<unknown>(
    MARK,
    `${MARK} 2026-13-01`,
    [MARK],
    { [`${MARK} `]: MARK },
    null,
    0,
    -1,
    1e300,
    '',
    {},
    [],
  ),
);

describe('validateNotification, for any JSON', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anyNotification(marked)), (body) => {
        const result = validateNotification(body, NOW);
        expect(result.ok || result.errors.length > 0).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('points at something that is there, or at a member that is missing from something there', () => {
    fc.assert(
      fc.property(anyNotification(fc.jsonValue()), (body) => {
        const result = validateNotification(body, NOW);
        for (const { pointer, code } of result.ok ? [] : result.errors) {
          const path = pointer.split('/').slice(1).map(unescaped);
          expect(resolves(body, path) || (code === 'required' && resolves(body, path.slice(0, -1)))).toBe(
            true,
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('repeats no value', () => {
    fc.assert(
      fc.property(anyNotification(marked), (body) => {
        expect(
          JSON.stringify(validateNotification(body, NOW)).includes(MARK) &&
            !validateNotification(body, NOW).ok,
        ).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the verdicts that class-validator itself gives', () => {
    fc.assert(
      fc.property(anyNotification(fc.oneof(fc.jsonValue({ maxDepth: 2 }), wordsOfTheContract)), (body) => {
        if (body === null || typeof body !== 'object' || Array.isArray(body)) return;
        const ours = validateNotification(body, NOW);
        const theirs = validateAt(NOW, () =>
          validateSync(plainToInstance(NotificationDto, body), {
            whitelist: true,
            forbidNonWhitelisted: true,
          }),
        );
        expect(ours.ok).toBe(theirs.length === 0);
        const wanted = theirs.flatMap((error) => codesOf(error, ''));
        const given = new Set((ours.ok ? [] : ours.errors).map(({ pointer, code }) => `${pointer} ${code}`));
        for (const { pointer, code } of wanted) expect([...given]).toContain(`${pointer} ${code}`);
      }),
      { numRuns: 400 },
    );
  });
});

const wordsOfTheContract = fc.constantFrom<unknown>(
  'high', 'present', 'domestic-abuse', '2017-03-04', '2030-01-01', '2026-11-22T21:40:00Z', '2036-11-22T21:40:00Z', true, 3, null, '',
  [{ urn: '1' }], { role: 'victim' }, [{ reference: '1', presence: 'present', ageEstimate: 3 }],
); // prettier-ignore

/** class-validator's errors as pointer and code; what it reports more coarsely than
 * we do, and what it looks for inside a member of the wrong type, is left to the tables. */
function codesOf(error: ValidationError, parent: string): { pointer: string; code: string }[] {
  const pointer = `${parent}/${error.property}`;
  const own = Object.keys(error.constraints ?? {}).filter((code) => code !== 'nestedValidation');
  const coarse = Array.isArray(error.value);
  return [
    ...own
      .filter((code) => !coarse || code === 'too-few' || code === 'too-many')
      .map((code) => ({ pointer, code })),
    ...(own.includes('wrong-type') ? [] : (error.children ?? [])).flatMap((inner) => codesOf(inner, pointer)),
  ].filter(({ code }) => code !== 'whitelistValidation' && code !== 'unknownValue');
}

function resolves(body: unknown, path: string[]): boolean {
  let at = body;
  for (const key of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) return false;
    at = (at as Record<string, unknown>)[key];
  }
  return true;
}

const unescaped = (token: string) => token.replaceAll('~1', '/').replaceAll('~0', '~');
