import { doubleMetaphone } from 'double-metaphone';
import { formsOf } from '../notifications/domain/short-forms.js';
import { childNameDobValue, postcodeValue, upnValue } from '../sealing/index-values.js';
import { normalisedWords, normaliseName } from '../sealing/normalise-name.js';
import type { PupilIndexKind } from '../sealing/blind-index.js';
import { dateSlips } from './domain/date-slips.js';

export interface IndexedPupil {
  forename: string | null;
  surname: string | null;
  dateOfBirth: string | null;
  postcode: string | null;
  /** Valid ones only. */
  upn: string | null;
}

export interface IndexValue {
  kind: PupilIndexKind;
  value: string;
}

export interface SearchValue extends IndexValue {
  exact: boolean;
  why: string;
}

/** What is stored of one child, so that it can be found: the exact value, and what nearly matches. */
export function storedValues(pupil: IndexedPupil): IndexValue[] {
  const { dateOfBirth: dob } = pupil;
  const first = normaliseName(pupil.forename ?? '');
  const last = normaliseName(pupil.surname ?? '');
  const postcode = postcodeValue(pupil.postcode);
  const upn = upnValue(pupil.upn);
  return kept([
    ['pupil-name-dob', childNameDobValue(pupil)],
    ['pupil-upn', upn],
    ['pupil-upn-dob', upn && dob && `${upn}|${dob}`],
    ['pupil-sound-dob', dob && sound(first, last, dob)],
    ...parts(pupil.surname).map((part): Part => [
      'pupil-part-dob',
      first && dob && `${first}|${part}|${dob}`,
    ]),
    ['pupil-name-postcode', first && last && postcode && `${first}|${last}|${postcode}`],
    ['pupil-dob-postcode', dob && postcode && `${dob}|${postcode}`],
  ]);
}

/** What is asked for one child: exact first, then what only suggests, each with what a person is told. */
export function searchValues(pupil: IndexedPupil): SearchValue[] {
  const { dateOfBirth: dob, forename, surname } = pupil;
  const first = normaliseName(forename ?? '');
  const last = normaliseName(surname ?? '');
  const all = storedValues(pupil);
  const exact = all
    .filter(({ kind }) => kind === 'pupil-name-dob' || kind === 'pupil-upn-dob')
    .map((one) => ({ ...one, exact: true, why: 'on the roll' }));
  if (!first || !last || !dob) return [...exact, ...nearly(all)];
  const named = (one: string, other: string, on: string, why: string): SearchValue[] =>
    kept([['pupil-name-dob', `${one}|${other}|${on}`]]).map((value) => ({ ...value, exact: false, why }));
  const barrels = [last, ...parts(surname)];
  return [
    ...exact,
    ...dateSlips(dob).flatMap((slip) =>
      named(first, last, slip, 'on the roll with a date of birth that is a slip away'),
    ),
    ...formsOf(first).flatMap((form) =>
      named(form, last, dob, 'on the roll under another form of the first name'),
    ),
    ...named(last, first, dob, 'on the roll with first name and surname exchanged'),
    ...parts(surname).flatMap((part) => named(first, part, dob, 'on the roll under a part of the surname')),
    ...barrels.map((part) => ({
      kind: 'pupil-part-dob' as const,
      value: `${first}|${part}|${dob}`,
      exact: false,
      why: 'on the roll under a longer surname',
    })),
    ...nearly(all),
  ];
}

const WHY: Partial<Record<PupilIndexKind, string>> = {
  'pupil-upn': 'on the roll with this UPN, under another name and birthday',
  'pupil-sound-dob': 'on the roll under a name that sounds alike, same birthday',
  'pupil-name-postcode': 'on the roll with this name and postcode, another birthday',
  'pupil-dob-postcode': 'on the roll with this birthday and postcode, another name',
};

function nearly(values: readonly IndexValue[]): SearchValue[] {
  return values.flatMap((one) => {
    const why = WHY[one.kind];
    return why ? [{ ...one, exact: false, why }] : [];
  });
}

type Part = [PupilIndexKind, string | null | undefined];

function kept(values: readonly Part[]): IndexValue[] {
  return values.flatMap(([kind, value]) => (value ? [{ kind, value }] : []));
}

/** Null for names that have no sound in it (other scripts). */
function sound(first: string, last: string, dob: string): string | null {
  const [given] = doubleMetaphone(first);
  const [family] = doubleMetaphone(last);
  return given && family ? `${given}|${family}|${dob}` : null;
}

/** "Smith-Jones" may be written as either. Two letters are no name. */
function parts(surname: string | null): string[] {
  const words = normalisedWords((surname ?? '').replace(/[-‐–]/gu, ' ')).filter((word) => word.length > 2);
  return words.length > 1 ? [...new Set(words)] : [];
}
