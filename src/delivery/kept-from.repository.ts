import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { ContactChannel } from './domain/contact-channel.js';

/**
 * Whether a message `m` (notice_id, contact_id, channel) must not be sent: its contact must not know of the notice, in this post or as
 * a person; or somebody who must not know, as a person, has the same address in any post. As the plan has it (`conflictsOf`): in
 * whatever state the address is, but not where that post has ended. It may have been planned before they were excluded.
 */
export const KEPT_FROM = `EXISTS (
  SELECT 1 FROM notice_exclusion e JOIN contact x ON x.id = e.contact_id JOIN contact self ON self.id = m.contact_id
  WHERE e.notice_id = m.notice_id AND (x.id = self.id OR (NOT e.of_post AND (x.person_id = self.person_id OR EXISTS (
    SELECT 1 FROM contact post WHERE (post.id = x.id OR post.person_id = x.person_id) AND post.archived_at IS NULL
      AND CASE WHEN m.channel = 'email' THEN lower(trim(post.email)) = lower(trim(self.email))
        ELSE trim(post.mobile) = trim(self.mobile) END)))))`;

/** Who must not be sent anything about a notice, whatever was planned. */
@Injectable()
export class KeptFrom {
  /** @returns those of the notices that nobody may tell this contact of in this way */
  async of(
    tx: Tx,
    { contactId, channel }: ContactChannel,
    noticeIds: readonly string[],
  ): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(
      `SELECT m.notice_id AS id FROM (SELECT unnest($1::uuid[]) AS notice_id, $2::uuid AS contact_id, $3::text AS channel) AS m
       WHERE ${KEPT_FROM}`,
      [noticeIds, contactId, channel],
    );
    return new Set(rows.map(({ id }) => id));
  }
}
