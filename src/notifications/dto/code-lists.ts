/** The code lists of the notification contract. Adding a code is compatible; removing one is not. */

// Only domestic abuse rests on section 49A; another category needs a legal basis of its own before it is listed.
export const CATEGORIES = ['domestic-abuse'] as const;
export const RISKS = ['standard', 'medium', 'high', 'not-assessed'] as const;
export const EDUCATIONS = [
  'registered',
  'home-educated',
  'not-in-education',
  'early-years',
  'unknown',
] as const;
export const PRESENCES = ['present', 'not-present', 'unknown'] as const;
export const ADULT_ROLES = ['victim', 'suspect', 'both', 'other'] as const;
export const SCHOOL_CONNECTIONS = ['none', 'staff', 'governor', 'unknown'] as const;
export const MAY_COLLECT = ['yes', 'no', 'unknown'] as const;

export type Category = (typeof CATEGORIES)[number];
export type Risk = (typeof RISKS)[number];
export type Education = (typeof EDUCATIONS)[number];
export type Presence = (typeof PRESENCES)[number];
export type AdultRole = (typeof ADULT_ROLES)[number];
export type SchoolConnection = (typeof SCHOOL_CONNECTIONS)[number];
export type MayCollect = (typeof MAY_COLLECT)[number];
