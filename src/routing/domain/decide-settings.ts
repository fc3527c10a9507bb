import { isTelling } from './compare-words.js';
import { type NameMatch } from './match-name.js';
import { reason } from './reasons.js';
import { homeAuthorityOf } from './choose-desk.js';
import { ageFactor, nameFit } from './score-candidates.js';
import { distinct, resolveStated, resolveUrn, type Resolution } from './resolve-stated.js';
import {
  type ChildToRoute,
  type DeskDecision,
  type ReasonCode,
  type RoutingFacts,
  type RoutingReason,
  type SettingFact,
} from './routing.types.js';

/** The settings that are certain, or the desk whose question it is. */
export type Settled = { reasons: RoutingReason[]; candidates: SettingFact[]; by: 'number' | 'name' } & (
  { settings: SettingFact[] } | { settings: null; desk: DeskDecision['desk'] }
);

/** Rules 1 to 5 of the design, in their order: number, pupil base, name, education, triage. Pure. */
export function decideSettings(child: ChildToRoute, facts: RoutingFacts, name: NameMatch | null): Settled {
  const stated = child.settings
    .filter(({ urn, laestab }) => urn || laestab)
    .map((one) => resolveStated(one, facts));
  if (!child.nameComplete) return triage(['incomplete-name'], stated);
  const base = facts.pupilBase;
  const known = (base?.urns ?? []).map((urn) => resolveUrn(urn, facts, 'pupil-base'));

  if (stated.length > 0) {
    const settings = settingsOf(stated) ?? [];
    if (hasLeft(facts, settings, known)) return triage(['pupil-base-left'], [...stated, ...known]);
    const doubted = isDoubted(child, facts, settings, known, name);
    if (doubted && facts.numberContradictedByName === 'desk')
      return triage(['number-contradicts-name'], [...stated, ...known]);
    const meant = known.length === 0 ? namedDespite(child, stated, facts, name) : null;
    if (meant) return meant;
    const settled = byNumber(child, stated, known, base?.ambiguous ?? false);
    if (!doubted || !settled.settings) return settled;
    return { ...settled, reasons: [...settled.reasons, reason('number-contradicts-name')] };
  }
  if (known.length > 0) return byPupilBase(child, known, name, base?.ambiguous ?? false);
  if (name?.certain) {
    if (isSchoolless(child)) return triage(['education-contradicts'], [], name.reasons);
    const { urn } = name.certain.setting;
    if (base?.left?.includes(urn)) return triage(['pupil-base-left'], [], name.reasons);
    return { settings: [name.certain.setting], reasons: name.reasons, candidates: [], by: 'name' };
  }
  return byEducation(child, facts, name);
}

// The words must fit the number's setting at least so far, and another's better, before they speak against the number.
const POOR_FIT = 0.5;
const GOOD_FIT = 0.75;
const BETTER = 0.05;
const CLEARLY_BETTER = 0.15;

/** The roll knows that the child is at the stated setting no more: never sent without a person. */
function hasLeft(
  facts: RoutingFacts,
  settings: readonly SettingFact[],
  known: readonly Resolution[],
): boolean {
  const left = facts.pupilBase?.left ?? [];
  return known.length === 0 && settings.some(({ urn }) => left.includes(urn));
}

/** A number that the police's own words, or the age, speak against while no roll confirms it. */
function isDoubted(
  child: ChildToRoute,
  facts: RoutingFacts,
  settings: readonly SettingFact[],
  known: readonly Resolution[],
  name: NameMatch | null,
): boolean {
  const onRoll = known.flatMap(({ setting }) => (setting ? [setting.urn] : []));
  const confirmed = settings.every(({ urn }) => onRoll.includes(urn));
  if (!name || confirmed) return false;
  // A better name far away says nothing against a number at home.
  const atHome = settings.some(({ authorityCode }) => authorityCode === homeAuthorityOf(child, facts));
  const others = name.scored.filter(
    ({ setting, placed }) => (placed || !atHome) && !settings.some(({ urn }) => urn === setting.urn),
  );
  // By the words alone, and once more with what the age says.
  const speaksAgainst = [() => 1, (setting: SettingFact) => ageFactor(setting, child.age)].some((aged) => {
    const fit = Math.max(...settings.map((setting) => nameFit(child, facts, setting) * aged(setting)));
    const other = Math.max(0, ...others.map((one) => one.name * aged(one.setting)));
    return (
      (fit < POOR_FIT && other >= GOOD_FIT) ||
      (other >= 0.95 && other - fit >= BETTER) ||
      // "Ulverworth Secondary" beside the number of Ulverworth Primary, where there is an Ulverworth Comprehensive.
      (other >= 0.9 && other - fit >= CLEARLY_BETTER)
    );
  });
  if (speaksAgainst) return true;
  // Words of some school's name, somewhere, that are none of this one's.
  const poor = settings.every((setting) => nameFit(child, facts, setting) < POOR_FIT);
  return poor && (facts.knownWords ?? []).some(isTelling);
}

/**
 * A LAESTAB without its authority, beside a name that is certain and has the same number: both say the same. A URN that is in no
 * register is always a person's.
 */
function namedDespite(
  child: ChildToRoute,
  stated: readonly Resolution[],
  facts: RoutingFacts,
  name: NameMatch | null,
): Settled | null {
  const certain = name?.certain?.setting;
  const [only, ...more] = stated;
  if (!certain || !only || more.length > 0 || isSchoolless(child)) return null;
  if (only.setting || only.reasons.some(({ code }) => code !== 'unknown-setting')) return null;
  if (facts.pupilBase?.left?.includes(certain.urn)) return null;
  const own = child.settings.filter(({ urn, laestab }) => urn || laestab);
  const agrees = own.every(
    ({ urn, laestab }) =>
      !urn && certain.laestab !== null && certain.laestab.slice(3) === (laestab ?? '').replace(/\D/g, ''),
  );
  if (!agrees) return null;
  return {
    settings: [certain],
    reasons: [...only.reasons, ...(name?.reasons ?? [])],
    candidates: [],
    by: 'name',
  };
}

function byNumber(
  child: ChildToRoute,
  stated: Resolution[],
  known: Resolution[],
  ambiguous: boolean,
): Settled {
  const settings = settingsOf(stated);
  const roll = settingsOf(known);
  if (settings === null) return unresolved(child, stated, roll, known, ambiguous);
  if (isSchoolless(child)) return triage(['education-contradicts'], stated);
  const reasons = stated.flatMap((one) => one.reasons);
  if (known.length === 0) return { settings, reasons, candidates: [], by: 'number' };
  const onRoll = known.flatMap((one) => (one.setting ? [one.setting.urn] : []));
  if (!settings.every(({ urn }) => onRoll.includes(urn))) {
    return triage([ambiguous ? 'pupil-base-ambiguous' : 'pupil-base-contradicts'], [...stated, ...known]);
  }
  // Dual registration: every setting where the child is registered is told, not only the one the police knew of.
  if (ambiguous) return { settings, reasons, candidates: [], by: 'number' };
  if (roll === null)
    return triage(
      [],
      [...stated, ...known],
      known.flatMap((one) => (one.setting ? [] : one.reasons)),
    );
  return {
    settings: distinct([...settings, ...roll]),
    reasons: [...reasons, reason('pupil-base')],
    candidates: [],
    by: 'number',
  };
}

// A number that leads nowhere, or to several: the roll may still answer, unless it names another place than the choice.
function unresolved(
  child: ChildToRoute,
  stated: Resolution[],
  roll: SettingFact[] | null,
  known: Resolution[],
  ambiguous: boolean,
): Settled {
  const reasons = stated.flatMap((one) => (one.setting ? [] : one.reasons));
  const choice = candidatesOf(stated);
  const agrees = choice.length === 0 || (roll ?? []).some(({ urn }) => choice.some((one) => one.urn === urn));
  if (known.length === 0 || roll === null) return triage([], [...stated, ...known], reasons);
  if (ambiguous) return triage(['pupil-base-ambiguous'], [...stated, ...known], reasons);
  if (isSchoolless(child)) return triage(['education-contradicts'], [...stated, ...known], reasons);
  const allStatedOnRoll = stated.every(({ setting }) => !setting || roll.includes(setting));
  if (!agrees || !allStatedOnRoll) return triage(['pupil-base-contradicts'], [...stated, ...known], reasons);
  return { settings: roll, reasons: [...reasons, reason('pupil-base')], candidates: [], by: 'number' };
}

function byPupilBase(
  child: ChildToRoute,
  known: Resolution[],
  name: NameMatch | null,
  ambiguous: boolean,
): Settled {
  const roll = settingsOf(known);
  if (ambiguous) return triage(['pupil-base-ambiguous'], known);
  if (roll === null)
    return triage(
      [],
      known,
      known.flatMap((one) => (one.setting ? [] : one.reasons)),
    );
  if (isSchoolless(child)) return triage(['education-contradicts'], known);
  const certain = name?.certain?.setting;
  if (certain && !roll.some(({ urn }) => urn === certain.urn))
    return triage(['pupil-base-contradicts'], known);
  return { settings: roll, reasons: known.flatMap((one) => one.reasons), candidates: [], by: 'number' };
}

function byEducation(child: ChildToRoute, facts: RoutingFacts, name: NameMatch | null): Settled {
  const young = child.age !== null && child.age < facts.thresholds.schoolAge;
  if (child.education === 'home-educated') return atDesk('home-education', 'home-educated', name);
  if (child.education === 'early-years' || young) return atDesk('early-years', 'early-years', name);
  if (child.education === 'not-in-education') return atDesk('home-education', 'not-in-education', name);
  return triage(name ? [] : ['no-school-stated'], [], name?.reasons ?? []);
}

function isSchoolless(child: ChildToRoute): boolean {
  return child.education === 'home-educated' || child.education === 'not-in-education';
}

function atDesk(desk: DeskDecision['desk'], code: ReasonCode, name: NameMatch | null): Settled {
  return {
    settings: null,
    desk,
    reasons: [reason(code), ...(name?.reasons ?? [])],
    candidates: [],
    by: 'name',
  };
}

function triage(
  codes: ReasonCode[],
  resolutions: readonly Resolution[],
  reasons: RoutingReason[] = [],
): Settled {
  return {
    settings: null,
    desk: 'triage',
    reasons: [...codes.map(reason), ...reasons],
    candidates: candidatesOf(resolutions),
    by: 'number',
  };
}

/** All of them, distinct; null when one does not lead to exactly one open setting. */
function settingsOf(resolutions: readonly Resolution[]): SettingFact[] | null {
  const settings = resolutions.flatMap(({ setting }) => (setting ? [setting] : []));
  return settings.length === resolutions.length ? distinct(settings) : null;
}

function candidatesOf(resolutions: readonly Resolution[]): SettingFact[] {
  return distinct(resolutions.flatMap((one) => (one.setting ? [one.setting] : one.candidates)));
}
