/**
 * Where a school says that a child is now who is not its pupil. Only ever a suggestion: nothing is sent anywhere on one school's
 * word alone.
 */
export type Whereabouts =
  | { kind: 'setting'; urn: string }
  | { kind: 'other-area' }
  | { kind: 'home-educated' }
  | { kind: 'not-known' };

export const WHEREABOUTS = ['setting', 'other-area', 'home-educated', 'not-known'] as const;
