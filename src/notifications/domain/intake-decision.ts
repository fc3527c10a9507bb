export interface KeptVersion {
  readonly version: number;
  readonly digest: Buffer;
}

/** What an Idempotency-Key was used for before, by the same force, within its 30 days. */
export interface KeptKey {
  readonly version: number;
  readonly digest: Buffer;
}

export interface Incoming {
  /** null or absent: the force leaves the numbering to us */
  readonly version?: number | null | undefined;
  readonly digest: Buffer;
}

export interface Kept {
  /** Every version kept for this force and forceReference, in any order. */
  readonly versions: readonly KeptVersion[];
  readonly key: KeptKey | null;
}

export type ConflictCode = 'idempotency-key-reused' | 'version-content-differs' | 'version-older-than-newest';

export type IntakeDecision =
  | { readonly kind: 'accept'; readonly version: number; readonly supersedes: number | null }
  | { readonly kind: 'replay'; readonly version: number }
  | { readonly kind: 'conflict'; readonly code: ConflictCode; readonly detail: string };

export type SameContent = (incoming: Buffer, kept: Buffer) => boolean;
const sameBytes: SameContent = (incoming, kept) => incoming.equals(kept);

/**
 * The answer table of the police API, rows 200, 409 and 202, in its order. Called under the lock of the reference's row.
 * - Replays come first: a repeat is harmless, also with a key that was spent on something else.
 * - Without a version, content equal to *any* kept version replays it (the newest such): a retry that arrives late must not
 *   become a new version and supersede what was sent after it.
 * - A key with equal content but another explicit version is a conflict: answering with the old version would let the force
 *   believe that the new one is kept.
 * - Gaps are allowed: a force may number its versions as it likes, upwards.
 *
 * The caller remembers the key for an accepted and for a replayed notification alike.
 * @param same how digests are compared; needed while digests of an older index key are still kept
 */
export function decideIntake(incoming: Incoming, kept: Kept, same: SameContent = sameBytes): IntakeDecision {
  const wanted = incoming.version ?? null;
  const newestFirst = [...kept.versions].sort((a, b) => b.version - a.version);
  const newest = newestFirst[0]?.version ?? null;
  if (
    kept.key &&
    same(incoming.digest, kept.key.digest) &&
    (wanted ?? kept.key.version) === kept.key.version
  ) {
    return { kind: 'replay', version: kept.key.version };
  }
  const repeated = newestFirst.find(
    ({ version, digest }) => (wanted ?? version) === version && same(incoming.digest, digest),
  );
  if (repeated) return { kind: 'replay', version: repeated.version };
  if (kept.key) return conflict('idempotency-key-reused');
  if (wanted === null) return { kind: 'accept', version: (newest ?? 0) + 1, supersedes: newest };
  if (newestFirst.some(({ version }) => version === wanted)) return conflict('version-content-differs');
  if (newest !== null && wanted < newest) return conflict('version-older-than-newest');
  return { kind: 'accept', version: wanted, supersedes: newest };
}

const DETAILS: Readonly<Record<ConflictCode, string>> = {
  'idempotency-key-reused':
    'This Idempotency-Key was used for another content or version. Nothing was changed. Send the first request again as it was, or use a new key.',
  'version-content-differs':
    'This version is kept with other content and is never overwritten. Send the change with a higher version, or without a version.',
  'version-older-than-newest':
    'A newer version of this notification is kept. Send the change with a higher version, or without a version.',
};

function conflict(code: ConflictCode): IntakeDecision {
  return { kind: 'conflict', code, detail: DETAILS[code] };
}
