import { normaliseSettingName, type SettingName } from '../../directory/domain/setting-name.js';
import { isOpen } from '../../directory/domain/setting.js';
import { similarity } from '../../directory/domain/trigram.js';
import { compareWords } from './compare-words.js';
import { placeEvidence } from './place-evidence.js';
import { distinct } from './resolve-stated.js';
import type { ChildToRoute, RoutingFacts, SettingFact } from './routing.types.js';
import { plainText, readStatedName } from './stated-name.js';
import { openSuccessors } from './successors.js';

export interface ScoredSetting {
  setting: SettingFact;
  /** 0 to 1. */
  score: number;
  why: string;
  /** Of the words alone, before place and age. */
  name: number;
  byAlias: boolean;
  /** Its closed predecessor has the name that was stated. */
  formerName: boolean;
  placed: boolean;
  ageFits: boolean;
}

// Multipliers: how much is left of the name's likeness. A factor of at most 0.85 takes a namesake the default margin (0.15) away
// from the right one; milder ones leave both in doubt for a person.
const FACTOR = {
  otherKind: 0.75,
  kindOfFamily: 0.93,
  kindOfFamilyBeside: 0.84,
  unsaidRareKind: 0.86,
  otherChurch: 0.75,
  unsaidKind: 0.98,
  unsaidChurch: 0.92,
  anySchool: 0.8,
  formerName: 0.98,
  otherTown: 0.7,
  townOfNone: 0.91,
  nearlyAge: 0.85,
  wrongAge: 0.7,
} as const;
// A short form is never as good as the name: "Northshire" may be short for Northshire Technical College, unless a Northshire
// College is there, too.
const SHORT_FORM = { plain: 0.88, ofKind: 0.8 } as const;
/** Letters that only resemble rank candidates for a person; they never send. */
const MOST_BY_TRIGRAMS = 0.85;

/** A pupil may be a year ahead or behind, and the police's age may be an estimate. */
const AGE_SLACK_YEARS = 1;

/** Kinds that people use for each other; the age then says which it is. */
const FAMILIES = [
  ['primary', 'junior', 'infant', 'first', 'preparatory'],
  ['secondary', 'high', 'comprehensive', 'upper', 'college', 'middle', 'grammar'],
  ['college', 'sixthform'],
  ['nursery', 'preschool'],
];

/** People do not mix these up where a school of each is there; a high school is called secondary by anybody. */
const YOUNG = ['primary', 'junior', 'infant', 'first', 'nursery'];

/** Open settings that the stated words may mean, best first (then by URN, so that the order is always the same). */
export function scoreCandidates(
  child: ChildToRoute,
  facts: RoutingFacts,
  homeAuthority: string | null,
): ScoredSetting[] {
  const stated = readStated(child, facts);
  const named = readings(facts).map((reading) => ({ reading, ...fitOf(reading.name, stated, facts) }));
  const someInTown = named.some(({ town, name }) => town === 'named' && name >= 0.75);
  // "Southfield Juniors" is not Southfield Primary where there are Southfield Juniors for the child.
  const ofKind = named.filter(
    ({ kind, reading: { setting } }) =>
      kind === 'same' && placeEvidence(setting, child, facts, homeAuthority).placed,
  );
  const agedAs = (age: number): number[] =>
    ofKind.flatMap(({ words, reading: { setting } }) =>
      ageFactor(setting, child.age) === age ? [words] : [],
    );
  const sameKind = agedAs(1);
  // Words that mean an infant school, of a child that is too old for it: the age does not make it the junior school.
  const tooOldOrYoung = agedAs(FACTOR.wrongAge);
  const saysYoung = stated.name.kinds.some((said) => YOUNG.includes(said));
  const best = new Map<string, ScoredSetting>();
  for (const one of named) {
    const { setting, former } = one.reading;
    const byAlias = facts.aliases.some(({ urn, core }) => urn === setting.urn && core === stated.name.core);
    const place = placeEvidence(setting, child, facts, homeAuthority);
    const town = townFactor(one.town, place.placed, someInTown);
    const age = ageFactor(setting, child.age);
    const isBeside = (others: readonly number[]): boolean =>
      saysYoung && others.some((same) => one.words - same <= 0.05);
    const beside =
      (one.kind === 'related' && isBeside(sameKind)) ||
      ((one.kind === 'related' || one.kind === 'unsaid') && isBeside(tooOldOrYoung));
    const kind = beside ? FACTOR.kindOfFamilyBeside : 1;
    const name = byAlias ? 1 : one.name * kind * (former ? FACTOR.formerName : 1);
    const score =
      Math.round(
        name * (town.placed ? Math.max(place.factor, 0.95) : place.factor) * town.factor * age * 1000,
      ) / 1000;
    const notes = [byAlias ? 'local name' : one.note, former && 'former name', town.note ?? place.note];
    if (age < 1) notes.push(age === FACTOR.wrongAge ? 'age does not fit' : 'age hardly fits');
    const scored: ScoredSetting = {
      setting,
      score,
      name,
      byAlias,
      formerName: former,
      why: notes.filter(Boolean).join(', '),
      placed: place.placed || town.placed,
      ageFits: age !== FACTOR.wrongAge,
    };
    const known = best.get(setting.urn);
    if (score > 0 && (!known || score > known.score)) best.set(setting.urn, scored);
  }
  return [...best.values()].sort((a, b) => b.score - a.score || a.setting.urn.localeCompare(b.setting.urn));
}

/** How well the stated words alone fit one setting, by its own name, a former one or an alias: 0 to 1. */
export function nameFit(child: ChildToRoute, facts: RoutingFacts, setting: SettingFact): number {
  const stated = readStated(child, facts);
  if (facts.aliases.some(({ urn, core }) => urn === setting.urn && core === stated.name.core)) return 1;
  const own = { name: setting.name, town: setting.town };
  const former = readings(facts).flatMap((one) => (one.setting.urn === setting.urn ? [one.name] : []));
  return Math.max(...[own, ...former].map((name) => fitOf(name, stated, facts).name));
}

interface Stated {
  name: SettingName;
  /** Towns among the stated words, plain. */
  towns: string[];
}

function readStated(child: ChildToRoute, facts: RoutingFacts): Stated {
  const text = child.schoolStated ?? '';
  const all = facts.townsNamed ?? facts.namesakes.map(({ town }) => town);
  const plain = ` ${plainText(text)} `;
  const towns = [...new Set(all.map(plainText))].filter((town) => town !== '' && plain.includes(` ${town} `));
  return { name: readStatedName(text), towns };
}

interface Reading {
  setting: SettingFact;
  name: { name: string; town: string };
  former: boolean;
}

/** Every open setting under its own name and under the names of closed ones that it alone follows. */
function readings(facts: RoutingFacts): Reading[] {
  const known = new Map([...facts.settings, ...facts.namesakes].map((one) => [one.urn, one]));
  return distinct(facts.namesakes).flatMap((setting): Reading[] => {
    const { name, town } = setting;
    if (isOpen(setting.status))
      return setting.routable ? [{ setting, name: { name, town }, former: false }] : [];
    if (setting.status !== 'closed') return [];
    return openSuccessors(setting.urn, known, facts.successors).map((open) => ({
      setting: open,
      name: { name, town: open.town },
      former: true,
    }));
  });
}

type Town = 'named' | 'other' | 'unsaid';
type Kind = 'same' | 'related' | 'unsaid' | 'other';

interface Fit {
  /** Words and kind together, 0 to 1. */
  name: number;
  words: number;
  kind: Kind;
  town: Town;
  note: string;
}

const normalised = new Map<string, SettingName>();
const MOST_NORMALISED = 10_000;

/** Names of the register, which a name search compares again and again. */
function normalisedOnce(name: string): SettingName {
  const known = normalised.get(name);
  if (known) return known;
  if (normalised.size >= MOST_NORMALISED) normalised.clear();
  const made = normaliseSettingName(name);
  normalised.set(name, made);
  return made;
}

function fitOf(own: { name: string; town: string }, stated: Stated, facts: RoutingFacts): Fit {
  const name = normalisedOnce(own.name);
  const known = facts.knownWords ? new Set(facts.knownWords) : null;
  const words = stated.name.core.split(' ').filter(Boolean);
  const compared = compareWords(words, name.core.split(' '), known);
  const { town, words: telling } = withoutTowns(words, compared.rest, own.town, stated.towns);
  const again = telling.length < words.length ? compareWords(telling, name.core.split(' '), known) : compared;
  const core = telling.join(' ');
  let score = Math.max(again.score, Math.min(MOST_BY_TRIGRAMS, similarity(core, name.core)));
  if (again.rest.length === 0 && again.score < 0.9 && isShortForm(telling, name.full)) {
    score = Math.max(score, stated.name.kinds.length > 0 ? SHORT_FORM.ofKind : SHORT_FORM.plain);
  }
  if (telling.length === 0) score = 0;
  const note =
    score === 1
      ? 'same name'
      : again.misspelt && again.score === score
        ? 'same name but for a slip'
        : `name ${Math.round(score * 100)} % alike`;
  const kind = kindOf(stated.name, name);
  return {
    name: score * kindFactor(kind, stated.name) * churchFactor(stated.name, name),
    words: score,
    kind,
    town,
    note,
  };
}

/** A town among the words that the name does not explain is the place that was meant, not a part of the name. */
function withoutTowns(
  words: readonly string[],
  rest: readonly string[],
  ownTown: string,
  named: readonly string[],
): { town: Town; words: string[] } {
  const unexplained = (town: string): boolean => town.split(' ').every((word) => rest.includes(word));
  const towns = named.filter(unexplained);
  if (towns.length === 0) return { town: 'unsaid', words: [...words] };
  const town = towns.includes(plainText(ownTown)) ? 'named' : 'other';
  // Last first: in "Ashcombe Secondary, Ashcombe" the second is the place.
  const left = [...words];
  for (const word of towns.flatMap((one) => one.split(' '))) {
    const at = left.lastIndexOf(word);
    if (at >= 0) left.splice(at, 1);
  }
  return { town, words: left };
}

function isShortForm(words: readonly string[], full: string): boolean {
  const own = full.split(' ');
  return words.length > 0 && words.every((word) => own.includes(word));
}

/** Kinds that a school's name seldom leaves unsaid. */
const ALWAYS_SAID = ['special', 'nursery', 'college', 'sixthform', 'pru', 'grammar', 'preparatory'];

function kindOf(stated: SettingName, own: SettingName): Kind {
  if (stated.kinds.length === 0) return 'unsaid';
  if (stated.kinds.some((kind) => own.kinds.includes(kind))) return 'same';
  if (own.kinds.length === 0) return 'unsaid';
  return areRelated(stated.kinds, own.kinds) ? 'related' : 'other';
}

function kindFactor(kind: Kind, stated: SettingName): number {
  const anySchool = stated.distinctive ? 1 : FACTOR.anySchool;
  if (kind === 'related') return anySchool * FACTOR.kindOfFamily;
  if (kind === 'other') return anySchool * FACTOR.otherKind;
  if (kind === 'same' || stated.kinds.length === 0) return anySchool;
  const rare = stated.kinds.some((one) => ALWAYS_SAID.includes(one));
  return anySchool * (rare ? FACTOR.unsaidRareKind : FACTOR.unsaidKind);
}

function churchFactor(stated: SettingName, own: SettingName): number {
  if (stated.churches.length === 0 || stated.churches.some((church) => own.churches.includes(church)))
    return 1;
  return own.churches.length > 0 ? FACTOR.otherChurch : FACTOR.unsaidChurch;
}

function areRelated(stated: readonly string[], own: readonly string[]): boolean {
  return FAMILIES.some(
    (family) => stated.some((kind) => family.includes(kind)) && own.some((kind) => family.includes(kind)),
  );
}

function townFactor(
  town: Town,
  placed: boolean,
  someInTown: boolean,
): { factor: number; placed: boolean; note?: string } {
  if (town === 'named') return { factor: 1, placed: true, note: 'in the town named' };
  if (town === 'unsaid') return { factor: 1, placed: false };
  const factor = placed && !someInTown ? FACTOR.townOfNone : FACTOR.otherTown;
  return { factor, placed: false, note: 'in another town than the one named' };
}

/** 1 where the age fits, less for a year off, least for more: evidence, never a filter. */
export function ageFactor(setting: SettingFact, age: number | null): number {
  if (age === null) return 1;
  const { lowAge, highAge } = setting;
  const fits = (slack: number): boolean =>
    (lowAge === null || age >= lowAge - slack) && (highAge === null || age <= highAge + slack);
  return fits(0) ? 1 : fits(AGE_SLACK_YEARS) ? FACTOR.nearlyAge : FACTOR.wrongAge;
}
