import type { FastifyRequest } from 'fastify';
import { sessionOf } from '../../identity/staff/staff-access.js';
import { actorFor, type Post } from '../../identity/staff/sessions.service.js';
import type { KeeperPost } from '../../directory/place-keeping.service.js';

type ContactPost = Extract<Post, { contactId: string }>;

/** The signed-in school or desk contact as somebody who keeps contacts. */
export function keeperOf(request: FastifyRequest): {
  keeper: KeeperPost;
  post: ContactPost;
  ownPlace: string;
} {
  const session = sessionOf(request);
  const post = session.post as ContactPost;
  const keeper = { actor: actorFor(session), contactId: post.contactId };
  return { keeper, post, ownPlace: post.kind === 'school' ? post.urn : post.deskId };
}

/** A text field of a form. */
export function field(form: Record<string, unknown> | undefined, name: string): string {
  const value = form?.[name];
  return typeof value === 'string' ? value.trim() : '';
}
