import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { BlindIndex, PupilIndexKind } from '../sealing/blind-index.js';

export interface StoredEntry {
  id: string;
  settingUrn: string;
  identity: Buffer;
  contentDigest: Buffer;
  leftNotedAt: Date | null;
}

export interface EntryToStore {
  id: string;
  settingUrn: string;
  identity: Buffer;
  contentDigest: Buffer;
  sealed: Buffer;
  wrappedKey: Buffer;
  masterKeyVersion: number;
  startsOn: string | null;
  endsOn: string | null;
  partTime: boolean;
  index: readonly (BlindIndex & { kind: PupilIndexKind })[];
}

export interface FoundEntry {
  id: string;
  urn: string;
  kind: PupilIndexKind;
  digest: Buffer;
  sealed: Buffer;
  wrappedKey: Buffer;
  masterKeyVersion: number;
  startsOn: string | null;
  endsOn: string | null;
  suspected: boolean;
}

/** Rolls as rows. Nothing in them says who a child is without the keys outside the database. */
@Injectable()
export class RollRows {
  /** One import of a roll at a time; the second waits for the first. */
  async lock(tx: Tx): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('firstbell import roll'))`);
  }

  async exists(tx: Tx): Promise<boolean> {
    return (await tx.query(`SELECT 1 FROM roll_entry LIMIT 1`)).length > 0;
  }

  /** Whether any child of this setting comes on some days only. */
  async hasPartTime(tx: Tx, urn: string): Promise<boolean> {
    const rows = await tx.query(`SELECT 1 FROM roll_entry WHERE setting_urn = $1 AND part_time LIMIT 1`, [
      urn,
    ]);
    return rows.length > 0;
  }

  /** @param identities digests under every index key, so that a rotation makes no second line of a child */
  async stored(tx: Tx, urns: readonly string[], identities: readonly Buffer[]): Promise<StoredEntry[]> {
    return tx.query<StoredEntry>(
      `SELECT id, setting_urn AS "settingUrn", identity, content_digest AS "contentDigest", left_noted_at AS "leftNotedAt"
       FROM roll_entry WHERE setting_urn = ANY($1) AND identity = ANY($2)`,
      [urns, identities],
    );
  }

  /** New lines, and changed ones in place of what they were: a new key each, so that the old text is gone for good. */
  async store(tx: Tx, entries: readonly EntryToStore[], at: Date): Promise<void> {
    if (entries.length === 0) return;
    const column = <T>(pick: (entry: EntryToStore) => T): T[] => entries.map(pick);
    const ids = column(({ id }) => id);
    await tx.execute(`DELETE FROM roll_index WHERE entry_id = ANY($1)`, [ids]);
    await tx.execute(
      `INSERT INTO roll_entry (id, setting_urn, identity, content_digest, sealed, starts_on, ends_on, part_time, imported_at)
       SELECT *, $9 FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[], $5::bytea[], $6::date[], $7::date[], $8::boolean[])
       ON CONFLICT (id) DO UPDATE SET identity = EXCLUDED.identity, content_digest = EXCLUDED.content_digest,
         sealed = EXCLUDED.sealed, starts_on = EXCLUDED.starts_on, ends_on = EXCLUDED.ends_on, part_time = EXCLUDED.part_time,
         left_noted_at = NULL, suspected_at = NULL, imported_at = EXCLUDED.imported_at`,
      [
        ids,
        column(({ settingUrn }) => settingUrn),
        column(({ identity }) => identity),
        column(({ contentDigest }) => contentDigest),
        column(({ sealed }) => sealed),
        column(({ startsOn }) => startsOn),
        column(({ endsOn }) => endsOn),
        column(({ partTime }) => partTime),
        at,
      ],
    );
    await tx.execute(
      `INSERT INTO routing_key (row_id, wrapped_key, master_key_version)
       SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::int[])
       ON CONFLICT (row_id) DO UPDATE SET wrapped_key = EXCLUDED.wrapped_key, master_key_version = EXCLUDED.master_key_version`,
      [ids, column(({ wrappedKey }) => wrappedKey), column(({ masterKeyVersion }) => masterKeyVersion)],
    );
    const index = entries.flatMap(({ id, index: values }) => values.map((one) => ({ id, ...one })));
    await tx.execute(
      `INSERT INTO roll_index (entry_id, kind, key_version, digest)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bytea[])`,
      [
        index.map(({ id }) => id),
        index.map(({ kind }) => kind),
        index.map(({ keyVersion }) => keyVersion),
        index.map(({ digest }) => digest),
      ],
    );
  }

  /** Back on the roll, as the file had it before. */
  async back(tx: Tx, entries: readonly { id: string; endsOn: string | null }[]): Promise<void> {
    await tx.execute(
      `UPDATE roll_entry r SET ends_on = row.ends_on, left_noted_at = NULL
       FROM unnest($1::uuid[], $2::date[]) AS row(id, ends_on) WHERE r.id = row.id`,
      [entries.map(({ id }) => id), entries.map(({ endsOn }) => endsOn)],
    );
  }

  /** Per setting: lines that count today, and those of them that the file no longer has. */
  async missing(
    tx: Tx,
    urns: readonly string[],
    seen: readonly string[],
    today: string,
  ): Promise<{ urn: string; current: number; missing: string[] }[]> {
    return tx.query(
      `SELECT r.setting_urn AS urn, count(*)::int AS current,
         coalesce(array_agg(r.id::text) FILTER (WHERE s.id IS NULL), '{}') AS missing
       FROM roll_entry r LEFT JOIN unnest($2::uuid[]) AS s(id) ON s.id = r.id
       WHERE r.setting_urn = ANY($1) AND (r.ends_on IS NULL OR r.ends_on >= $3) GROUP BY r.setting_urn`,
      [urns, seen, today],
    );
  }

  /** Gone since some day between two files: the day before this one is the last that is certain not to be too early. */
  async endDate(tx: Tx, ids: readonly string[], lastDay: string, at: Date): Promise<void> {
    await tx.execute(`UPDATE roll_entry SET ends_on = $2, left_noted_at = $3 WHERE id = ANY($1)`, [
      ids,
      lastDay,
      at,
    ]);
  }

  async cover(tx: Tx, urns: readonly string[], at: Date): Promise<void> {
    await tx.execute(
      `INSERT INTO roll_cover (setting_urn, imported_at) SELECT urn, $2 FROM unnest($1::text[]) AS urn
       ON CONFLICT (setting_urn) DO UPDATE SET imported_at = EXCLUDED.imported_at`,
      [urns, at],
    );
  }

  /** Notices that nobody has read, at those of these settings to which some child does not come every day, or did not. */
  async unreadNotices(tx: Tx, urns: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT n.id FROM notice n WHERE n.setting_urn = ANY($1) AND n.state IN ('routed', 'delivered') AND (n.attends IS NOT NULL
         OR EXISTS (SELECT 1 FROM roll_entry r WHERE r.setting_urn = n.setting_urn AND r.part_time)) ORDER BY n.id`,
      [urns],
    );
    return rows.map(({ id }) => id);
  }

  async find(tx: Tx, digests: readonly Buffer[]): Promise<FoundEntry[]> {
    return tx.query<FoundEntry>(
      `SELECT r.id, r.setting_urn AS urn, i.kind, i.digest, r.sealed, k.wrapped_key AS "wrappedKey",
         k.master_key_version AS "masterKeyVersion", to_char(r.starts_on, 'YYYY-MM-DD') AS "startsOn",
         to_char(r.ends_on, 'YYYY-MM-DD') AS "endsOn", r.suspected_at IS NOT NULL AS suspected
       FROM roll_index i JOIN roll_entry r ON r.id = i.entry_id JOIN routing_key k ON k.row_id = r.id
       WHERE i.digest = ANY($1) ORDER BY r.id LIMIT 200`,
      [digests],
    );
  }

  /** @param suspectedAt null: the setting is believed again. @returns how many lines changed */
  async suspect(tx: Tx, ids: readonly string[], suspectedAt: Date | null): Promise<number> {
    return tx.execute(
      `UPDATE roll_entry SET suspected_at = $2 WHERE id = ANY($1) AND (suspected_at IS NULL) = ($2::timestamptz IS NOT NULL)`,
      [ids, suspectedAt],
    );
  }

  /** Destroys the keys first: what a backup of the rows still holds cannot be read. @returns lines erased */
  async erase(tx: Tx, where: { urn?: string; leftBefore?: string }): Promise<number> {
    const gone = await tx.query<{ id: string }>(
      `SELECT id FROM roll_entry WHERE ($1::text IS NULL OR setting_urn = $1) AND ($2::date IS NULL OR ends_on < $2) FOR UPDATE`,
      [where.urn ?? null, where.leftBefore ?? null],
    );
    const ids = gone.map(({ id }) => id);
    await tx.execute(`DELETE FROM routing_key WHERE row_id = ANY($1)`, [ids]);
    await tx.execute(`DELETE FROM roll_index WHERE entry_id = ANY($1)`, [ids]);
    return tx.execute(`DELETE FROM roll_entry WHERE id = ANY($1)`, [ids]);
  }
}
