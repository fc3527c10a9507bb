import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import { DESK_STEPS } from '../../delivery/domain/purpose.js';
import type { NoticeState } from '../../notices/domain/state.js';
import type { Risk, Rung } from '../presenters/notice-words.js';
import { RUNG_REACHED } from '../reading/school-notices.repository.js';
import { DESK_OWN, scopeCondition, type DeskScope } from './desk-scope.js';

/** One notice as a desk works with it: nothing sealed. */
export interface DeskRecord {
  readonly id: string;
  readonly reference: string;
  readonly risk: Risk;
  readonly state: NoticeState;
  readonly settingUrn: string | null;
  readonly settingName: string | null;
  readonly settingPhone: string | null;
  readonly deskId: string | null;
  readonly deskName: string | null;
  readonly deskOwn: boolean;
  readonly receivedAt: Date;
  readonly receivedLate: boolean;
  readonly testNotice: boolean;
  readonly placeBy: Date | null;
  readonly acknowledgeBy: Date | null;
  readonly holidayBy: Date | null;
  readonly missedAt: Date | null;
  readonly actionBy: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedVia: 'portal' | 'telephone' | null;
  /** Who looks after it since it was read; null also where they must not know of it any more. */
  readonly owner: string | null;
  readonly rungReached: Rung;
  /** Steps of the running ladder that told the duty desk. */
  readonly deskSteps: readonly string[] | null;
  /** Steps after reading that the desk was to be told of, and whose matter is open. */
  readonly openSteps: readonly string[];
  /** Reasons of the last routing decision: sentences of ours. */
  readonly reasons: readonly ({ text: string } | string)[] | null;
  /** Why a school handed it back to the desk; null when none did. */
  readonly handedBack: 'not-our-pupil' | 'knows-family' | null;
  readonly chargeContactId: string | null;
  readonly chargeName: string | null;
  readonly chargeUntil: Date | null;
}

/**
 * On `notice n`, from the record: a desk without an address that works has no message, and must find the notice all the same. The
 * question "in school today?" is over when it is answered, and what an earlier round led to with the next; the rest, with the decision,
 * which is also the answer unless it was made before (`isAnswered`).
 */
const OPEN_STEPS = `SELECT told.detail->>'rung' FROM audit_event told
  WHERE told.notice_id = n.id AND told.action = 'action.reminded' AND told.detail->>'rung' ~ '${DESK_STEPS.source}'
    AND CASE WHEN told.detail->>'rung' LIKE 'in-school-%' THEN n.in_school_answered_at IS NULL AND told.at >= n.in_school_asked_at
        AND (n.actioned_at IS NULL OR n.in_school_asked_at > n.actioned_at) ELSE n.state = 'acknowledged' END`;

const RECORD = `
  SELECT n.id, n.reference, n.risk, n.state, n.setting_urn AS "settingUrn", s.name AS "settingName", n.desk_id AS "deskId", d.name AS "deskName",
    s.telephone AS "settingPhone", ${DESK_OWN} AS "deskOwn", n.received_at AS "receivedAt", coalesce(n.received_late, false) AS "receivedLate",
    n.test AS "testNotice", n.place_by AS "placeBy", n.acknowledge_by AS "acknowledgeBy", n.holiday_by AS "holidayBy",
    n.missed_at AS "missedAt", n.action_by AS "actionBy", n.acknowledged_at AS "acknowledgedAt", a.name AS "acknowledgedBy",
    n.acknowledged_via AS "acknowledgedVia", ${RUNG_REACHED} AS "rungReached",
    CASE WHEN n.state IN ('acknowledged', 'actioned') THEN ARRAY(${OPEN_STEPS}) ELSE '{}' END AS "openSteps",
    (SELECT o.name FROM contact o WHERE o.id = coalesce(n.owner_contact_id, n.acknowledged_by)
       AND NOT EXISTS (SELECT 1 FROM notice_exclusion e WHERE e.notice_id = n.id AND e.contact_id = o.id)) AS owner,
    (SELECT array_agg(r.rung) FROM rung r WHERE r.notice_id = n.id AND r.generation = n.generation AND r.role = 'desk'
       AND r.state IN ('fired', 'empty', 'inherited')) AS "deskSteps",
    (SELECT decided.why FROM routing_decision decided WHERE decided.notice_id = n.id ORDER BY decided.at DESC LIMIT 1) AS reasons,
    origin.redirect_reason AS "handedBack", n.charge_contact_id AS "chargeContactId", c.name AS "chargeName",
    n.charge_until AS "chargeUntil"
  FROM notice n LEFT JOIN setting s ON s.urn = n.setting_urn LEFT JOIN desk d ON d.id = n.desk_id
    LEFT JOIN contact c ON c.id = n.charge_contact_id LEFT JOIN contact a ON a.id = n.acknowledged_by
    LEFT JOIN notice origin ON origin.id = n.from_notice_id`;

/** Owned by a desk; unread at a school whose ladder has told the desk; or read, and told that something has not followed. */
const ON_THE_LIST = `n.state IN ('triage', 'routed', 'delivered', 'acknowledged', 'actioned') AND (n.state = 'triage'
  OR (n.state IN ('routed', 'delivered') AND (n.missed_at IS NOT NULL OR EXISTS (SELECT 1 FROM rung r WHERE r.notice_id = n.id
    AND r.generation = n.generation AND r.role = 'desk' AND r.state IN ('fired', 'empty', 'inherited'))))
  OR (n.state = 'acknowledged' AND n.desk_id IS NOT NULL)
  OR (n.state IN ('acknowledged', 'actioned') AND EXISTS (${OPEN_STEPS})))`;

/** What stands on cards: everything but the children that wait for a setting, who have a list of their own. */
const ON_CARDS = `${ON_THE_LIST} AND NOT (n.state = 'triage' AND NOT ${DESK_OWN})`;

/** Who is in school on a morning is a question of that day. */
const ASKED_WITHIN_MS = 24 * 3_600_000;

/** More than an officer can deal with; the most urgent come first. */
const LIST_LIMIT = 300;

@Injectable()
export class DeskRows {
  /**
   * Everything unfinished that this officer may know of. Row-level security decides it once, here; what is asked about these ids
   * afterwards need not ask it again for every row of every table.
   */
  async visible(tx: Tx, scope: DeskScope, now: Date): Promise<string[]> {
    const { where, values } = scopeCondition(scope);
    const rows = await tx.query<{ id: string }>(
      `SELECT n.id FROM notice n WHERE ${where} AND (n.state IN ('triage', 'routed', 'delivered', 'acknowledged')
         OR (n.state = 'actioned' AND n.in_school_answered_at IS NULL AND n.in_school_asked_at > n.actioned_at
           AND n.in_school_asked_at > $${values.length + 1}))`,
      [...values, new Date(now.getTime() - ASKED_WITHIN_MS)],
    );
    return rows.map(({ id }) => id);
  }

  /** @param ids from `visible`. Earliest deadline first; among equals HIGH (and what was never assessed), then the first received. */
  async list(tx: Tx, ids: readonly string[]): Promise<DeskRecord[]> {
    return tx.asSystem(() =>
      tx.query<DeskRecord>(
        `${RECORD} WHERE n.id = ANY($1) AND ${ON_CARDS}
         ORDER BY coalesce(CASE n.state WHEN 'triage' THEN n.place_by WHEN 'acknowledged' THEN n.action_by
           ELSE least(n.acknowledge_by, n.holiday_by) END, n.received_at), n.risk IN ('high', 'not-assessed') DESC, n.received_at, n.id
         LIMIT ${LIST_LIMIT}`,
        [ids],
      ),
    );
  }

  async count(tx: Tx, scope: DeskScope, now: Date): Promise<number> {
    const ids = await this.visible(tx, scope, now);
    const [row] = await tx.asSystem(() =>
      tx.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM notice n WHERE n.id = ANY($1) AND ${ON_THE_LIST}`,
        [ids],
      ),
    );
    return row?.count ?? 0;
  }

  /** @returns null for another authority's, and for what the officer must not know of */
  async find(tx: Tx, scope: DeskScope, noticeId: string): Promise<DeskRecord | null> {
    const { where, values } = scopeCondition(scope);
    const [row] = await tx.query<DeskRecord>(
      `${RECORD} WHERE ${where} AND n.state NOT IN ('received', 'routing') AND n.id = $${values.length + 1}`,
      [...values, noticeId],
    );
    return row ?? null;
  }
}
