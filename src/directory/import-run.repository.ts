import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { ImportOutcome, ImportRun, ImportState } from './domain/import-run.js';

const RUN = `r.id, r.kind, r.layer, r.key, r.state, r.bytes::int AS bytes, r.rows_read AS "rowsRead",
  r.allow_closures AS "allowClosures", r.outcome, r.started_by AS "startedBy", p.name AS "startedByName",
  r.created_at AS "createdAt", r.started_at AS "startedAt", r.finished_at AS "finishedAt"`;
const FROM = `import_run r LEFT JOIN person p ON 'person:' || p.id = r.started_by`;

/** Imports as rows: what is asked for, how far it is, how it ended. */
@Injectable()
export class ImportRunRows {
  async add(
    tx: Tx,
    run: Pick<ImportRun, 'id' | 'kind' | 'layer' | 'key' | 'bytes'>,
    at: Date,
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO import_run (id, kind, layer, key, state, bytes, started_by, created_at)
       VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7)`,
      [run.id, run.kind, run.layer, run.key, run.bytes, tx.actor.name, at],
    );
  }

  async find(tx: Tx, id: string): Promise<ImportRun | null> {
    const [run] = await tx.query<ImportRun>(`SELECT ${RUN} FROM ${FROM} WHERE r.id = $1`, [id]);
    return run ?? null;
  }

  async newest(tx: Tx, limit: number): Promise<ImportRun[]> {
    return tx.query<ImportRun>(`SELECT ${RUN} FROM ${FROM} ORDER BY r.created_at DESC, r.id DESC LIMIT $1`, [
      limit,
    ]);
  }

  async progress(tx: Tx, id: string, rowsRead: number): Promise<void> {
    await tx.execute(`UPDATE import_run SET rows_read = $2 WHERE id = $1 AND state = 'running'`, [
      id,
      rowsRead,
    ]);
  }

  /** @returns false when the run is not in one of the states expected: somebody else was first */
  async move(
    tx: Tx,
    id: string,
    from: readonly ImportState[],
    to: ImportState,
    set: { at: Date; outcome?: ImportOutcome | null; allowClosures?: boolean },
  ): Promise<boolean> {
    const changed = await tx.execute(
      `UPDATE import_run SET state = $3, outcome = coalesce($4::jsonb, outcome), allow_closures = allow_closures OR $5,
         started_at = CASE WHEN $3 = 'running' THEN $6 ELSE started_at END,
         rows_read = CASE WHEN $3 = 'running' THEN 0 ELSE rows_read END,
         finished_at = CASE WHEN $3 IN ('done', 'refused', 'failed', 'cancelled') THEN $6 ELSE finished_at END
       WHERE id = $1 AND state = ANY($2)`,
      [id, from, to, set.outcome ? JSON.stringify(set.outcome) : null, set.allowClosures ?? false, set.at],
    );
    return changed === 1;
  }
}
