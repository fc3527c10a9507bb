import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { Finding } from './domain/finding.js';

/** The latest round of the auditor, of whichever process. Real instants. */
export interface AuditRun {
  startedAt: Date | null;
  finishedAt: Date | null;
  findings: Finding[];
  pingedAt: Date | null;
  pingError: string | null;
}

/** A round that takes longer than this was killed: another process takes the turn. */
export const TURN_SECONDS = 50;

@Injectable()
export class AuditRuns {
  /** @returns false when another process has looked, or looks, within the last turn */
  async takeTurn(tx: Tx, realNow: Date, evenIfRecent: boolean): Promise<boolean> {
    const taken = await tx.execute(
      `UPDATE watch_run SET started_at = $1 WHERE only_row AND ($2 OR started_at IS NULL OR started_at <= $3)`,
      [realNow, evenIfRecent, new Date(realNow.getTime() - TURN_SECONDS * 1_000)],
    );
    return taken === 1;
  }

  async askProbe(tx: Tx, id: string, realNow: Date): Promise<void> {
    await tx.execute(`DELETE FROM watch_probe WHERE asked_at < $1`, [
      new Date(realNow.getTime() - 3_600_000),
    ]);
    await tx.execute(`INSERT INTO watch_probe (id, asked_at) VALUES ($1, $2)`, [id, realNow]);
  }

  async answerProbe(tx: Tx, id: string, realNow: Date): Promise<void> {
    await tx.execute(`UPDATE watch_probe SET answered_at = $2 WHERE id = $1 AND answered_at IS NULL`, [
      id,
      realNow,
    ]);
  }

  async probeAnswered(tx: Tx, id: string): Promise<boolean> {
    const rows = await tx.query(`SELECT 1 FROM watch_probe WHERE id = $1 AND answered_at IS NOT NULL`, [id]);
    return rows.length > 0;
  }

  async finish(tx: Tx, realNow: Date, findings: readonly Finding[]): Promise<void> {
    await tx.execute(`UPDATE watch_run SET finished_at = $1, findings = $2 WHERE only_row`, [
      realNow,
      JSON.stringify(findings),
    ]);
  }

  async pinged(tx: Tx, realNow: Date, error: string | null): Promise<void> {
    await tx.execute(
      `UPDATE watch_run SET pinged_at = CASE WHEN $2::text IS NULL THEN $1 ELSE pinged_at END, ping_error = $2 WHERE only_row`,
      [realNow, error],
    );
  }

  async latest(tx: Tx): Promise<AuditRun> {
    const [row] = await tx.query<AuditRun>(
      `SELECT started_at AS "startedAt", finished_at AS "finishedAt", findings, pinged_at AS "pingedAt", ping_error AS "pingError"
       FROM watch_run WHERE only_row`,
    );
    return row ?? { startedAt: null, finishedAt: null, findings: [], pingedAt: null, pingError: null };
  }
}
