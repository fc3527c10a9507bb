// What a careful person with the register and a map would make of the same words: the yardstick for "could be placed".
// It knows what the officer meant to write (not where the child is), and shares no code with routing.
import type { Case } from './cases.js';
import { distance, type Country, type School } from './register.js';
import { plainSpoken, type Said } from './say.js';

/** As far as a person would look beyond the home authority. */
const NEAR_KM = 8;

/** The one setting that what was stated means; null when it could be several, or none. */
export function readCarefully(one: Case, country: Country): string | null {
  const byNumber = numbered(one, country);
  if (byNumber !== undefined) return byNumber;
  const { said } = one;
  if (!said?.spoken) return null;
  const meant = (spokenOf(country).get(said.spoken) ?? []).filter((school) =>
    couldMean(school, said, one.stated.age),
  );
  const { homeAuthorityCode, homePostcode } = one.stated;
  const near = meant.filter(
    ({ authorityCode, at }) =>
      authorityCode === homeAuthorityCode || (homePostcode !== null && distance(at, one.home) <= NEAR_KM),
  );
  const inTown = said.town === null ? [] : meant.filter(({ town }) => town === said.town);
  const choice = inTown.length > 0 ? inTown : near;
  return choice.length === 1 ? (choice[0]?.urn ?? null) : null;
}

const bySpoken = new WeakMap<Country, Map<string, School[]>>();

/** Every school under what it is and was called, in the register's order. */
function spokenOf(country: Country): Map<string, School[]> {
  const known = bySpoken.get(country);
  if (known) return known;
  const made = new Map<string, School[]>();
  for (const school of country.schools) {
    const names = new Set([school, ...school.former].map(({ spoken }) => plainSpoken(spoken)));
    for (const name of names) made.set(name, [...(made.get(name) ?? []), school]);
  }
  bySpoken.set(country, made);
  return made;
}

/** Undefined when no usable number was stated. Words that speak against the number make it doubtful. */
function numbered(one: Case, { schools, register, links }: Country): string | null | undefined {
  const [stated] = one.stated.settings;
  if (!stated) return undefined;
  const row = register.find(({ urn, laestab }) =>
    stated.urn ? urn === stated.urn : laestab === stated.laestab,
  );
  if (!row) return stated.urn ? null : undefined;
  const ends =
    row.status === 'closed'
      ? links.filter(({ urn }) => urn === row.urn).map((link) => link.successorUrn)
      : [row.urn];
  const [open, ...more] = schools.filter(({ urn }) => ends.includes(urn));
  if (!open || more.length > 0) return null;
  return one.said === null || couldMean(open, { ...one.said, town: null }, null) ? open.urn : null;
}

function couldMean(school: School, said: Said, age: number | null): boolean {
  const names = [school, ...school.former];
  const fits = names.some(
    (name) =>
      said.spoken === plainSpoken(name.spoken) &&
      (said.church === null || name.church === null || name.church === said.church) &&
      (said.type === null || isType(said.type, name.type, school.name)),
  );
  return fits && (age === null || (age >= (school.lowAge ?? 0) && age <= (school.highAge ?? 18)));
}

function isType(said: School['type'], own: School['type'], name: string): boolean {
  const vague = own === 'plain' || (own === 'special' && !/special/i.test(name));
  return said === own || vague || (isUpper(said) && isUpper(own));
}

const isUpper = (type: School['type']): boolean =>
  type === 'high' || type === 'secondary' || type === 'college';
