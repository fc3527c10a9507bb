/** How long a test runs after its deadline: long enough for the last message, too short for the repeats. As long may its answer be looked at. */
const ENDS_AFTER_MS = 20 * 60_000;

/** What of a test's notice says how long it runs. */
export interface RunningTest {
  acknowledgeBy: Date | null;
  holidayBy: Date | null;
  acknowledgedAt: Date | null;
}

/**
 * When a test ends: after its answer, otherwise after the first of its deadlines. In the holidays that is the one at which the desk is
 * told; the bell is weeks away.
 * @returns null for one that no ladder was planned for
 */
export function testEndsAt({ acknowledgeBy, holidayBy, acknowledgedAt }: RunningTest): Date | null {
  const deadlines = [acknowledgeBy, holidayBy].flatMap((at) => at?.getTime() ?? []);
  const from = acknowledgedAt?.getTime() ?? (deadlines.length > 0 ? Math.min(...deadlines) : null);
  return from === null ? null : new Date(from + ENDS_AFTER_MS);
}
