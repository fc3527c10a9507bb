import { childNameDobValue, upnValue } from '../../sealing/index-values.js';
import { normaliseName } from '../../sealing/normalise-name.js';
import type { Sealer } from '../../sealing/sealer.js';
import type { NotificationDto } from '../dto/notification.dto.js';
import type { BlindRow } from './incoming.js';

/** The value under which an adult of an incident is found; null without a surname. */
export function adultNameValue(adult: { forename?: string | null; surname?: string | null }): string | null {
  const last = normaliseName(adult.surname ?? '');
  return last ? `${normaliseName(adult.forename ?? '')}|${last}` : null;
}

/** By what a notification's people can be found again without their names being kept in clear. */
export function blindRowsOf({ children, adults }: NotificationDto, sealer: Sealer): BlindRow[] {
  const rows: BlindRow[] = [];
  const add = (child: number | null, kind: BlindRow['kind'], value: string | null): void => {
    if (value !== null) rows.push({ child, kind, ...sealer.blindIndex(kind, value) });
  };
  children.forEach((child, index) => {
    add(index, 'child-name-dob', childNameDobValue(child));
    add(index, 'upn', upnValue(child.upn));
  });
  for (const value of new Set((adults ?? []).map(adultNameValue))) add(null, 'adult-name', value);
  return rows;
}
