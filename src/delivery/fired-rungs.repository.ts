import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { LOST_STATES } from './domain/message-state.js';
import type { Channel } from './domain/recipient.js';

/** One rung of one plan of a notice. */
export interface RungOf {
  noticeId: string;
  generation: number;
  rung: string;
}

/**
 * The messages of a rung, over all generations that have it from one firing: a new plan takes a fired rung over with what it has not
 * sent yet, and leaves behind what was sent. Where the rung was planned afresh, another firing begins.
 */
@Injectable()
export class FiredRungs {
  /**
   * @returns true when nobody was told by this rung and nobody is about to be: every message is lost, late, or held back from a
   * person excluded since
   */
  async isLost(tx: Tx, { noticeId, generation, rung }: RungOf): Promise<boolean> {
    const [row] = await tx.query<{ lost: boolean }>(
      `${SAME_FIRING}
       SELECT bool_and(state = ANY($4) OR (state = 'pending' AND late_at IS NOT NULL)) AS lost FROM same_firing`,
      [noticeId, generation, rung, LOST_STATES],
    );
    return row?.lost ?? false;
  }

  /** Whether this rung has, or had, a message to this contact on this channel. */
  async told(
    tx: Tx,
    { noticeId, generation, rung }: RungOf,
    contactId: string,
    channel: Channel,
  ): Promise<boolean> {
    const rows = await tx.query(
      `${SAME_FIRING} SELECT 1 FROM same_firing WHERE contact_id = $4 AND channel = $5 LIMIT 1`,
      [noticeId, generation, rung, contactId, channel],
    );
    return rows.length > 0;
  }
}

/** $1 notice, $2 generation, $3 rung. Down to where it fired, and up to where it was planned afresh. */
const SAME_FIRING = `
  WITH RECURSIVE older(generation) AS (
    SELECT $2::int
    UNION ALL
    SELECT older.generation - 1 FROM older JOIN rung r ON r.notice_id = $1 AND r.rung = $3
      AND r.generation = older.generation AND r.state = 'inherited'),
  newer(generation) AS (
    SELECT $2::int
    UNION ALL
    SELECT newer.generation + 1 FROM newer JOIN rung r ON r.notice_id = $1 AND r.rung = $3
      AND r.generation = newer.generation + 1 AND r.state = 'inherited'),
  same_firing AS (
    SELECT * FROM outgoing_message WHERE notice_id = $1 AND rung = $3
      AND generation IN (SELECT generation FROM older UNION SELECT generation FROM newer))`;
