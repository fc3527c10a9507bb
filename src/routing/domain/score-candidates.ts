import { normaliseSettingName, type SettingName } from '../../directory/domain/setting-name.js';
import { isOpen, outwardCode } from '../../directory/domain/setting.js';
import { similarity } from '../../directory/domain/trigram.js';
import { distinct } from './resolve-stated.js';
import { type ChildToRoute, type RoutingFacts, type SettingFact } from './routing.types.js';

export interface ScoredSetting {
  setting: SettingFact;
  /** 0 to 1. */
  score: number;
  why: string;
  byAlias: boolean;
  /** Something besides the name says that this is the place: authority, postcode district, or town in the stated text. */
  placed: boolean;
  ageFits: boolean;
}

// Multipliers: how much is left of the name's similarity. A factor of at most 0.85 is what takes a namesake more
// than the default margin (0.15) away from the right one; milder ones leave both in doubt for a person.
const FACTOR = {
  otherKind: 0.75,
  otherChurch: 0.75,
  unsaidKind: 0.98,
  unsaidChurch: 0.92,
  otherTown: 0.7,
  sameDistrict: 0.93,
  nearbyAuthority: 0.87,
  otherAuthority: 0.8,
  noPlace: 0.95,
  anySchool: 0.8,
  wrongAge: 0.7,
} as const;

/** A pupil may be a year ahead or behind, and the police's age may be an estimate. */
const AGE_SLACK_YEARS = 1;

/** Open settings that the stated words may mean, best first (then by URN, so that the order is always the same). */
export function scoreCandidates(
  child: ChildToRoute,
  facts: RoutingFacts,
  homeAuthority: string | null,
): ScoredSetting[] {
  const stated = child.schoolStated ?? '';
  const settings = distinct(facts.namesakes).filter((one) => isOpen(one.status) && one.routable);
  const towns = townsIn(stated, settings);
  const name = normaliseSettingName(withoutTowns(stated, towns));
  const whole = normaliseSettingName(stated);
  return settings
    .map((setting) => scored(setting, { child, facts, homeAuthority, towns, names: [name, whole] }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.setting.urn.localeCompare(b.setting.urn));
}

interface Stated {
  child: ChildToRoute;
  facts: RoutingFacts;
  homeAuthority: string | null;
  towns: string[];
  /** With and without the town: "Easton Primary" may be the school's name, or "St Mary's, Easton" its place. */
  names: SettingName[];
}

function scored(setting: SettingFact, stated: Stated): ScoredSetting {
  const own = normaliseSettingName(setting.name);
  const byAlias = stated.facts.aliases.some(
    (alias) => alias.urn === setting.urn && stated.names.some((name) => name.core === alias.core),
  );
  const best = Math.max(...stated.names.map((name) => nameScore(name, own)));
  const notes = [
    byAlias ? 'local name' : best === 1 ? 'same name' : `name ${Math.round(best * 100)} % alike`,
  ];
  const place = placeOf(setting, stated);
  const ageFits = fits(setting, stated.child.age);
  notes.push(place.note);
  if (!ageFits) notes.push('age does not fit');
  const score = (byAlias ? 1 : best) * place.factor * (ageFits ? 1 : FACTOR.wrongAge);
  return {
    setting,
    score: Math.round(score * 1000) / 1000,
    why: notes.join(', '),
    byAlias,
    placed: place.placed,
    ageFits,
  };
}

// Scores for what trigrams misjudge. "Northshire" may be short for Northshire Technical College even where a
// Northshire College exists: a short form is never certain, and it keeps the full match from being certain unless
// that one was named with its kind. Two letters swapped are a slip of the pen; other single letters are not taken
// for one, since "St Mark's" is not "St Mary's".
const SCORE = { shortForm: 0.88, shortFormOfKind: 0.8, swappedLetters: 0.92 } as const;

function nameScore(stated: SettingName, own: SettingName): number {
  if (stated.core === '') return 0;
  let score = similarity(stated.core, own.core);
  if (isShortForm(stated.core, own.full)) {
    score = Math.max(score, stated.kinds.length > 0 ? SCORE.shortFormOfKind : SCORE.shortForm);
  }
  if (areSwapped(stated.core, own.core)) score = Math.max(score, SCORE.swappedLetters);
  if (!stated.distinctive) score *= FACTOR.anySchool;
  if (stated.kinds.length > 0 && !stated.kinds.some((kind) => own.kinds.includes(kind))) {
    score *= own.kinds.length > 0 ? FACTOR.otherKind : FACTOR.unsaidKind;
  }
  if (stated.churches.length > 0 && !stated.churches.some((church) => own.churches.includes(church))) {
    score *= own.churches.length > 0 ? FACTOR.otherChurch : FACTOR.unsaidChurch;
  }
  return score;
}

function isShortForm(core: string, full: string): boolean {
  const words = full.split(' ');
  return core.split(' ').every((word) => words.includes(word));
}

function areSwapped(a: string, b: string): boolean {
  if (a.length !== b.length || a === b) return false;
  let at = 0;
  while (a[at] === b[at]) at += 1;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

function placeOf(setting: SettingFact, stated: Stated): { factor: number; placed: boolean; note: string } {
  const district = outwardCode(stated.child.homePostcode);
  const near = district !== null && district === outwardCode(setting.postcode);
  if (stated.towns.length > 0) {
    if (stated.towns.includes(plain(setting.town)))
      return { factor: 1, placed: true, note: 'in the town named' };
    return { factor: FACTOR.otherTown, placed: false, note: 'in another town than the one named' };
  }
  if (stated.homeAuthority === null) {
    if (near) return { factor: 1, placed: true, note: 'in the home postcode district' };
    return { factor: FACTOR.noPlace, placed: false, note: 'no home authority to compare' };
  }
  if (setting.authorityCode === stated.homeAuthority)
    return { factor: 1, placed: true, note: 'in the home authority' };
  if (near)
    return {
      factor: FACTOR.sameDistrict,
      placed: true,
      note: 'in the home postcode district, another authority',
    };
  const nearby = stated.facts.nearbyAuthorities ?? stated.facts.authoritiesServed;
  if (nearby.includes(setting.authorityCode)) {
    return { factor: FACTOR.nearbyAuthority, placed: false, note: 'in an authority nearby' };
  }
  return { factor: FACTOR.otherAuthority, placed: false, note: 'in another authority' };
}

function fits(setting: SettingFact, age: number | null): boolean {
  if (age === null) return true;
  const low = setting.lowAge === null || age >= setting.lowAge - AGE_SLACK_YEARS;
  return low && (setting.highAge === null || age <= setting.highAge + AGE_SLACK_YEARS);
}

function townsIn(stated: string, settings: readonly SettingFact[]): string[] {
  const text = ` ${plain(stated)} `;
  const towns = new Set(settings.map((setting) => plain(setting.town)).filter((town) => town !== ''));
  return [...towns].filter((town) => text.includes(` ${town} `) && !isPartOfName(town, settings)).sort();
}

// "Thornwick Primary" in the town of Thornwick: there the town is the name, not its place.
function isPartOfName(town: string, settings: readonly SettingFact[]): boolean {
  return settings.some((setting) => ` ${plain(setting.name)} `.includes(` ${town} `));
}

function withoutTowns(stated: string, towns: readonly string[]): string {
  let text = ` ${plain(stated)} `;
  for (const town of towns) text = text.replaceAll(` ${town} `, ' ');
  return towns.length === 0 ? stated : text.trim();
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[’‘'`.]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
