import { type ReasonCode, type RoutingReason } from './routing.types.js';

// Fixed sentences: nothing a person wrote can get into a stored reason.
const SENTENCES: Readonly<Record<ReasonCode, string>> = {
  'stated-urn': 'The police stated the URN of this open setting.',
  'stated-laestab': 'The police stated the LAESTAB of this setting, the only open one with that number.',
  successor: 'The stated setting is closed; the register names this one open successor.',
  'pupil-base': 'The child is on the roll of this setting.',
  'pupil-base-contradicts': 'The pupil base knows the child at another setting than the one stated.',
  'pupil-base-ambiguous': 'More than one pupil has this name and date of birth.',
  'pupil-base-left': 'The pupil base says that the child has left the setting stated.',
  'former-name': 'The stated name is the former name of this setting, by the register’s own links.',
  'number-contradicts-name': 'The stated number and the stated name belong to different settings.',
  'name-match': 'The stated name belongs to this setting and to no other nearby.',
  alias: 'The stated name is an approved local name of this setting.',
  'name-unclear': 'The stated name does not point to one setting with certainty.',
  'name-unknown': 'No setting resembles the stated name.',
  'unknown-setting': 'The stated number is not in the register.',
  'several-open': 'Several open settings share the stated LAESTAB.',
  'closed-without-successor': 'The stated setting is closed and the register names no open successor.',
  'several-successors': 'The stated setting is closed and has several open successors.',
  'not-open-yet': 'The stated setting has not opened yet.',
  'never-routed': 'The stated setting is of a kind that receives no notices.',
  'incomplete-name': 'The child’s name is missing or incomplete.',
  'education-contradicts': 'A setting is stated or known, but the child is said not to attend one.',
  'age-contradicts': 'The child’s age does not fit the setting named.',
  'home-educated': 'The child is home-educated.',
  'not-in-education': 'The child is not in education.',
  'early-years': 'The child is under school age.',
  'early-years-not-included': 'The authority does not include this early-years provider.',
  'no-school-stated': 'No school was stated and none is known.',
  'adult-at-school':
    'An adult of the incident works for or governs a school and is none of the contacts known there; the desk picks the reader.',
  'authority-not-served':
    'The authority responsible is not served by this installation; it must be handed over.',
  'no-authority': 'No home authority is known.',
};

export function reason(code: ReasonCode): RoutingReason {
  return { code, text: SENTENCES[code] };
}

/** All reasons as one text, each once. */
export function explain(reasons: readonly RoutingReason[]): string {
  return [...new Set(reasons.map(({ text }) => text))].join(' ');
}

const SCHOOL_SENTENCES: Partial<Record<ReasonCode, string>> = {
  'stated-urn': 'The police named your school by its number.',
  'stated-laestab': 'The police named your school by its number.',
  successor: 'The police named a school that yours follows.',
  'pupil-base': 'The child is on your roll.',
  'name-match': 'The police named your school.',
  'former-name': 'The police named a school that yours follows.',
  alias: 'The police named your school.',
};

/** What a school may know of the choice: its own part only, no scores and no other settings. */
export function explainToSchool(reasons: readonly RoutingReason[]): string {
  const known = reasons.map(({ code }) => SCHOOL_SENTENCES[code]).filter((text) => text !== undefined);
  return [...new Set(known)].join(' ');
}
