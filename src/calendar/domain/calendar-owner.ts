import type { CalendarLayer } from './calendar-row.js';

/** Whose days: a URN, a trust code, an authority code or a nation. */
export interface CalendarOwner {
  readonly layer: CalendarLayer;
  readonly key: string;
}

export const NATIONS = ['england', 'wales', 'scotland', 'northern-ireland'] as const;

/**
 * Who may change whose days: a setting its own, an authority its own and those of its settings, the installation every
 * layer. Row-level security says the same; asking first lets a page answer in words.
 * @param scope of the actor, as in `Actor`
 * @param authorityCode of the setting, where the owner is one
 */
export function mayChangeCalendar(
  scope: string,
  owner: CalendarOwner,
  authorityCode: string | null,
): boolean {
  if (scope === 'system' || scope === 'admin') return true;
  if (owner.layer === 'setting')
    return scope === `setting:${owner.key}` || scope === `authority:${authorityCode ?? ''}`;
  return owner.layer === 'authority' && scope === `authority:${owner.key}`;
}
