import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { spreadOf, type Spread } from './measure.js';
import type { AreaDatabase } from './world.js';

/** As many hands as a worker has for ladders. */
const CONNECTIONS = 4;
const LEAD_MS = 2_000;

/**
 * What the timers are held against: the same number of due instants in a table with one index; a loop that takes the next due row with
 * SKIP LOCKED, changes one row in its transaction and commits. No generation, no state, no lanes, no other process.
 * @returns seconds from the due instant until the commit
 */
export async function bareTimers(
  database: AreaDatabase,
  timers: number,
  overSeconds: number,
): Promise<Spread> {
  const pool = new pg.Pool({ connectionString: database.superuserUrl, max: CONNECTIONS });
  try {
    await pool.query('DROP TABLE IF EXISTS bare_timer');
    await pool.query(
      'CREATE TABLE bare_timer (id bigserial, due_at timestamptz NOT NULL, done_at timestamptz)',
    );
    await pool.query('CREATE INDEX ON bare_timer (due_at) WHERE done_at IS NULL');
    const from = new Date(Date.now() + LEAD_MS);
    await pool.query(
      `INSERT INTO bare_timer (due_at) SELECT $2::timestamptz + make_interval(secs => $3::float * (i - 1) / $1::int)
       FROM generate_series(1, $1::int) AS i`,
      [timers, from, overSeconds],
    );
    const late: number[] = [];
    await Promise.all(Array.from({ length: CONNECTIONS }, () => fireAll(pool, timers, late)));
    return spreadOf(late);
  } finally {
    await pool.end();
  }
}

const TAKE = {
  name: 'take',
  text: `UPDATE bare_timer SET done_at = clock_timestamp() WHERE id = (SELECT id FROM bare_timer
    WHERE done_at IS NULL AND due_at <= clock_timestamp() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING due_at`,
};

async function fireAll(pool: pg.Pool, timers: number, late: number[]): Promise<void> {
  while (late.length < timers) {
    const { rows } = await pool.query<{ due_at: Date }>(TAKE);
    if (rows[0]) late.push((Date.now() - rows[0].due_at.getTime()) / 1_000);
    else await sleep(5);
  }
}
