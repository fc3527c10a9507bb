import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../common/actor.js';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { actorFor, type Post } from '../../identity/staff/sessions.service.js';

export type DeskPost = Extract<Post, { kind: 'desk' }>;

/** Which notices are an officer's business: those of the authority of the officer's desk; the operator's desk has the rest. */
export interface DeskScope {
  readonly actor: Actor;
  readonly contactId: string;
  readonly deskId: string;
  readonly deskKind: string;
  /** Null at the operator's desk. */
  readonly authorityCode: string | null;
  /** The desk's own name. */
  readonly place: string;
}

export function deskScopeOf(request: FastifyRequest): { scope: DeskScope; post: DeskPost; name: string } {
  const session = sessionOf(request);
  const post = session.post as DeskPost;
  const { contactId, deskId, desk: deskKind, authorityCode, place } = post;
  const scope = { actor: actorFor(session), contactId, deskId, deskKind, authorityCode, place };
  return { scope, post, name: session.name };
}

/**
 * The condition on `notice n` of everything that an officer's pages read, with the values of its parameters ($1 ...).
 * Row-level security keeps authorities apart by itself; an authority's officer would also be shown notices of children who only
 * live there, and the operator's desk works with the system's scope: this narrows both.
 */
export function scopeCondition(scope: DeskScope): { where: string; values: unknown[] } {
  if (scope.authorityCode !== null) return { where: 'n.authority_code = $1', values: [scope.authorityCode] };
  return {
    where: `(n.desk_id = $1 OR n.authority_code IS NULL
        OR NOT EXISTS (SELECT 1 FROM desk own WHERE own.authority_code = n.authority_code))
      AND ${notExcluded('n.id', '$2')}`,
    values: [scope.deskId, scope.contactId],
  };
}

/**
 * For the operator's desk, whose system's scope no policy narrows: in none of their posts may the officer know of the notice.
 * @param contact the officer's contact id, as a parameter ($n)
 */
export function notExcluded(noticeId: string, contact: string): string {
  return `NOT EXISTS (SELECT 1 FROM notice_exclusion e JOIN contact c ON c.id = e.contact_id WHERE e.notice_id = ${noticeId}
        AND (c.id = ${contact} OR (NOT e.of_post AND c.person_id = (SELECT self.person_id FROM contact self WHERE self.id = ${contact}))))`;
}

/** On `notice n`: a desk's own, for its officers to read (a child without a setting), with no bell to read it by. */
export const DESK_OWN = `coalesce((SELECT coalesce((SELECT r.desk FROM routing_decision r WHERE r.notice_id = n.id AND r.decision = 'desk'
    ORDER BY r.at DESC LIMIT 1), kept.kind) IN ('home-education', 'early-years') FROM desk kept WHERE kept.id = n.desk_id), false)`;
