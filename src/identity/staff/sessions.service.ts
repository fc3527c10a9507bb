import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { adminActor, authorityActor, settingActor, systemActor, type Actor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { present } from '../../common/present.js';
import { Database } from '../../database/database.js';

/** A school's day at most, and half a morning without a click: what is lost with a phone is soon worth nothing. */
export const SESSION_HOURS = 10;
export const SESSION_IDLE_MINUTES = 60;
const TOUCH_SECONDS = 60;

const ACTOR = systemActor('sessions');

/** One thing a person may act as. */
export type Post =
  | { kind: 'school'; contactId: string; role: string; urn: string; place: string }
  | {
      kind: 'desk';
      contactId: string;
      role: string;
      deskId: string;
      desk: string;
      authorityCode: string | null;
      place: string;
    }
  | { kind: 'force'; forceCode: string; place: string }
  | { kind: 'administrator'; place: string };

export interface Session {
  personId: string;
  name: string;
  posts: Post[];
  /** Chosen, or the only one; null until the person has chosen. */
  post: Post | null;
}

interface SessionRow {
  person_id: string;
  contact_id: string | null;
  chosen_kind: string | null;
  name: string;
  administrator: boolean;
  force_code: string | null;
  force_name: string | null;
  last_seen_at: Date;
}

/** Sessions live in PostgreSQL: the cookie holds a random token, the row its digest. Times are real time. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** @returns the cookie's value: the only copy */
  async begin(personId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const realNow = this.clock.realNow();
    await this.database.transaction(ACTOR, async (tx) => {
      await tx.execute(
        `INSERT INTO staff_session (id_digest, person_id, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)`,
        [digest(token), personId, realNow, new Date(realNow.getTime() + SESSION_HOURS * 3_600_000)],
      );
      await tx.execute(`UPDATE person SET last_signed_in_at = $2 WHERE id = $1`, [
        personId,
        this.clock.now(),
      ]);
    });
    return token;
  }

  /** @returns null for no, an unknown, an ended or an idle session, and for a person who was archived meanwhile */
  async find(token: string): Promise<Session | null> {
    return this.database.transaction(ACTOR, async (tx) => {
      const realNow = this.clock.realNow();
      const [row] = await tx.query<SessionRow>(
        `SELECT s.person_id, s.contact_id, s.chosen_kind, s.last_seen_at, p.name, p.administrator, p.force_code, f.name AS force_name
         FROM staff_session s JOIN person p ON p.id = s.person_id LEFT JOIN force f ON f.code = p.force_code
         WHERE s.id_digest = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND p.archived_at IS NULL`,
        [digest(token), realNow, new Date(realNow.getTime() - SESSION_IDLE_MINUTES * 60_000)],
      );
      if (!row) return null;
      if (realNow.getTime() - row.last_seen_at.getTime() > TOUCH_SECONDS * 1_000) {
        await tx.execute(`UPDATE staff_session SET last_seen_at = $2 WHERE id_digest = $1`, [
          digest(token),
          realNow,
        ]);
      }
      const contacts = await tx.query<ContactPostRow>(
        `SELECT c.id, c.role, c.setting_urn, c.desk_id, d.kind, d.authority_code, coalesce(s.name, d.name) AS place
         FROM contact c LEFT JOIN setting s ON s.urn = c.setting_urn LEFT JOIN desk d ON d.id = c.desk_id
         WHERE c.person_id = $1 AND c.archived_at IS NULL AND NOT c.shared_mailbox ORDER BY place, c.role, c.id`,
        [row.person_id],
      );
      const posts: Post[] = [
        ...contacts.map(toPost),
        ...(row.force_code
          ? [{ kind: 'force' as const, forceCode: row.force_code, place: row.force_name ?? row.force_code }]
          : []),
        ...(row.administrator ? [{ kind: 'administrator' as const, place: 'This installation' }] : []),
      ];
      const chosen = posts.find((post) => postId(post) === (row.contact_id ?? row.chosen_kind));
      const post = chosen ?? (posts.length === 1 ? posts[0] : null);
      return { personId: row.person_id, name: row.name, posts, post };
    });
  }

  /** @returns false when the person has no such post */
  async choosePost(token: string, session: Session, id: string): Promise<boolean> {
    const post = session.posts.find((one) => postId(one) === id);
    if (!post) return false;
    const contactId = 'contactId' in post ? post.contactId : null;
    await this.database.transaction(ACTOR, (tx) =>
      tx.execute(`UPDATE staff_session SET contact_id = $2, chosen_kind = $3 WHERE id_digest = $1`, [
        digest(token),
        contactId,
        contactId ? null : post.kind,
      ]),
    );
    return true;
  }

  async end(token: string): Promise<void> {
    await this.database.transaction(ACTOR, async (tx) => {
      const [row] = await tx.query<{ person_id: string }>(
        `DELETE FROM staff_session WHERE id_digest = $1 RETURNING person_id`,
        [digest(token)],
      );
      if (row) await this.audit.record(tx, { action: 'sign-in.ended', detail: { person: row.person_id } });
    });
  }
}

/** What a form posts to choose a post: the contact, or the kind where there is only one of it. */
export function postId(post: Post): string {
  return 'contactId' in post ? post.contactId : post.kind;
}

/** Who acts, for the record and for row-level security. @throws Error for a post that sees no notices */
export function actorFor(session: Session): Actor {
  const { post } = session;
  switch (post?.kind) {
    case 'school':
      return settingActor(post.contactId, post.urn);
    case 'desk':
      // The operator's own desk stands in for everybody: it sees what belongs to no authority.
      return post.authorityCode
        ? authorityActor(post.contactId, post.authorityCode)
        : { name: `contact:${post.contactId}`, scope: 'system' };
    case 'force':
      return { name: `person:${session.personId}`, scope: `force:${post.forceCode}` };
    case 'administrator':
      return adminActor(session.personId);
    default:
      throw new Error('no post is chosen');
  }
}

interface ContactPostRow {
  id: string;
  role: string;
  setting_urn: string | null;
  desk_id: string | null;
  kind: string;
  authority_code: string | null;
  place: string;
}

function toPost(row: ContactPostRow): Post {
  return row.setting_urn
    ? { kind: 'school', contactId: row.id, role: row.role, urn: row.setting_urn, place: row.place }
    : {
        kind: 'desk',
        contactId: row.id,
        role: row.role,
        deskId: present(row.desk_id, 'the desk'),
        desk: row.kind,
        authorityCode: row.authority_code,
        place: row.place,
      };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
