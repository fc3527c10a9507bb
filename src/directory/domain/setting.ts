export type Nation = 'england' | 'wales';

/** GIAS EstablishmentStatus: 1 Open, 2 Closed, 3 Open but proposed to close, 4 Proposed to open. */
export type SettingStatus = 'open' | 'closed' | 'proposed-to-close' | 'proposed-to-open';

/** `early-years`: a private provider from Ofsted's register, outside s.49A; an authority chooses to include it. */
export type SettingKind = 'school' | 'early-years';

/** A row of the register, ready to be stored under its URN. Codes are text; dates are ISO yyyy-mm-dd. */
export interface RegisterSetting {
  urn: string;
  kind: SettingKind;
  name: string;
  status: SettingStatus;
  authorityCode: string;
  authorityName: string;
  /** Authority code + establishment number, seven digits. Not unique, not even among open settings. */
  laestab: string | null;
  ukprn: string | null;
  typeCode: string;
  typeName: string;
  phaseCode: string;
  phaseName: string;
  /** False for types that never receive notices (offshore, higher education, British schools overseas). */
  routable: boolean;
  nation: Nation;
  gssCode: string | null;
  openedOn: string | null;
  closedOn: string | null;
  lowAge: number | null;
  highAge: number | null;
  street: string;
  locality: string;
  town: string;
  county: string;
  postcode: string | null;
  /** Metres on the Ordnance Survey grid; left out where the register has no grid reference. */
  easting?: number | null;
  northing?: number | null;
  telephone: string;
  website: string;
  headName: string;
  trustCode: string | null;
  trustName: string | null;
}

export interface SettingLink {
  urn: string;
  linkedUrn: string;
  kind: 'successor' | 'predecessor' | 'other';
  /** GIAS LinkType as written, such as "Successor - Split School". */
  linkType: string;
  establishedOn: string | null;
}

export const NEVER_ROUTED_TYPES: ReadonlySet<string> = new Set(['25', '29', '37']);

/** Open for routing: status 1 or 3. A closing school still has its pupils; a proposed one has none yet. */
export function isOpen(status: SettingStatus): boolean {
  return status === 'open' || status === 'proposed-to-close';
}

/** "202/1048", "202 1048" and "2021048" are the same LAESTAB; null when it is none. */
export function normaliseLaestab(text: string): string | null {
  const digits = text.replace(/[\s/-]/g, '');
  return /^\d{7}$/.test(digits) ? digits : null;
}

/** A postcode as "ZZ1 1AA"; null when the text has not the shape of one. */
export function normalisePostcode(text: string): string | null {
  const letters = text.replace(/\s+/g, '').toUpperCase();
  const match = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/.exec(letters);
  return match ? `${match[1]} ${match[2]}` : null;
}

/** The part before the space ("ZZ1"): a district of some thousand homes. */
export function outwardCode(postcode: string | null): string | null {
  return postcode === null ? null : (normalisePostcode(postcode)?.split(' ')[0] ?? null);
}
