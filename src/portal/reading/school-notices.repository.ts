import { Injectable } from '@nestjs/common';
import { weekdayList } from '../../calendar/domain/iso-date.js';
import type { Tx } from '../../database/database.js';
import { isAsked } from '../../notices/domain/in-school.js';
import type { NoticeEntity } from '../../notices/notice.entity.js';
import { SealedTexts } from '../../sealing/sealed-texts.js';
import type { InboxRecord } from '../presenters/inbox.presenter.js';
import { DEFAULT_GUIDANCE } from '../presenters/notice-guidance.js';
import type { NoticeRecord } from '../presenters/notice.presenter.js';
import type { ActionFormValues, GuidanceTexts } from '../presenters/notice.view-model.js';

/** How long what is done stays in the inbox. */
const DONE_DAYS = 14;
const INBOX_LIMIT = 200;

/** The furthest rung of the running generation that has fired; before the first, the first. */
export const RUNG_REACHED = `coalesce((SELECT r.rung FROM rung r
  WHERE r.notice_id = n.id AND r.generation = n.generation AND r.state IN ('fired', 'empty', 'inherited')
    AND r.rung IN ('first', 'reminder', 'deputies', 'head', 'desk', 'missed')
  ORDER BY array_position(ARRAY['first', 'reminder', 'deputies', 'head', 'desk', 'missed'], r.rung) DESC LIMIT 1), 'first')`;

/** The grade, where the force and the authority agreed that schools see it: a list must not tell what the notice withholds. */
const RISK_SHOWN = `CASE WHEN coalesce((SELECT d.profile FROM disclosure d WHERE d.force_code = n.force_code
  AND d.authority_code = n.authority_code), f.disclosure_profile) = 'minimal' THEN NULL ELSE n.risk END`;

/** `isAsked` of what is decided on: after the holidays its notice may be older than what is done. */
const ASKED = `(n.state = 'actioned' AND n.in_school_answered_at IS NULL AND n.in_school_asked_at > greatest(n.actioned_at, $2))`;

/** What a setting's people see of their own notices. Row-level security has the last word. */
@Injectable()
export class SchoolNotices {
  constructor(private readonly sealedTexts: SealedTexts) {}

  async inbox(tx: Tx, urn: string, now: Date): Promise<InboxRecord[]> {
    return tx.query<InboxRecord>(
      `SELECT n.id, n.reference, n.state, ${RISK_SHOWN} AS risk, n.received_at AS "receivedAt", n.acknowledge_by AS "acknowledgeBy",
         n.holiday_by AS "holidayBy", n.action_by AS "actionBy", n.acknowledged_at AS "acknowledgedAt", c.name AS "acknowledgedBy",
         n.acknowledged_via AS "acknowledgedVia", ${RUNG_REACHED} AS "rungReached",
         coalesce(n.received_late, false) AS "receivedLate", n.test AS "testNotice",
         (n.version > 1 AND n.acknowledged_at IS NULL) AS changed, coalesce(${ASKED}, false) AS asked
       FROM notice n JOIN force f ON f.code = n.force_code LEFT JOIN contact c ON c.id = n.acknowledged_by
       WHERE n.setting_urn = $1 AND n.acknowledge_by IS NOT NULL
         AND (n.state IN ('routed', 'delivered', 'acknowledged')
              OR (n.state IN ('actioned', 'closed', 'superseded', 'retracted') AND n.received_at > $2)
              OR ${ASKED})
       ORDER BY (n.acknowledged_at IS NOT NULL), least(n.acknowledge_by, n.holiday_by) LIMIT ${INBOX_LIMIT}`,
      [urn, new Date(now.getTime() - DONE_DAYS * 86_400_000)],
    );
  }

  /** @param contactId who is reading */
  async record(tx: Tx, notice: NoticeEntity, contactId: string): Promise<NoticeRecord> {
    const [row] = await tx.query<{
      policeReference: string;
      settingName: string;
      acknowledgedBy: string | null;
      owner: string | null;
    }>(
      // A join on coalesce() reads every contact of the country: row-level security hides from the planner that it finds one.
      `SELECT t.force_reference AS "policeReference", s.name AS "settingName", c.name AS "acknowledgedBy",
         (SELECT o.name FROM contact o WHERE o.id = coalesce(n.owner_contact_id, n.acknowledged_by)) AS owner
       FROM notice n JOIN notification t ON t.id = n.notification_id LEFT JOIN setting s ON s.urn = n.setting_urn
       LEFT JOIN contact c ON c.id = n.acknowledged_by
       WHERE n.id = $1`,
      [notice.id],
    );
    return {
      id: notice.id,
      reference: notice.reference,
      policeReference: row?.policeReference ?? '',
      state: notice.state,
      version: notice.version,
      settingName: row?.settingName ?? '',
      whyHere: whyHere(notice),
      acknowledgeBy: notice.acknowledgeBy ?? notice.placeBy ?? notice.receivedAt,
      holidayBy: notice.holidayBy,
      actionBy: notice.actionBy,
      acknowledgedAt: notice.acknowledgedAt,
      acknowledgedBy: row?.acknowledgedBy ?? null,
      acknowledgedVia: notice.acknowledgedVia,
      receivedLate: notice.receivedLate ?? false,
      testNotice: notice.test,
      otherSettingsTold: await this.otherSettings(tx, notice),
      support: await this.support(tx, notice),
      inSchool: isAsked(notice)
        ? {
            owner: (notice.ownerContactId ?? notice.acknowledgedBy) === contactId,
            ownerName: row?.owner ?? 'A colleague',
          }
        : null,
    };
  }

  /** The version this setting was shown before, when there was one. */
  async previousVersion(tx: Tx, notice: NoticeEntity): Promise<number | null> {
    const [row] = await tx.query<{ version: number }>(
      `SELECT version FROM notice WHERE child_id = $1 AND setting_urn = $2 AND version < $3
       ORDER BY version DESC LIMIT 1`,
      [notice.childId, notice.settingUrn, notice.version],
    );
    return row?.version ?? null;
  }

  /** Whether this person pressed "Our pupil: open" before: the narrative is shown only after that. */
  async hasOpened(tx: Tx, noticeId: string): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM audit_event WHERE notice_id = $1 AND action = 'notice.opened' AND actor = $2 LIMIT 1`,
      [noticeId, tx.actor.name],
    );
    return rows.length > 0;
  }

  async guidance(tx: Tx, authorityCode: string | null): Promise<GuidanceTexts> {
    const [row] = await tx.query<{ guidance: Partial<GuidanceTexts> | null }>(
      `SELECT guidance FROM authority WHERE code = $1`,
      [authorityCode],
    );
    return { ...DEFAULT_GUIDANCE, ...row?.guidance };
  }

  /**
   * Counted by the system: a setting cannot see the others' rows, and learns nothing but how many they are. Where a child went that
   * this setting handed back is not counted: the number must not change when another setting is told of it.
   */
  private async otherSettings(tx: Tx, notice: NoticeEntity): Promise<number> {
    const [row] = await tx.asSystem(() =>
      tx.query<{ count: string }>(
        `SELECT count(DISTINCT n.setting_urn) FROM notice n WHERE n.notification_id = $1 AND n.setting_urn IS NOT NULL
           AND n.setting_urn IS DISTINCT FROM $2 AND n.state NOT IN ('redirected', 'superseded', 'retracted')
           AND NOT EXISTS (SELECT 1 FROM notice gone WHERE gone.child_id = n.child_id AND gone.setting_urn = $2
             AND gone.state = 'redirected' AND gone.redirected_at <= n.routed_at)`,
        [notice.notificationId, notice.settingUrn],
      ),
    );
    return Number(row?.count ?? 0);
  }

  private async support(tx: Tx, notice: NoticeEntity): Promise<NoticeRecord['support']> {
    const [row] = await tx.query<{
      in_school: string;
      told: string;
      text_id: string | null;
      by: string;
      at: Date;
    }>(
      `SELECT a.in_school, a.told, a.sealed_text_id AS text_id, c.name AS by, a.decided_at AS at
       FROM notice_action a JOIN contact c ON c.id = a.contact_id WHERE a.notice_id = $1 ORDER BY a.decided_at DESC LIMIT 1`,
      [notice.id],
    );
    if (!row) return null;
    const text = row.text_id ? await this.sealedTexts.open(tx, notice.notificationId, row.text_id) : null;
    const words = JSON.parse(text ?? '{}') as { seenSafeBy?: string; voice?: string; decision?: string };
    return {
      by: row.by,
      at: row.at,
      values: {
        inSchool: row.in_school as ActionFormValues['inSchool'],
        told: row.told as ActionFormValues['told'],
        seenSafeBy: words.seenSafeBy ?? '',
        seenHeardSaid: words.voice ?? '',
        decision: words.decision ?? '',
      },
    };
  }
}

/** A deadline some days off needs its reason: the roll says that the child does not come before. */
function whyHere({ why, attends }: NoticeEntity): string {
  const reason = why ?? 'The police named your school.';
  if (!attends) return reason;
  return `${reason} By the roll the child comes on ${weekdayList(attends)} only: it is to be read by the bell of the next of these days.`;
}
