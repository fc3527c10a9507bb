import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Stage } from './world.js';

/** Done jobs, also those that were cancelled, are opened again: the workers run them through the real handler. */
const RUN_AGAIN = `
  WITH picked AS (
    SELECT id, done_at FROM outbox o WHERE done_at < clock_timestamp() - interval '500 milliseconds' AND failed_at IS NULL
      AND due_at <= $1 AND NOT EXISTS (SELECT 1 FROM ran_again r WHERE r.outbox_id = o.id)
    ORDER BY done_at DESC LIMIT $2 FOR UPDATE SKIP LOCKED),
  noted AS (INSERT INTO ran_again (outbox_id, first_done_at) SELECT id, done_at FROM picked)
  UPDATE outbox SET done_at = NULL, next_attempt_at = NULL, published_at = NULL, lease_until = NULL
  FROM picked WHERE outbox.id = picked.id RETURNING outbox.id`;

const BATCH = 150;
const EVERY_MS = 400;

/** As a queue that hands out what is finished, or a restored backup: each job once more. @returns how many */
export async function runJobsAgain(stage: Stage, until: () => boolean): Promise<number> {
  let count = 0;
  while (!until()) {
    const rows = await ask(stage.superuserUrl, RUN_AGAIN, [stage.timeline.domainNow(), BATCH]);
    count += rows.length;
    await ask(stage.superuserUrl, `SELECT pg_notify('firstbell_due', '')`);
    await sleep(EVERY_MS);
  }
  return count;
}
