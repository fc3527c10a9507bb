import type { WatchedKind } from '../../alerts/domain/watched-kind.js';

/** Something that should never be. Its alert has the same kind and subject. */
export interface Finding {
  readonly kind: WatchedKind;
  /** An id, a code or the name of a job: never a person. */
  readonly subject: string;
  /** Counts and codes for whoever mends it. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
  /** The force whose mailbox is told as well. */
  readonly forceCode?: string;
}

/** One line for a person: `timers-overdue ladder.fire-rung: lateSeconds 93`. */
export function findingText({ kind, subject, detail }: Finding): string {
  const parts = Object.entries(detail).map(([name, value]) => `${name} ${String(value)}`);
  return `${kind.replaceAll('-', ' ')}: ${subject}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}
