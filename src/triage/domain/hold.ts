const MINUTE_MS = 60_000;

/** How long an officer can take back a choice before the school is told. */
export const HOLD_MINUTES = 2;
/** So close to the bell every minute is the school's. */
export const NO_HOLD_WITHIN_MINUTES = 60;

/**
 * @param acknowledgeBy the chosen setting's deadline as its ladder would have it
 * @returns when the school is told; null when that is at once
 */
export function heldUntil(now: Date, acknowledgeBy: Date): Date | null {
  const leftMs = acknowledgeBy.getTime() - now.getTime();
  return leftMs <= NO_HOLD_WITHIN_MINUTES * MINUTE_MS
    ? null
    : new Date(now.getTime() + HOLD_MINUTES * MINUTE_MS);
}
