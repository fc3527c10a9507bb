import type { NotificationDto } from '../../../notifications/dto/notification.dto.js';
import { childName } from '../../presenters/notice-content.js';
import { bornWords } from '../../presenters/notice-facts.js';

/** What helps to find a child's setting, and nothing of what happened. With a safe address, not where the child lives. */
export interface ChildToPlace {
  readonly name: string;
  readonly born: string;
  readonly postcode: string | null;
  readonly stated: string | null;
}

export function childToPlace(text: string | undefined, childReference: string): ChildToPlace {
  const notification = text === undefined ? null : (JSON.parse(text) as NotificationDto);
  const child = notification?.children.find(({ reference }) => reference === childReference);
  if (!notification || !child) return { name: 'Erased', born: '', postcode: null, stated: null };
  return {
    name: childName({ forename: child.forename ?? null, surname: child.surname ?? null }),
    born: bornWords({ dateOfBirth: child.dateOfBirth ?? null, ageEstimate: child.ageEstimate ?? null }),
    postcode: notification.restrictions?.safeAddress === true ? null : (child.homePostcode ?? null),
    stated: child.schoolStated?.trim() || null,
  };
}
