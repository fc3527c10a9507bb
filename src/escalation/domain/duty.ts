import { WEEKDAY_NAMES, shortDate, weekdayOf, type IsoDate } from '../../calendar/domain/iso-date.js';
import type { LadderContact } from './ladder-contact.js';

/** Whether somebody works on a day, or who stands in. `cover` is on duty. */
export type Duty =
  { kind: 'on' } | { kind: 'covered'; cover: LadderContact; why: string } | { kind: 'off'; why: string };

/** `team`: everybody who may stand in, without the excluded. Covers of covers are followed, never in a circle. */
export function dutyOn(contact: LadderContact, day: IsoDate, team: readonly LadderContact[]): Duty {
  if (contact.kind === 'mailbox') return { kind: 'on' };
  const absences = absencesOn(contact, day);
  if (absences.length > 0) {
    const cover = findCover(contact, day, team, new Set([contact.id]));
    const away = `away on ${shortDate(day)}`;
    if (cover) return { kind: 'covered', cover, why: `${away}, covered by ${cover.name}` };
    return { kind: 'off', why: `${away}, without cover` };
  }
  if (works(contact, day)) return { kind: 'on' };
  return { kind: 'off', why: `does not work on ${WEEKDAY_NAMES[weekdayOf(day) - 1]}s` };
}

/** Neither away on that day nor off on that weekday. Whoever stands in for somebody works. */
export function worksOn(contact: LadderContact, day: IsoDate): boolean {
  return dutyOn(contact, day, []).kind === 'on';
}

function absencesOn(contact: LadderContact, day: IsoDate) {
  return (contact.absences ?? []).filter((absence) => absence.from <= day && day <= absence.to);
}

function works(contact: LadderContact, day: IsoDate): boolean {
  const weekday = weekdayOf(day);
  return contact.workingDays ? contact.workingDays.includes(weekday) : weekday <= 5;
}

function findCover(
  contact: LadderContact,
  day: IsoDate,
  team: readonly LadderContact[],
  seen: Set<string>,
): LadderContact | undefined {
  for (const absence of absencesOn(contact, day)) {
    const cover = team.find((candidate) => candidate.id === absence.coverContactId);
    if (!cover || seen.has(cover.id)) continue;
    seen.add(cover.id);
    const away = cover.kind !== 'mailbox' && absencesOn(cover, day).length > 0;
    const found = away ? findCover(cover, day, team, seen) : cover;
    if (found && (found.kind === 'mailbox' || works(found, day))) return found;
  }
  return undefined;
}
