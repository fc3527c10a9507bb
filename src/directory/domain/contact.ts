export type SettingRole = 'dsl' | 'deputy' | 'head';
export type DeskRole = 'officer' | 'manager' | 'out-of-hours';
/** `operator` belongs to no authority: the last owner of what is nobody else's. */
export type DeskKind = 'triage' | 'duty' | 'home-education' | 'early-years' | 'operator';

export const SETTING_ROLES: readonly SettingRole[] = ['dsl', 'deputy', 'head'];
export const DESK_ROLES: readonly DeskRole[] = ['officer', 'manager', 'out-of-hours'];
export const DESK_KINDS: readonly DeskKind[] = [
  'triage',
  'duty',
  'home-education',
  'early-years',
  'operator',
];

/** Where a contact is reached as what. `authorityCode` is null exactly for the operator's desk. */
export type ContactPlace =
  | { kind: 'setting'; urn: string; role: SettingRole }
  | { kind: 'desk'; authorityCode: string | null; desk: DeskKind; role: DeskRole };

export interface ContactRow {
  place: ContactPlace;
  name: string;
  email: string | null;
  /** As +44..., for SMS. */
  mobile: string | null;
  /** ISO weekday numbers, Monday is 1. */
  workingDays: number[];
  /** An address, not a person: it receives notices, never sign-in codes. */
  sharedMailbox: boolean;
  verified: boolean;
  /** ISO date of the Encompass training; null when untrained. */
  trainedOn: string | null;
  /** Reached in the setting's holidays. */
  holidayContact: boolean;
}
