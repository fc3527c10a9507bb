import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ValidateBy, ValidateNested, type ValidationArguments } from 'class-validator';
import { isFutureDate, isCalendarDate, readInstant } from './instants.js';
import { validationInstant } from './validation-instant.js';

/**
 * The decorators of the police contract, all built on class-validator. The constraint's name is the error `code`, its message
 * the `detail`: what to do, never the value that was sent. Every rule but `Required` passes what is not its business (another
 * type, null), so that one fault gives one error and several faults of one member give several.
 */
type Test = (value: unknown, args: ValidationArguments) => boolean;

function rule(code: string, detail: string, test: Test, options: RuleOptions = {}): PropertyDecorator {
  return ValidateBy(
    {
      name: code,
      constraints: options.constraints,
      validator: { validate: test, defaultMessage: () => detail },
    },
    { each: options.each, context: options.context, message: detail },
  );
}

interface RuleOptions {
  each?: boolean;
  constraints?: unknown[];
  context?: FaultPlaces;
}

/** For a rule over a list: JSON pointers, relative to the member, of the faults it found. */
export interface FaultPlaces {
  placesOf(value: unknown): string[];
}

/** Several decorators as one; applied so that they are checked in the order given. */
function all(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => decorators.forEach((decorate) => decorate(target, property));
}

const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined;
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';

export const Required = (): PropertyDecorator =>
  rule('required', 'This member is required: send it with a value.', (value) => !isNothing(value));

export const RequiredUnless = (other: string): PropertyDecorator =>
  rule(
    'required',
    `Send this member or ${other}: at least one of the two is required.`,
    (value, { object }) => !isNothing(value) || !isNothing((object as Record<string, unknown>)[other]),
  );

// PostgreSQL cannot keep NUL, and a lone surrogate is not Unicode text: either would be lost or refused later.
const UNSAFE = /[\0\p{Surrogate}]/u;

const textRules = (longest: number, each: boolean): PropertyDecorator[] => [
  rule('wrong-type', 'Send a string.', (value) => isNothing(value) || isText(value), { each }),
  rule('unsafe-text', 'Remove the NUL character or the half of a surrogate pair.', notUnsafe, { each }),
  rule(
    'too-long',
    `Send at most ${longest} characters.`,
    (value) => !isText(value) || value.length <= longest,
    {
      each,
      constraints: [longest],
    },
  ),
];
const notUnsafe: Test = (value) => !isText(value) || !UNSAFE.test(value);

/** Any Unicode text, kept as it was sent. Lengths count UTF-16 units, as JavaScript and JSON Schema validators do. */
export const Text = (longest: number): PropertyDecorator => all(...textRules(longest, false));

export const NotBlank = (): PropertyDecorator =>
  rule(
    'blank',
    'Send at least one character that is not a space.',
    (value) => !isText(value) || value.trim() !== '',
  );

export const TextList = (longestList: number, longestText: number): PropertyDecorator =>
  all(
    ...list(0, longestList),
    rule('wrong-type', 'Send a string.', ofItems(isText), { each: true }),
    ...textRules(longestText, true).slice(1),
  );

export const TextOrFlag = (longest: number): PropertyDecorator =>
  all(
    rule(
      'wrong-type',
      'Send a string, true or false.',
      (value) => isNothing(value) || isText(value) || isFlag(value),
    ),
    ...textRules(longest, false).slice(1),
  );

const isFlag = (value: unknown): boolean => typeof value === 'boolean';

export const Flag = (): PropertyDecorator =>
  rule('wrong-type', 'Send true or false.', (value) => isNothing(value) || isFlag(value));

export const OneOf = (codes: readonly string[]): PropertyDecorator =>
  all(
    rule('wrong-type', 'Send a string.', (value) => isNothing(value) || isText(value)),
    rule(
      'unknown-code',
      `Send one of: ${codes.join(', ')}.`,
      (value) => !isText(value) || codes.includes(value),
      {
        constraints: [codes],
      },
    ),
  );

export const WholeNumber = (least: number, most: number): PropertyDecorator =>
  all(
    rule('wrong-type', 'Send a number.', (value) => isNothing(value) || isNumber(value)),
    rule(
      'out-of-range',
      `Send a whole number from ${least} to ${most}.`,
      (value) => !isNumber(value) || (Number.isInteger(value) && value >= least && value <= most),
      { constraints: [least, most] },
    ),
  );

export const NumberBetween = (least: number, most: number): PropertyDecorator =>
  all(
    rule('wrong-type', 'Send a number.', (value) => isNothing(value) || isNumber(value)),
    rule(
      'out-of-range',
      `Send a number from ${least} to ${most}.`,
      (value) => !isNumber(value) || (value >= least && value <= most),
      { constraints: [least, most] },
    ),
  );

export const CalendarDate = (): PropertyDecorator =>
  all(
    rule('wrong-type', 'Send a string such as "2017-03-04".', (value) => isNothing(value) || isText(value)),
    rule(
      'not-a-date',
      'Send a real calendar date written YYYY-MM-DD.',
      (value) => !isText(value) || isCalendarDate(value),
    ),
  );

export const NotFutureDate = (): PropertyDecorator =>
  rule(
    'date-in-future',
    'Send a date that is not in the future.',
    (value) => !isText(value) || !isCalendarDate(value) || !isFutureDate(value, validationInstant()),
  );

export const Instant = (): PropertyDecorator =>
  all(
    rule(
      'wrong-type',
      'Send a string such as "2026-11-22T21:40:00Z".',
      (value) => isNothing(value) || isText(value),
    ),
    rule(
      'not-an-instant',
      'Send a real date and time in ISO 8601 with an offset, such as 2026-11-22T21:40:00Z or 2026-07-01T09:15:00+01:00.',
      (value) => !isText(value) || readInstant(value) !== null,
    ),
  );

export const AtMostMinutesAhead = (minutes: number): PropertyDecorator =>
  rule(
    'instant-in-future',
    `Send an instant at most ${minutes} minutes ahead of now; check the sending system's clock and offset.`,
    (value) => {
      const instant = isText(value) ? readInstant(value) : null;
      return instant === null || instant.getTime() <= validationInstant().getTime() + minutes * 60_000;
    },
    { constraints: [minutes] },
  );

const list = (fewest: number, most: number): PropertyDecorator[] => [
  rule('wrong-type', 'Send an array.', (value) => isNothing(value) || Array.isArray(value)),
  ...(fewest > 0
    ? [
        rule(
          'too-few',
          `Send at least ${fewest}.`,
          (value) => !Array.isArray(value) || value.length >= fewest,
        ),
      ]
    : []),
  rule('too-many', `Send at most ${most}.`, (value) => !Array.isArray(value) || value.length <= most),
];

/** A test of a list's items only: class-validator hands an `each` rule the member itself when that is no list. */
const ofItems =
  (test: (item: unknown) => boolean): Test =>
  (item, { value }) =>
    !Array.isArray(value) || test(item);

/** One JSON object with rules of its own. */
export const Nested = (type: () => new () => object): PropertyDecorator =>
  all(
    rule('wrong-type', 'Send an object.', (value) => isNothing(value) || isPlainObject(value)),
    ValidateNested(),
    Type(type),
  );

/** A list of JSON objects with rules of their own. */
export const NestedList = (type: () => new () => object, fewest: number, most: number): PropertyDecorator =>
  all(
    ...list(fewest, most),
    rule('wrong-type', 'Send an object.', ofItems(isPlainObject), { each: true }),
    ValidateNested({ each: true }),
    Type(type),
  );

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of a list must differ in one of their members; the later ones are pointed at. */
export const UniqueBy = (member: string): PropertyDecorator =>
  rule('duplicate', `Give each a different ${member}.`, (value) => repeatsOf(value, member).length === 0, {
    context: { placesOf: (value) => repeatsOf(value, member).map((index) => `/${index}/${member}`) },
  });

function repeatsOf(value: unknown, member: string): number[] {
  if (!Array.isArray(value)) return [];
  const seen = new Set<string>();
  return value.flatMap((item: unknown, index) => {
    const name = isPlainObject(item) ? item[member] : undefined;
    if (!isText(name)) return [];
    if (seen.has(name)) return [index];
    seen.add(name);
    return [];
  });
}
