import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import { normaliseSettingName } from '../../directory/domain/setting-name.js';
import { normaliseLaestab, normalisePostcode } from '../../directory/domain/setting.js';
import type { Candidate } from '../presenters/authority.view-model.js';

const FOUND_LIMIT = 20;
/** A few words of a long name are alike enough for a person who chooses. */
const CONTAINED_ENOUGH = '0.4';

interface SettingRow {
  urn: string;
  name: string;
  authority: string;
  own: boolean;
  street: string | null;
  town: string | null;
  postcode: string | null;
  telephone: string | null;
  rank: number;
}

const COLUMNS = `s.urn, s.name, au.name AS authority, s.authority_code IS NOT DISTINCT FROM $1 AS own, s.street, s.town, s.postcode, s.telephone`;
const OPEN = `s.status IN ('open', 'proposed-to-close')`;
const WHY = ['the same URN', 'the same LAESTAB', 'the same postcode', 'the name is alike'] as const;

/** The register as a desk searches it: open settings of every authority, the desk's own first among equals. */
@Injectable()
export class SettingSearch {
  /** @param text a URN, a LAESTAB, a postcode or a part of a name */
  async find(tx: Tx, authorityCode: string | null, text: string): Promise<Candidate[]> {
    const name = normaliseSettingName(text).core;
    await tx.query(`SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)`, [CONTAINED_ENOUGH]);
    const rows = await tx.query<SettingRow>(
      `SELECT ${COLUMNS}, CASE WHEN s.urn = $2 THEN 0 WHEN s.laestab = $3 THEN 1 WHEN replace(s.postcode, ' ', '') = $4 THEN 2
           ELSE 3 END AS rank
       FROM setting s JOIN authority au ON au.code = s.authority_code
       WHERE ${OPEN} AND s.routable AND (s.urn = $2 OR s.laestab = $3 OR replace(s.postcode, ' ', '') = $4
         OR ($5 <> '' AND (s.normalised_name % $5 OR $5 <% s.normalised_name)))
       ORDER BY rank, own DESC, similarity(s.normalised_name, $5) DESC, s.name, s.urn LIMIT ${FOUND_LIMIT}`,
      [authorityCode, text, normaliseLaestab(text), normalisePostcode(text)?.replace(' ', '') ?? null, name],
    );
    return rows.map((row) => toCandidate(row, null, [WHY[row.rank] ?? WHY[3]]));
  }
}

function toCandidate(row: SettingRow, score: number | null, reasons: string[]): Candidate {
  const place = [row.street, row.town, row.own ? null : row.authority, row.postcode];
  return {
    urn: row.urn,
    name: row.name,
    place: place.filter(Boolean).join(', '),
    phone: row.telephone || null,
    score: score === null ? null : score.toFixed(2),
    reasons,
  };
}
