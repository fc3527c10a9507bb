// What the intake is measured against: Fastify and one INSERT of the body per request, acknowledged after the commit.
// No authentication, no validation, no sealing, no audit, no timers. Prints its address and serves until it is ended.
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

/** As many connections as the program's own pool has by default. */
const pool = new pg.Pool({ connectionString: process.env['BASELINE_DATABASE'], max: 16 });
await pool.query(
  'CREATE TABLE received (id uuid PRIMARY KEY, body jsonb NOT NULL, received_at timestamptz NOT NULL)',
);

const server = Fastify();
server.post('/v1/notifications', async (request, reply) => {
  const id = randomUUID();
  await pool.query({
    name: 'insert',
    text: 'INSERT INTO received (id, body, received_at) VALUES ($1, $2, now())',
    values: [id, request.body],
  });
  return reply.status(202).send({ id, status: 'accepted' });
});
console.log(await server.listen({ host: '127.0.0.1', port: 0 }));
process.on('SIGTERM', () => process.exit(0));
