import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { NoticeEntity } from '../notices/notice.entity.js';

export interface Colleague {
  id: string;
  name: string;
  role: string;
}

/** Who at the notice's setting can be given something to do about it. */
@Injectable()
export class Colleagues {
  /**
   * People only, reachable by e-mail. Nobody who must not know of the notice is among them, nor is there any gap: neither they, nor
   * another post of the same person.
   */
  async of(tx: Tx, notice: NoticeEntity): Promise<Colleague[]> {
    return tx.asSystem(() =>
      tx.query<Colleague>(
        `SELECT c.id, c.name, c.role FROM contact c
         WHERE c.setting_urn = $2 AND NOT c.shared_mailbox AND c.archived_at IS NULL
           AND c.email IS NOT NULL AND c.email_verified_at IS NOT NULL AND c.email_bounced_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM notice_exclusion e JOIN contact x ON x.id = e.contact_id
             WHERE e.notice_id = $1 AND (x.id = c.id OR (NOT e.of_post AND x.person_id = c.person_id)))
         ORDER BY array_position(ARRAY['dsl', 'deputy', 'head'], c.role), c.name, c.id`,
        [notice.id, notice.settingUrn],
      ),
    );
  }
}
