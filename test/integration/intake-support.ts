import { systemActor } from '../../src/common/actor.js';
import type { Database } from '../../src/database/database.js';
import {
  ForceClients,
  type ForceClientCredentials,
} from '../../src/identity/police/force-clients.service.js';
import type { TestApp } from '../support/app.js';
import type { NotificationJson } from '../support/notification-json.js';

/** A force of the test and a system of it, with a token. */
export interface TestForce {
  code: string;
  client: ForceClientCredentials;
  token: string;
}

export async function requestToken(
  app: Pick<TestApp, 'fetch'>,
  { clientId, clientSecret }: ForceClientCredentials,
  scope?: string,
): Promise<Response> {
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return app.fetch('/oauth/token', {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) }),
  });
}

export async function addForce(
  app: Pick<TestApp, 'fetch' | 'get' | 'db'>,
  code: string,
  mailbox = `${code.toLowerCase()}@force.example`,
): Promise<TestForce> {
  await app.db.inspect(
    `INSERT INTO force (code, name, mailbox, created_at) VALUES ($1, $2, $3, now()) ON CONFLICT DO NOTHING`,
    [code, `Force ${code}`, mailbox],
  );
  const client = await app.get(ForceClients, { strict: false }).add({ force: code });
  const answer = await requestToken(app, client);
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return { code, client, token };
}

export interface PostOptions {
  key?: string;
  token?: string | null;
  headers?: Record<string, string>;
}

/** Posts a notification, or any text, as the given force. */
export function post(
  app: Pick<TestApp, 'fetch'>,
  force: Pick<TestForce, 'token'>,
  body: NotificationJson | Record<string, unknown> | string,
  { key, token = force.token, headers = {} }: PostOptions = {},
): Promise<Response> {
  return app.fetch('/v1/notifications', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export interface KeptBody {
  id: string;
  forceReference: string;
  version: number;
  status: string;
  receivedAt: string;
  warnings: { pointer: string; code: string; detail: string }[];
  links: { self: string };
}

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  instance: string;
  errors?: { pointer: string; code: string; detail: string }[];
}

export const kept = async (answer: Response): Promise<KeptBody> => (await answer.json()) as KeptBody;
export const problem = async (answer: Response): Promise<ProblemBody> => (await answer.json()) as ProblemBody;

/** One value of the stored rows, past row-level security. */
export async function count(
  app: Pick<TestApp, 'db'>,
  sql: string,
  parameters: unknown[] = [],
): Promise<number> {
  const [row] = await app.db.inspect<{ count: string }>(`SELECT count(*) ${sql}`, parameters);
  return Number(row?.count);
}

/** Enough of an area for routing to end somewhere: the operator's desk. */
export async function addOperatorDesk(database: Database): Promise<void> {
  await database.transaction(systemActor('test'), (tx) =>
    tx.execute(
      `INSERT INTO desk (id, kind, name) VALUES (gen_random_uuid(), 'operator', 'Operator') ON CONFLICT DO NOTHING`,
    ),
  );
}
