import type { Warning } from './domain/warnings.js';
import type { KeptAnswer } from './intake/incoming.js';

export const addressOf = (id: string): string => `/v1/notifications/${id}`;

/** PostgreSQL keeps the members of a warning in an order of its own. */
function inOrder(warnings: string): string {
  if (warnings === '[]') return warnings;
  const list = JSON.parse(warnings) as Warning[];
  return JSON.stringify(list.map(({ pointer, code, detail }) => ({ pointer, code, detail })));
}

/** JSON of the answer to a kept notification; every repeat gets the same bytes. */
export function keptBody(answer: KeptAnswer, more = ''): string {
  const { id, forceReference, version, receivedAt, warnings } = answer;
  return (
    `{"id":"${id}","forceReference":${JSON.stringify(forceReference)},"version":${version},"status":"accepted",` +
    `"receivedAt":"${receivedAt.toISOString()}","warnings":${inOrder(warnings)},"links":{"self":"${addressOf(id)}"}${more}}`
  );
}
