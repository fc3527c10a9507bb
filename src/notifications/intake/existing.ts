import type { PoolClient } from 'pg';
import { laneOf, type Incoming } from './incoming.js';
import type { KeptKey } from '../domain/intake-decision.js';
import type { StoredKey } from './seal-version.js';
import { CHILDREN, KEYS, LOCK, VERSIONS } from './statements.js';

export interface ExistingVersion {
  readonly version: number;
  readonly digest: Buffer;
  readonly receivedAt: Date;
  readonly warnings: string;
}

/** A notification that was kept before, locked. */
export interface Existing {
  readonly id: string;
  readonly receivedAt: Date;
  readonly key: StoredKey | null;
  readonly versions: ExistingVersion[];
  /** reference -> id */
  readonly children: Map<string, string>;
}

export interface Found {
  /** By lane. */
  readonly notifications: ReadonlyMap<string, Existing>;
  /** By `forceCode NUL digest`. */
  readonly keys: ReadonlyMap<string, KeptKey>;
}

interface LockedRow {
  id: string;
  force_code: string;
  force_reference: string;
  received_at: Date;
  wrapped_key: Buffer | null;
  master_key_version: number | null;
}
interface VersionRow {
  notification_id: string;
  version: number;
  received_at: Date;
  content_digest: Buffer;
  warnings: string;
}
interface ChildRow {
  id: string;
  notification_id: string;
  reference: string;
}
interface KeyRow {
  force_code: string;
  key_digest: Buffer;
  version: number;
  content_digest: Buffer;
}

/** Locks and reads what the given references and keys meant before; one round trip. */
export async function findExisting(
  client: PoolClient,
  items: readonly Incoming[],
  keysAfter: Date,
): Promise<Found> {
  const references = [items.map((item) => item.forceCode), items.map((item) => item.forceReference)];
  const keyed = items.filter((item) => item.keyDigest !== null);
  const [locked, versions, children, keys] = await Promise.all([
    client.query<LockedRow>({ ...LOCK, values: references }),
    client.query<VersionRow>({ ...VERSIONS, values: references }),
    client.query<ChildRow>({ ...CHILDREN, values: references }),
    client.query<KeyRow>({
      ...KEYS,
      values: [
        keyed.map((item) => item.forceCode),
        keyed.map((item) => item.keyDigest),
        keysAfter.toISOString(),
      ],
    }),
  ]);
  const byId = new Map<string, Existing>();
  const notifications = new Map<string, Existing>();
  for (const row of locked.rows) {
    const existing = existingOf(row);
    byId.set(row.id, existing);
    notifications.set(`${row.force_code}\0${row.force_reference}`, existing);
  }
  for (const row of versions.rows) {
    byId.get(row.notification_id)?.versions.push({
      version: row.version,
      digest: row.content_digest,
      receivedAt: row.received_at,
      warnings: row.warnings,
    });
  }
  for (const row of children.rows) byId.get(row.notification_id)?.children.set(row.reference, row.id);
  return {
    notifications,
    keys: new Map(
      keys.rows.map((row) => [
        `${row.force_code}\0${row.key_digest.toString('latin1')}`,
        { version: row.version, digest: row.content_digest },
      ]),
    ),
  };
}

export function existingIn(found: Found, item: Incoming): Existing | undefined {
  return found.notifications.get(laneOf(item));
}

function existingOf(row: LockedRow): Existing {
  const key =
    row.wrapped_key && row.master_key_version !== null
      ? { wrappedKey: row.wrapped_key, masterKeyVersion: row.master_key_version }
      : null;
  return { id: row.id, receivedAt: row.received_at, key, versions: [], children: new Map() };
}
