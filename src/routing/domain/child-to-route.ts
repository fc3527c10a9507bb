import { nameCompleteness } from '../../notifications/domain/child-name.js';
import type { ChildDto } from '../../notifications/dto/child.dto.js';
import type { ChildToRoute } from './routing.types.js';

/** The parts of a notified child that decide who is told. Absent education counts as unknown. */
export function childToRoute(child: ChildDto, receivedAt: Date): ChildToRoute {
  return {
    education: child.education ?? 'unknown',
    nameComplete: nameCompleteness(child) === 'full',
    age: child.dateOfBirth ? wholeYears(child.dateOfBirth, receivedAt) : wholeOrNull(child.ageEstimate),
    homePostcode: child.homePostcode ?? null,
    homeAuthorityCode: child.homeAuthorityCode ?? null,
    settings: child.settings ?? [],
    schoolStated: child.schoolStated ?? null,
  };
}

function wholeYears(dateOfBirth: string, on: Date): number {
  const [year, month, day] = dateOfBirth.split('-').map(Number) as [number, number, number];
  const hadBirthday =
    on.getUTCMonth() + 1 > month || (on.getUTCMonth() + 1 === month && on.getUTCDate() >= day);
  return on.getUTCFullYear() - year - (hadBirthday ? 0 : 1);
}

function wholeOrNull(age: number | null | undefined): number | null {
  return typeof age === 'number' ? Math.floor(age) : null;
}
