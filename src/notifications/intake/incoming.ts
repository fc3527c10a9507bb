import type { IndexKind } from '../../sealing/blind-index.js';
import type { ConflictCode } from '../domain/intake-decision.js';
import type { Risk } from '../dto/code-lists.js';

/** A validated notification on its way into the database, with everything that can be computed before a transaction. */
export interface Incoming {
  readonly clientId: string;
  readonly forceCode: string;
  readonly forceReference: string;
  /** null: the force leaves the numbering to us. */
  readonly version: number | null;
  readonly category: string;
  readonly risk: Risk;
  readonly receivedAt: Date;
  readonly correlationId: string;
  /** RFC 8785 text of the content; also what is sealed. */
  readonly canonicalText: string;
  readonly digest: Buffer;
  /** Digest of the Idempotency-Key, or null. */
  readonly keyDigest: Buffer | null;
  /** JSON of the warnings. */
  readonly warnings: string;
  readonly childReferences: readonly string[];
  readonly blindRows: readonly BlindRow[];
}

export interface BlindRow {
  /** Position in `childReferences`; null for an adult. */
  readonly child: number | null;
  readonly kind: IndexKind;
  readonly keyVersion: number;
  readonly digest: Buffer;
}

/** What the force is told about a version that is kept. */
export interface KeptAnswer {
  readonly id: string;
  readonly forceReference: string;
  readonly version: number;
  readonly receivedAt: Date;
  /** JSON */
  readonly warnings: string;
}

export type IntakeResult =
  | { readonly kind: 'accepted' | 'replayed'; readonly answer: KeptAnswer }
  | { readonly kind: 'conflict'; readonly code: ConflictCode; readonly detail: string }
  /** The database refuses this content, now and always. */
  | { readonly kind: 'unkeepable' };

/** One reference of one force: versions of it are decided one after the other. */
export function laneOf({ forceCode, forceReference }: Incoming): string {
  return `${forceCode}\0${forceReference}`;
}

/** The key in the force's own space of keys, or null. */
export function keySpaceOf({ forceCode, keyDigest }: Incoming): string | null {
  return keyDigest === null ? null : `${forceCode}\0${keyDigest.toString('latin1')}`;
}

/** The same request again: whoever asks gets the same version. */
export function sameRequest(a: Incoming, b: Incoming): boolean {
  if (a.version !== b.version || !a.digest.equals(b.digest)) return false;
  return a.keyDigest === null
    ? b.keyDigest === null
    : b.keyDigest !== null && a.keyDigest.equals(b.keyDigest);
}
