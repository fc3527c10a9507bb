import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { KeptAnswer } from './intake/incoming.js';

/** What a force learns about one notice. No narrative, no names of staff. */
export interface NoticeStatus {
  childReference: string;
  urn?: string;
  /** The kind of desk. */
  desk?: string;
  state: string;
  /** The setting said so: what the force holds about this child's school is out of date. */
  redirectReason?: 'not-our-pupil';
  deliveredAt: Date | null;
  acknowledgedAt: Date | null;
  actionedAt: Date | null;
}

const ANSWER = `SELECT n.id, n.force_reference AS "forceReference", v.version, v.received_at AS "receivedAt",
    v.warnings::text AS warnings
  FROM notification n JOIN notification_version v ON v.notification_id = n.id AND v.version = n.version`;

/** Reads within the scope of one force: row-level security shows no other force's rows. */
@Injectable()
export class NotificationStatusRows {
  async byId(tx: Tx, id: string): Promise<KeptAnswer | null> {
    const [row] = await tx.query<KeptAnswer>(`${ANSWER} WHERE n.id = $1`, [id]);
    return row ?? null;
  }

  async byReference(tx: Tx, forceCode: string, forceReference: string): Promise<KeptAnswer | null> {
    const [row] = await tx.query<KeptAnswer>(`${ANSWER} WHERE n.force_code = $1 AND n.force_reference = $2`, [
      forceCode,
      forceReference,
    ]);
    return row ?? null;
  }

  /** Those of the newest version, and of children whom it leaves out: their notices go on. */
  async notices(tx: Tx, { id, version }: KeptAnswer): Promise<NoticeStatus[]> {
    const rows = await tx.query<
      NoticeStatus & { urn: string | null; desk: string | null; notTheirs: boolean }
    >(
      `SELECT n.child_reference AS "childReference", n.setting_urn AS urn, d.kind AS desk, n.state,
         coalesce(n.redirect_reason = 'not-our-pupil', false) AS "notTheirs",
         n.delivered_at AS "deliveredAt", n.acknowledged_at AS "acknowledgedAt", n.actioned_at AS "actionedAt"
       FROM notice n LEFT JOIN desk d ON d.id = n.desk_id
       WHERE n.notification_id = $1 AND (n.version = $2 OR (n.state <> 'superseded' AND n.version = (SELECT max(last.version)
         FROM notice last WHERE last.notification_id = $1 AND last.child_reference = n.child_reference)))
       ORDER BY n.child_reference, n.id`,
      [id, version],
    );
    return rows.map(({ childReference, urn, desk, notTheirs, state, ...rest }) => ({
      childReference,
      ...(urn === null ? {} : { urn }),
      ...(desk === null ? {} : { desk }),
      state,
      ...(notTheirs ? { redirectReason: 'not-our-pupil' as const } : {}),
      ...rest,
    }));
  }
}
