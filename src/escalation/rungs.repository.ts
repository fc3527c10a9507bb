import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { DeskStepName, RungName } from './domain/ladder-plan.js';

export type RungState = 'planned' | 'fired' | 'empty' | 'cancelled' | 'inherited';
export type LadderStep = RungName | DeskStepName;

export interface StoredRung {
  rung: LadderStep;
  role: string;
  at: Date;
  state: RungState;
  firedAt: Date | null;
  why: string | null;
  /** Contacts it was planned for; null in rows older than this column. Whom it told is decided when it fires. */
  plannedFor: string[] | null;
}

/** Rows of `rung`: what was planned, and what became of it. */
@Injectable()
export class Rungs {
  async add(tx: Tx, noticeId: string, generation: number, rungs: readonly StoredRung[]): Promise<void> {
    await tx.execute(
      `INSERT INTO rung (notice_id, generation, rung, role, at, state, fired_at, why, planned_for)
       SELECT $1, $2, rung, role, at, state, fired_at, why, string_to_array(planned_for, ',')::uuid[]
       FROM unnest($3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::timestamptz[], $8::text[], $9::text[])
         AS r(rung, role, at, state, fired_at, why, planned_for)`,
      [
        noticeId,
        generation,
        rungs.map((rung) => rung.rung),
        rungs.map((rung) => rung.role),
        rungs.map((rung) => rung.at),
        rungs.map((rung) => rung.state),
        rungs.map((rung) => rung.firedAt),
        rungs.map((rung) => rung.why),
        rungs.map((rung) => rung.plannedFor && rung.plannedFor.join(',')),
      ],
    );
  }

  async of(tx: Tx, noticeId: string, generation: number): Promise<StoredRung[]> {
    return tx.query<StoredRung>(
      `SELECT rung, role, at, state, fired_at AS "firedAt", why, planned_for AS "plannedFor" FROM rung
       WHERE notice_id = $1 AND generation = $2 ORDER BY at, array_position(${ORDER}, rung)`,
      [noticeId, generation],
    );
  }

  /** @returns false when the rung had fired already: nothing must be sent a second time */
  async settle(
    tx: Tx,
    key: { noticeId: string; generation: number; rung: string },
    state: 'fired' | 'empty',
    firedAt: Date,
    why: string,
    toldIds: readonly string[],
  ): Promise<boolean> {
    const changed = await tx.execute(
      `UPDATE rung SET state = $4, fired_at = $5, why = $6, planned_for = $7
       WHERE notice_id = $1 AND generation = $2 AND rung = $3 AND state = 'planned'`,
      [key.noticeId, key.generation, key.rung, state, firedAt, why, toldIds],
    );
    return changed === 1;
  }

  /** Every message of a fired rung was lost: it counts as empty after all. */
  async markLost(tx: Tx, key: { noticeId: string; generation: number; rung: string }): Promise<void> {
    await tx.execute(
      `UPDATE rung SET state = 'empty', why = 'every message of this rung failed'
       WHERE notice_id = $1 AND generation = $2 AND rung = $3 AND state IN ('fired', 'inherited')`,
      [key.noticeId, key.generation, key.rung],
    );
  }

  /** Of those that count as empty some message arrived after all: they stand as before, fired or taken over. */
  async arrivedLate(
    tx: Tx,
    keys: readonly { noticeId: string; generation: number; rung: string }[],
  ): Promise<void> {
    await tx.execute(
      `UPDATE rung r SET why = 'its messages arrived late', state = CASE WHEN EXISTS (
           SELECT 1 FROM rung older WHERE older.notice_id = r.notice_id AND older.rung = r.rung
             AND older.generation = r.generation - 1 AND older.state IN ('fired', 'inherited') AND older.fired_at = r.fired_at)
         THEN 'inherited' ELSE 'fired' END
       FROM unnest($1::uuid[], $2::int[], $3::text[]) AS told(notice_id, generation, rung)
       WHERE r.notice_id = told.notice_id AND r.generation = told.generation AND r.rung = told.rung AND r.state = 'empty'`,
      [keys.map((key) => key.noticeId), keys.map((key) => key.generation), keys.map((key) => key.rung)],
    );
  }

  /** Whether this rung ran before its instant, in whichever plan it ran. */
  async firedEarly(tx: Tx, noticeId: string, rung: LadderStep): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM rung WHERE notice_id = $1 AND rung = $2 AND state IN ('fired', 'empty') AND fired_at < at LIMIT 1`,
      [noticeId, rung],
    );
    return rows.length > 0;
  }

  async cancelPlanned(tx: Tx, noticeId: string): Promise<void> {
    await tx.execute(`UPDATE rung SET state = 'cancelled' WHERE notice_id = $1 AND state = 'planned'`, [
      noticeId,
    ]);
  }
}

const ORDER = `ARRAY['first', 'holiday-desk', 'deadline-moved', 'reminder', 'deputies', 'head', 'desk', 'holiday-missed', 'missed']`;
