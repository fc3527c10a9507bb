import { Injectable } from '@nestjs/common';
import { newId, newReference } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import { notTold, type ContactFacts, type NotTold } from './domain/not-told.js';
import { TEST_FORCE } from './domain/test-content.js';
import type { RunningTest } from './domain/test-end.js';

export interface TestToKeep {
  urn: string;
  authorityCode: string;
  forceReference: string;
  /** Canonical text, sealed under the notification's own key. */
  sealed: {
    notificationId: string;
    versionId: string;
    ciphertext: Buffer;
    wrappedKey: Buffer;
    masterKeyVersion: number;
  };
  digest: Buffer;
  now: Date;
  scheduled: boolean;
}

export interface FailedAddress {
  name: string;
  role: string;
  channel: 'email' | 'sms';
  code: string | null;
}

export interface TestReport {
  noticeId: string;
  reference: string;
  urn: string;
  settingName: string;
  sentAt: Date;
  scheduled: boolean;
  state: string;
  acknowledgeBy: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  acknowledgedRole: string | null;
  /** The last step that had fired when somebody answered, or when the test ended. */
  rung: string | null;
  endedAt: Date | null;
  failed: FailedAddress[];
  /** Addresses of the setting that were known not to work: no message was made, so none failed. */
  notTold: NotTold[];
  /** The ladder began, and there was nobody at the setting to send anything to. */
  nobodyTold: boolean;
}

type ReportRow = Omit<TestReport, 'notTold'> & { channels: string[]; sent: string[] };

export interface SettingToTest {
  urn: string;
  name: string;
  authorityCode: string;
}

interface ContactRow {
  urn: string;
  id: string;
  name: string;
  role: string;
  createdAt: Date;
  email: boolean;
  mobile: boolean;
  emailVerifiedAt: Date | null;
  emailBouncedAt: Date | null;
  mobileVerifiedAt: Date | null;
  mobileFailedAt: Date | null;
}

/** The rows that intake would write, marked as a test; and what became of them. */
@Injectable()
export class TestNoticeRows {
  async setting(tx: Tx, urn: string): Promise<SettingToTest | null> {
    const [row] = await tx.query<SettingToTest>(
      `SELECT urn, name, authority_code AS "authorityCode" FROM setting
       WHERE urn = $1 AND status IN ('open', 'proposed-to-close') AND routable`,
      [urn],
    );
    return row ?? null;
  }

  async settingsOf(tx: Tx, authorityCode: string): Promise<SettingToTest[]> {
    return tx.query<SettingToTest>(
      `SELECT s.urn, s.name, s.authority_code AS "authorityCode" FROM setting s JOIN authority a ON a.code = s.authority_code AND a.served
       WHERE s.authority_code = $1 AND s.status IN ('open', 'proposed-to-close') AND s.routable
         AND EXISTS (SELECT 1 FROM contact c WHERE c.setting_urn = s.urn AND c.archived_at IS NULL) ORDER BY s.urn`,
      [authorityCode],
    );
  }

  /** @returns true when a test of this setting has not ended yet */
  async isRunning(tx: Tx, urn: string): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM test_notice WHERE setting_urn = $1 AND ended_at IS NULL LIMIT 1`,
      [urn],
    );
    return rows.length > 0;
  }

  /** @returns the notice's id */
  async keep(tx: Tx, test: TestToKeep): Promise<{ noticeId: string; reference: string }> {
    const { sealed, now } = test;
    await tx.execute(
      `INSERT INTO force (code, name, created_at) VALUES ($1, 'Firstbell test notices (no police force)', $2)
       ON CONFLICT (code) DO NOTHING`,
      [TEST_FORCE, now],
    );
    await tx.execute(
      `INSERT INTO notification (id, force_code, force_reference, version, category, risk, received_at, test)
       VALUES ($1, $2, $3, 1, 'domestic-abuse', 'medium', $4, true)`,
      [sealed.notificationId, TEST_FORCE, test.forceReference, now],
    );
    await tx.execute(
      `INSERT INTO notification_version (id, notification_id, version, received_at, content_digest, digest_key_version, warnings, correlation_id)
       VALUES ($1, $2, 1, $3, $4, $5, '[]', $6)`,
      [
        sealed.versionId,
        sealed.notificationId,
        now,
        test.digest,
        test.digest.readUInt16BE(0),
        tx.correlationId,
      ],
    );
    await tx.execute(
      `INSERT INTO sealed_key (notification_id, wrapped_key, master_key_version) VALUES ($1, $2, $3)`,
      [sealed.notificationId, sealed.wrappedKey, sealed.masterKeyVersion],
    );
    await tx.execute(
      `INSERT INTO sealed_text (id, notification_id, kind, ciphertext, created_at) VALUES ($1, $2, 'notification', $3, $4)`,
      [sealed.versionId, sealed.notificationId, sealed.ciphertext, now],
    );
    const [childId, noticeId, reference] = [newId(), newId(), newReference()];
    await tx.execute(`INSERT INTO child (id, notification_id, reference) VALUES ($1, $2, '1')`, [
      childId,
      sealed.notificationId,
    ]);
    await tx.execute(
      `INSERT INTO notice (id, reference, notification_id, version, child_id, child_reference, force_code, risk, test, state, received_at)
       VALUES ($1, $2, $3, 1, $4, '1', $5, 'medium', true, 'received', $6)`,
      [noticeId, reference, sealed.notificationId, childId, TEST_FORCE, now],
    );
    await tx.execute(
      `INSERT INTO test_notice (notification_id, setting_urn, authority_code, sent_at, sent_by, scheduled) VALUES ($1, $2, $3, $4, $5, $6)`,
      [sealed.notificationId, test.urn, test.authorityCode, now, tx.actor.name, test.scheduled],
    );
    return { noticeId, reference };
  }

  async openNotices(tx: Tx, notificationId: string): Promise<(RunningTest & { id: string })[]> {
    return tx.query(
      `SELECT id, acknowledge_by AS "acknowledgeBy", holiday_by AS "holidayBy", acknowledged_at AS "acknowledgedAt"
       FROM notice WHERE notification_id = $1
         AND state IN ('received', 'routing', 'routed', 'triage', 'delivered', 'acknowledged', 'actioned') ORDER BY id`,
      [notificationId],
    );
  }

  async ended(tx: Tx, notificationId: string, now: Date): Promise<void> {
    await tx.execute(`UPDATE test_notice SET ended_at = $2 WHERE notification_id = $1 AND ended_at IS NULL`, [
      notificationId,
      now,
    ]);
  }

  async reports(
    tx: Tx,
    where: { urn: string } | { authorityCode: string },
    now: Date,
  ): Promise<TestReport[]> {
    const [column, value] =
      'urn' in where ? ['setting_urn', where.urn] : ['authority_code', where.authorityCode];
    const rows = await tx.query<ReportRow>(
      `SELECT n.id AS "noticeId", n.reference, t.setting_urn AS urn, s.name AS "settingName", t.sent_at AS "sentAt", t.scheduled,
         n.state, n.acknowledge_by AS "acknowledgeBy", n.acknowledged_at AS "acknowledgedAt", a.name AS "acknowledgedBy",
         a.role AS "acknowledgedRole", t.ended_at AS "endedAt",
         (SELECT r.rung FROM rung r WHERE r.notice_id = n.id AND r.state = 'fired'
            AND r.fired_at <= coalesce(n.acknowledged_at, t.ended_at, r.fired_at) ORDER BY r.fired_at DESC, r.at DESC LIMIT 1) AS rung,
         coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('name', c.name, 'role', c.role, 'channel', m.channel, 'code', m.error_code))
            FROM outgoing_message m JOIN contact c ON c.id = m.contact_id
            WHERE m.notice_id = n.id AND m.state IN ('bounced', 'failed')), '[]') AS failed,
         coalesce(n.policy->'channels', '["email"]') AS channels,
         ARRAY(SELECT m.contact_id || ' ' || m.channel FROM outgoing_message m WHERE m.notice_id = n.id) AS sent,
         EXISTS (SELECT 1 FROM rung r WHERE r.notice_id = n.id AND r.role <> 'desk' AND r.state IN ('fired', 'empty'))
           AND NOT EXISTS (SELECT 1 FROM outgoing_message m JOIN contact c ON c.id = m.contact_id
           WHERE m.notice_id = n.id AND c.setting_urn = t.setting_urn) AS "nobodyTold"
       FROM test_notice t JOIN setting s ON s.urn = t.setting_urn
         JOIN notice n ON n.notification_id = t.notification_id AND n.setting_urn = t.setting_urn
         LEFT JOIN contact a ON a.id = n.acknowledged_by
       WHERE t.${column} = $1 ORDER BY t.sent_at DESC, t.setting_urn LIMIT 200`,
      [value],
    );
    const contacts = await this.contactsOf(tx, [...new Set(rows.map(({ urn }) => urn))]);
    return rows.map(({ channels, sent, ...report }) => {
      const run = { until: report.endedAt ?? now, channels, sent };
      return { ...report, notTold: notTold(contacts.get(report.urn) ?? [], run) };
    });
  }

  private async contactsOf(tx: Tx, urns: readonly string[]): Promise<Map<string, ContactFacts[]>> {
    const rows = await tx.query<ContactRow>(
      `SELECT setting_urn AS urn, id, name, role, created_at AS "createdAt", email IS NOT NULL AS email, mobile IS NOT NULL AS mobile,
         email_verified_at AS "emailVerifiedAt", email_bounced_at AS "emailBouncedAt",
         mobile_verified_at AS "mobileVerifiedAt", mobile_failed_at AS "mobileFailedAt"
       FROM contact WHERE setting_urn = ANY($1) AND archived_at IS NULL
       ORDER BY array_position(ARRAY['dsl', 'deputy', 'head'], role), name, id`,
      [urns],
    );
    const contacts = new Map<string, ContactFacts[]>();
    for (const row of rows) contacts.set(row.urn, [...(contacts.get(row.urn) ?? []), factsOf(row)]);
    return contacts;
  }
}

function factsOf(row: ContactRow): ContactFacts {
  const { id, name, role, createdAt } = row;
  const email = { channel: 'email', verifiedAt: row.emailVerifiedAt, failedAt: row.emailBouncedAt } as const;
  const mobile = { channel: 'sms', verifiedAt: row.mobileVerifiedAt, failedAt: row.mobileFailedAt } as const;
  const addresses = [...(row.email ? [email] : []), ...(row.mobile ? [mobile] : [])];
  return { id, name, role, createdAt, addresses };
}
