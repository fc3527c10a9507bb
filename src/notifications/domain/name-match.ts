import { normaliseName, normalisedWords } from '../../sealing/normalise-name.js';
import { areFormsOfOneName } from './short-forms.js';

const TITLES = new Set(['mr', 'mrs', 'ms', 'miss', 'mx', 'dr', 'prof', 'professor', 'sir', 'dame', 'lady', 'rev', 'revd', 'reverend', 'fr', 'sr']); // prettier-ignore
/** A shorter part of a name is no evidence: too many people share it. */
const LEAST_LETTERS = 3;

/**
 * Whether a contact's name could be the adult's. Tolerant, because a reader left out is replaced by a deputy, the head or the desk,
 * while a suspect let in reads the notice: either order, initials, short forms, double-barrelled and multi-word surnames,
 * titles, accents and case. Not absurd: a shared first name or surname alone is no match, unless the police know only the surname.
 */
export function couldBeSamePerson(
  contactName: string,
  adult: { forename?: string | null; surname?: string | null },
): boolean {
  const forenames = normalisedWords(adult.forename ?? '');
  const surname = normalisedWords(adult.surname ?? '');
  if (surname.length === 0) return false;
  const swapped = contactName.includes(',');
  return readingsOf(contactName)
    .flatMap(splits)
    .some(
      ({ given, family, reversed }) =>
        couldBeSurname(family, surname) &&
        (forenames.length === 0 ? reversed === swapped : couldBeForenames(given, forenames)),
    );
}

/** The words of a name, and again without a first word that may be a title: "Ms" can be a name, too. */
function readingsOf(name: string): string[][] {
  const words = normalisedWords(name.replace(/\([^)]*\)/gu, ' '));
  if (words.length === 0) return [];
  const titled = words.length > 1 && TITLES.has(words[0] ?? '');
  return titled ? [words.slice(1), words] : [words];
}

interface Split {
  readonly given: readonly string[];
  readonly family: readonly string[];
  readonly reversed: boolean;
}

/** Every way to read a name as given names and family name, in either order; a single word may be a surname alone. */
function splits(words: readonly string[]): Split[] {
  if (words.length === 1) return [{ given: [], family: words, reversed: false }];
  return words.slice(1).flatMap((_, index) => {
    const [start, end] = [words.slice(0, index + 1), words.slice(index + 1)];
    return [
      { given: start, family: end, reversed: false },
      { given: end, family: start, reversed: true },
    ];
  });
}

function couldBeSurname(family: readonly string[], surname: readonly string[]): boolean {
  if (family.join('') === surname.join('')) return true;
  // A double-barrelled name against one of its parts. Two of several parts that share one ("van", "de") are other names.
  const telling = (parts: readonly string[]): string[] =>
    parts.filter((part) => part.length >= LEAST_LETTERS);
  const [one, other] = [telling(family), telling(surname)];
  if (family.length > 1 && surname.length > 1) return false;
  return one.some((part) => other.includes(part));
}

function couldBeForenames(given: readonly string[], forenames: readonly string[]): boolean {
  if (given.join('') === forenames.join('')) return true;
  if (given.length === 0) return false;
  return given.some((name, index) =>
    forenames.some((forename, at) => couldBeForename(name, forename, index === 0 && at === 0)),
  );
}

/** @param first both are the first of their names: only there do initials and short forms count */
function couldBeForename(one: string, other: string, first: boolean): boolean {
  if (one === other) return one.length > 1 || first;
  if (!first) return false;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short.length === 1 || short.length >= LEAST_LETTERS)
    return long.startsWith(short) || areFormsOfOneName(one, other);
  return areFormsOfOneName(one, other);
}

/** The key under which an adult's name is blind-indexed; null without both names. */
export function adultNameValue(adult: { forename?: string | null; surname?: string | null }): string | null {
  const [forename, surname] = [normaliseName(adult.forename ?? ''), normaliseName(adult.surname ?? '')];
  return forename && surname ? `${forename}|${surname}` : null;
}
