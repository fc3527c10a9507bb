import { londonDateOf } from '../../calendar/domain/london-time.js';

/**
 * What a reader is told to read it by: in the holidays the earlier of the two, also once it has passed. On the day of the bell it
 * is the bell again, which is what that morning's ladder is about and what a reader who was away can still be in time for.
 *
 * @returns null before a ladder is planned
 */
export function readingDeadline<D extends Date | null>(
  { acknowledgeBy, holidayBy }: { readonly acknowledgeBy: D; readonly holidayBy: Date | null },
  now: Date,
): D | Date {
  if (!acknowledgeBy || !holidayBy || holidayBy >= acknowledgeBy) return acknowledgeBy;
  const dayOfBell = londonDateOf(now) >= londonDateOf(acknowledgeBy);
  return holidayBy <= now && dayOfBell ? acknowledgeBy : holidayBy;
}

/** Up to when somebody may be reminded: a deadline of the holidays that has passed keeps nobody from it before the bell. */
export function remindableUntil(
  notice: { readonly acknowledgeBy: Date | null; readonly holidayBy: Date | null },
  now: Date,
): Date | null {
  const shown = readingDeadline(notice, now);
  return shown && shown > now ? shown : notice.acknowledgeBy;
}
