import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { CalendarOwner } from './domain/calendar-owner.js';
import type { IsoDate } from './domain/iso-date.js';
import type { CalendarEntryToStore, EntryOrigin } from './calendars.service.js';

/** Days that one layer declared, as a person who may take them back sees them. */
export interface StoredEntry {
  id: string;
  from: IsoDate;
  to: IsoDate;
  open: boolean;
  kind: CalendarEntryToStore['kind'];
  title: string;
  source: EntryOrigin['source'];
  enteredAt: Date;
  /** The colleague who entered it on a page; null for files and commands. */
  enteredBy: string | null;
  /** Left the official list on this day, and was not deleted. */
  missingSince: Date | null;
}

/** Who keeps a layer's days, by name. */
export interface OwnerFacts {
  name: string;
  /** The setting's; the authority's own; null for trusts and nations. */
  authorityCode: string | null;
  bell: string | null;
  homeTime: string | null;
}

const ENTRY = `e.id, e.from_date::text AS "from", e.to_date::text AS "to", e.open, e.kind, e.title, e.source,
  e.imported_at AS "enteredAt", e.missing_since AS "missingSince", c.name AS "enteredBy"`;
const ENTERED = `LEFT JOIN contact c ON e.source = 'page' AND 'contact:' || c.id = e.entered_by`;

@Injectable()
export class CalendarEntries {
  /** Entries that still matter on `from` or later, in order. */
  async from(tx: Tx, { layer, key }: CalendarOwner, from: IsoDate): Promise<StoredEntry[]> {
    return tx.query<StoredEntry>(
      `SELECT ${ENTRY} FROM calendar_entry e ${ENTERED} WHERE e.layer = $1 AND e.key = $2 AND e.to_date >= $3
       ORDER BY e.from_date, e.to_date, e.title LIMIT 500`,
      [layer, key, from],
    );
  }

  async remove(tx: Tx, { layer, key }: CalendarOwner, id: string): Promise<StoredEntry | null> {
    const [entry] = await tx.query<StoredEntry>(
      `WITH e AS (DELETE FROM calendar_entry WHERE id = $1 AND layer = $2 AND key = $3 RETURNING *)
       SELECT ${ENTRY} FROM e ${ENTERED}`,
      [id, layer, key],
    );
    return entry ?? null;
  }

  /** Single days of the same owner that say the opposite: a person's newer word about a day takes their place. */
  async removeContradicting(
    tx: Tx,
    { layer, key }: CalendarOwner,
    date: IsoDate,
    open: boolean,
  ): Promise<number> {
    return tx.execute(
      `DELETE FROM calendar_entry WHERE layer = $1 AND key = $2 AND from_date = $3 AND to_date = $3 AND open <> $4`,
      [layer, key, date, open],
    );
  }

  /** @returns null when there is no such owner */
  async owner(tx: Tx, { layer, key }: CalendarOwner): Promise<OwnerFacts | null> {
    const from = {
      setting: `SELECT name, authority_code AS "authorityCode", bell, home_time AS "homeTime" FROM setting WHERE urn = $1`,
      authority: `SELECT name, code AS "authorityCode", NULL AS bell, NULL AS "homeTime" FROM authority WHERE code = $1`,
      trust: `SELECT coalesce(max(trust_name), $1) AS name, NULL AS "authorityCode", NULL AS bell, NULL AS "homeTime"
        FROM setting WHERE trust_code = $1 HAVING count(*) > 0`,
      nation: `SELECT initcap(replace($1, '-', ' ')) AS name, NULL AS "authorityCode", NULL AS bell, NULL AS "homeTime"
        WHERE $1 IN ('england', 'wales', 'scotland', 'northern-ireland')`,
    }[layer];
    const [row] = await tx.query<OwnerFacts>(from, [key]);
    return row ?? null;
  }

  /** @returns false when nothing is different */
  async setHours(tx: Tx, urn: string, bell: string, homeTime: string): Promise<boolean> {
    const changed = await tx.execute(
      `UPDATE setting SET bell = $2, home_time = $3 WHERE urn = $1 AND (bell, home_time) IS DISTINCT FROM ($2, $3)`,
      [urn, bell, homeTime],
    );
    return changed === 1;
  }

  /** Names of the layers that speak about a setting, for "which layer says so". */
  async layerNames(
    tx: Tx,
    urn: string,
  ): Promise<{ trust: string | null; authority: string; nation: string }> {
    const [row] = await tx.query<{ trust: string | null; authority: string; nation: string }>(
      `SELECT coalesce(s.trust_name, s.trust_code) AS trust, a.name AS authority, s.nation
       FROM setting s JOIN authority a ON a.code = s.authority_code WHERE s.urn = $1`,
      [urn],
    );
    return row ?? { trust: null, authority: '', nation: 'england' };
  }
}
