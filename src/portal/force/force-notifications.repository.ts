import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { NoticeState } from '../../notices/domain/state.js';

export const NOTIFICATIONS_PER_PAGE = 50;
const REFUSED_SHOWN = 100;

export interface ForceNotificationRow {
  id: string;
  forceReference: string;
  version: number;
  receivedAt: Date;
  retractedAt: Date | null;
  test: boolean;
}

export interface ForceNoticeRow {
  notificationId: string;
  childReference: string;
  recipient: string | null;
  state: NoticeState;
  /** The setting said that the child is not its pupil. */
  notTheirs: boolean;
  deliveredAt: Date | null;
  acknowledgedAt: Date | null;
  actionedAt: Date | null;
}

export interface RefusedRow {
  forceReference: string;
  at: Date;
  status: number;
  codes: string[];
  times: number;
}

/** What a force may see of its own notifications: no sealed text is ever opened here, and nobody is named. */
@Injectable()
export class ForceNotifications {
  async name(tx: Tx, forceCode: string): Promise<string> {
    const [row] = await tx.query<{ name: string }>(`SELECT name FROM force WHERE code = $1`, [forceCode]);
    return row?.name ?? forceCode;
  }

  /** One more than a page, newest first. @param before the last one of the page before */
  async page(
    tx: Tx,
    forceCode: string,
    reference: string,
    before: string | null,
  ): Promise<ForceNotificationRow[]> {
    return tx.query<ForceNotificationRow>(
      `SELECT id, force_reference AS "forceReference", version, received_at AS "receivedAt", retracted_at AS "retractedAt", test
       FROM notification WHERE force_code = $1 AND ($2 = '' OR force_reference = $2)
         AND ($3::uuid IS NULL OR (received_at, id) < (SELECT at.received_at, at.id FROM notification at WHERE at.id = $3))
       ORDER BY received_at DESC, id DESC LIMIT ${NOTIFICATIONS_PER_PAGE + 1}`,
      [forceCode, reference, before],
    );
  }

  async notices(tx: Tx, notificationIds: readonly string[]): Promise<ForceNoticeRow[]> {
    return tx.query<ForceNoticeRow>(
      `SELECT n.notification_id AS "notificationId", n.child_reference AS "childReference",
         coalesce(s.name || ', URN ' || s.urn, d.name) AS recipient, n.state, n.delivered_at AS "deliveredAt",
         n.acknowledged_at AS "acknowledgedAt", n.actioned_at AS "actionedAt",
         coalesce(n.redirect_reason = 'not-our-pupil', false) AS "notTheirs"
       FROM notice n LEFT JOIN setting s ON s.urn = n.setting_urn LEFT JOIN desk d ON d.id = n.desk_id
       WHERE n.notification_id = ANY($1) ORDER BY n.child_reference, n.version, n.routed_at NULLS LAST, n.id`,
      [notificationIds],
    );
  }

  async refused(tx: Tx, forceCode: string, reference: string): Promise<RefusedRow[]> {
    return tx.query<RefusedRow>(
      `SELECT force_reference AS "forceReference", last_refused_at AS at, status, codes, times FROM refused_notification
       WHERE force_code = $1 AND mended_at IS NULL AND ($2 = '' OR force_reference = $2)
       ORDER BY last_refused_at DESC LIMIT ${REFUSED_SHOWN}`,
      [forceCode, reference],
    );
  }
}
