// Labelled cases: a child, what the police wrote about its school, and where it really is.
import { Seeded } from '../../support/random.js';
import type { ChildToRoute } from '../../../src/routing/domain/routing.types.js';
import { authorityAt, distance, postcodeAt, type Country, type Point, type School } from './register.js';
import { inSentence, misspell, say, type Said, type Words } from './say.js';
import { FORENAMES, NICKNAMES, SURNAMES } from './words.js';

export interface Child {
  forename: string;
  surname: string;
  dateOfBirth: string;
}

export interface Case {
  error: string;
  /** As the force posts it. */
  stated: ChildToRoute;
  notified: Child;
  /** As the roll has it. */
  child: Child;
  home: Point;
  /** Where the child is: the settings, or the desk that is right. */
  truth: { urns: string[] } | { desk: 'home-education' | 'early-years' };
  /** The school that the child has left, when the police still name it. */
  left: string | null;
  said: Said | null;
  /** The roll still has the child at the school it left. */
  rollIsOld: boolean;
  onRoll: boolean;
}

const TODAY = 2026;
const NOTHING: Said = { spoken: null, type: null, church: null, town: null };

/** Kind of error -> how often, of a thousand. */
const MIX: Readonly<Record<string, number>> = {
  'name in full': 130,
  abbreviated: 130,
  'type left out': 150,
  'church left out': 60,
  misspelt: 95,
  'misspelt, type left out': 40,
  'with its town': 75,
  'with a wrong town': 20,
  'in a sentence': 40,
  'former name': 35,
  'nickname of the school': 20,
  'URN alone': 45,
  'URN and name': 40,
  'URN of the closed school': 25,
  'wrong URN digit beside the name': 20,
  'LAESTAB': 15,
  'LAESTAB without its authority, and name': 10,
  'school of a sibling': 15,
  'home-educated': 20,
  'nothing stated': 35,
  'school the child has left': 20,
}; // prettier-ignore

export function inventCases(country: Country, seed: number, count: number): Case[] {
  const random = new Seeded(seed * 7_919 + 13);
  const kinds = Object.entries(MIX).flatMap(([kind, times]) => Array<string>(times).fill(kind));
  return Array.from({ length: count }, () => inventCase(country, random, random.pick(kinds)));
}

function inventCase(country: Country, random: Seeded, error: string): Case {
  const town = random.pick(country.towns);
  const home = { x: town.at.x + random.next() * 5 - 2.5, y: town.at.y + random.next() * 5 - 2.5 };
  const age = random.between(4, 16);
  const school = attended(country, random, home, age);
  const child = {
    forename: random.pick(FORENAMES),
    surname: random.pick(SURNAMES),
    dateOfBirth: `${TODAY - age}-${two(random.between(1, 10))}-${two(random.between(1, 28))}`,
  };
  const roll = random.next();
  const stated: ChildToRoute = {
    education: random.next() < 0.8 ? 'registered' : 'unknown',
    nameComplete: true,
    age,
    homePostcode: roll < 0.9 ? postcodeAt(home, random) : null,
    homeAuthorityCode: roll < 0.06 || roll > 0.12 ? authorityAt(home) : null,
    settings: [],
    schoolStated: null,
  };
  const base: Case = {
    ...{ error, stated, child, home, left: null, said: null, rollIsOld: false },
    notified: notifiedAs(child, random),
    truth: { urns: [school.urn] },
    onRoll: random.next() < 0.97,
  };
  return wrote(base, school, country, random);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Mostly the nearest ones; one child in two hundred goes to school far from home (it moved, or is looked after). */
function attended(country: Country, random: Seeded, home: Point, age: number): School {
  const fitting = ofAge(country, age).filter(({ type }) => type !== 'special' || random.next() < 0.05);
  if (random.next() < 0.005) return random.pick(fitting);
  const reach = age >= 11 ? 6 : 4;
  return nearest(fitting, home, reach)[Math.floor(random.next() ** 2 * reach)] ?? random.pick(fitting);
}

const byAge = new WeakMap<Country, Map<number, School[]>>();

function ofAge(country: Country, age: number): School[] {
  const known = byAge.get(country) ?? new Map<number, School[]>();
  byAge.set(country, known);
  const found =
    known.get(age) ??
    country.schools.filter(({ lowAge, highAge }) => age >= (lowAge ?? 4) && age < (highAge ?? 16));
  known.set(age, found);
  return found;
}

/** Without sorting three thousand schools for each child. */
function nearest(schools: readonly School[], home: Point, count: number): School[] {
  const best: { school: School; far: number }[] = [];
  for (const school of schools) {
    const far = distance(school.at, home);
    if (best.length === count && far >= (best.at(-1)?.far ?? 0)) continue;
    const after = best.findIndex((one) => one.far > far);
    best.splice(after < 0 ? best.length : after, 0, { school, far });
    if (best.length > count) best.pop();
  }
  return best.map(({ school }) => school);
}

/** Six in a hundred names are written otherwise than on the roll, two in a hundred dates. */
function notifiedAs(child: Child, random: Seeded): Child {
  const roll = random.next();
  if (roll < 0.03)
    return { ...child, forename: misspell({ text: child.forename, said: NOTHING }, random).text };
  if (roll < 0.06)
    return { ...child, surname: misspell({ text: child.surname, said: NOTHING }, random).text };
  if (roll < 0.08)
    return { ...child, dateOfBirth: child.dateOfBirth.replace(/..$/, (day) => two((Number(day) % 28) + 1)) };
  return child;
}

function wrote(one: Case, school: School, country: Country, random: Seeded): Case {
  const inWords = (
    { text, said }: Words,
    more: Partial<Case> = {},
    settings = one.stated.settings,
  ): Case => ({
    ...one,
    ...more,
    said,
    stated: { ...one.stated, settings, schoolStated: text },
  });
  const numbered = (settings: ChildToRoute['settings'], words: Words | null = null): Case => ({
    ...one,
    said: words?.said ?? null,
    stated: { ...one.stated, settings, schoolStated: words?.text ?? null },
  });
  const age = one.stated.age ?? 9;
  const former = random.pick(school.former.length > 0 ? school.former : [null]);
  switch (one.error) {
    case 'name in full':
      return inWords({ text: school.name, said: say(school, random).said });
    case 'abbreviated':
      return inWords(say(school, random));
    case 'type left out':
      return inWords(say(school, random, { type: false, faith: random.next() < 0.5 }));
    case 'church left out':
      return inWords(say(school, random, { faith: false }));
    case 'misspelt':
      return inWords(misspell(say(school, random), random));
    case 'misspelt, type left out':
      return inWords(misspell(say(school, random, { type: false, faith: false }), random));
    case 'with its town':
      return inWords(
        say(school, random, { type: random.next() < 0.6, faith: random.next() < 0.5, town: school.town }),
      );
    case 'with a wrong town':
      return inWords(say(school, random, { town: random.pick(country.towns).name }));
    case 'in a sentence':
      return inWords(inSentence(say(school, random, { faith: random.next() < 0.5 }), age, random));
    case 'former name':
      return former ? inWords(say(former, random)) : inWords(say(school, random));
    case 'nickname of the school':
      return inWords({ text: random.pick(NICKNAMES), said: NOTHING });
    case 'URN alone':
      return numbered([{ urn: school.urn }]);
    case 'URN and name':
      return numbered([{ urn: school.urn }], say(school, random, { type: random.next() < 0.5 }));
    case 'URN of the closed school':
      return numbered([{ urn: former?.urn ?? school.urn }], random.next() < 0.5 ? say(school, random) : null);
    case 'wrong URN digit beside the name':
      return numbered([{ urn: wrongDigit(school.urn, random) }], say(school, random));
    case 'LAESTAB':
      return numbered([{ laestab: school.laestab }]);
    case 'LAESTAB without its authority, and name':
      return numbered([{ laestab: school.laestab?.slice(3) ?? '' }], say(school, random));
    case 'school of a sibling': {
      const other = attended(
        country,
        random,
        one.home,
        age >= 11 ? random.between(5, 10) : random.between(11, 15),
      );
      return inWords(say(other, random));
    }
    case 'home-educated':
      return {
        ...one,
        truth: { desk: 'home-education' },
        onRoll: false,
        stated: { ...one.stated, education: 'home-educated' },
      };
    case 'school the child has left': {
      const old = attended(country, random, one.home, age);
      const moved = old.urn !== school.urn;
      return inWords(say(old, random), {
        left: moved ? old.urn : null,
        rollIsOld: moved && random.next() < 0.1,
      });
    }
    default:
      return one;
  }
}

function wrongDigit(urn: string, random: Seeded): string {
  const at = random.between(2, 5);
  const digit = String((Number(urn[at]) + random.between(1, 9)) % 10);
  return urn.slice(0, at) + digit + urn.slice(at + 1);
}
