import { normaliseName } from './normalise-name.js';

export interface NamedChild {
  readonly forename?: string | null;
  readonly surname?: string | null;
  /** YYYY-MM-DD */
  readonly dateOfBirth?: string | null;
}

/** The value under which a child is found on a pupil base; null when forename, surname or date of birth is missing. */
export function childNameDobValue({ forename, surname, dateOfBirth }: NamedChild): string | null {
  const first = normaliseName(forename ?? '');
  const last = normaliseName(surname ?? '');
  return first && last && dateOfBirth ? `${first}|${last}|${dateOfBirth}` : null;
}

/** Upper case without spaces; null when nothing is left. */
export function upnValue(upn: string | null | undefined): string | null {
  return compact(upn);
}

/** Upper case without spaces, so that "zz1 1aa" and "ZZ11AA" are found alike; null when nothing is left. */
export function postcodeValue(postcode: string | null | undefined): string | null {
  return compact(postcode);
}

function compact(value: string | null | undefined): string | null {
  const text = (value ?? '').toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return text === '' ? null : text;
}
