import type { KeptAnswer } from './intake/incoming.js';

export const addressOf = (id: string): string => `/v1/notifications/${id}`;

/** JSON of the answer to a kept notification; every repeat gets the same bytes. */
export function keptBody(answer: KeptAnswer, more = ''): string {
  const { id, forceReference, version, receivedAt, warnings } = answer;
  return (
    `{"id":"${id}","forceReference":${JSON.stringify(forceReference)},"version":${version},"status":"accepted",` +
    `"receivedAt":"${receivedAt.toISOString()}","warnings":${warnings},"links":{"self":"${addressOf(id)}"}${more}}`
  );
}
