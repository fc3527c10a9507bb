import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { DeskContact } from '../presenters/authority.view-model.js';
import { shortMoment } from '../presenters/london-time.js';

const ROLES: Readonly<Record<string, string>> = { dsl: 'DSL', deputy: 'Deputy DSL', head: 'Head' };

interface ContactRow {
  id: string;
  name: string;
  role: string;
  phone: string | null;
  told_at: Date | null;
  lost: boolean;
}

/** Whom a desk can ring about a notice. */
@Injectable()
export class DeskContacts {
  /** People of the notice's setting, in the order to ring them; never one who must not know of it, nor a shared mailbox. */
  async of(tx: Tx, noticeId: string, now: Date): Promise<DeskContact[]> {
    const rows = await tx.query<ContactRow>(
      `SELECT c.id, c.name, c.role, coalesce(c.mobile, s.telephone) AS phone,
         (SELECT max(m.accepted_at) FROM outgoing_message m WHERE m.notice_id = n.id AND m.contact_id = c.id
            AND m.state IN ('accepted', 'delivered')) AS told_at,
         EXISTS (SELECT 1 FROM outgoing_message m WHERE m.notice_id = n.id AND m.contact_id = c.id
            AND m.state IN ('bounced', 'failed')) AS lost
       FROM notice n JOIN setting s ON s.urn = n.setting_urn JOIN contact c ON c.setting_urn = n.setting_urn
       WHERE n.id = $1 AND c.archived_at IS NULL AND NOT c.shared_mailbox
         AND NOT EXISTS (SELECT 1 FROM notice_exclusion e WHERE e.notice_id = n.id AND e.contact_id = c.id)
       ORDER BY array_position(ARRAY['dsl', 'deputy', 'head'], c.role), c.name, c.id`,
      [noticeId],
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      role: ROLES[row.role] ?? row.role,
      phone: row.phone || null,
      told: toldWords(row, now),
    }));
  }
}

function toldWords(row: ContactRow, now: Date): string {
  if (row.told_at) return `message sent at ${shortMoment(row.told_at, now).words}`;
  return row.lost ? 'the message did not arrive' : 'no message sent yet';
}
