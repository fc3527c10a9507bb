export interface AbsenceRow {
  id: string;
  /** London dates, both included. */
  from: string;
  to: string;
  coverContactId: string | null;
}

/** A contact with everything that a page about it shows. */
export interface KeptContact {
  id: string;
  settingUrn: string | null;
  deskId: string | null;
  personId: string | null;
  role: string;
  name: string;
  email: string | null;
  mobile: string | null;
  sharedMailbox: boolean;
  workingDays: number[];
  holidayContact: boolean;
  emailVerifiedAt: Date | null;
  mobileVerifiedAt: Date | null;
  emailBouncedAt: Date | null;
  mobileFailedAt: Date | null;
  trainedOn: string | null;
  attestedAt: Date | null;
  createdAt: Date;
  archivedAt: Date | null;
  lastSignedInAt: Date | null;
  /** Not called off, and not over before `since`. */
  absences: AbsenceRow[];
}

export interface Place {
  /** URN of a setting, or id of a desk. */
  id: string;
  kind: 'setting' | 'desk';
  name: string;
  authorityCode: string | null;
  /** `triage`, `duty` ...; null for a setting. */
  deskKind: string | null;
}
