import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
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
  readonly rungReached: Rung;
  /** Steps of the running ladder that told the duty desk. */
  readonly deskSteps: readonly string[] | null;
  /** Reasons of the last routing decision: sentences of ours. */
  readonly reasons: readonly ({ text: string } | string)[] | null;
  /** Why a school handed it back to the desk; null when none did. */
  readonly handedBack: 'not-our-pupil' | 'knows-family' | null;
  readonly chargeContactId: string | null;
  readonly chargeName: string | null;
  readonly chargeUntil: Date | null;
}

const RECORD = `
  SELECT n.id, n.reference, n.risk, n.state, n.setting_urn AS "settingUrn", s.name AS "settingName", n.desk_id AS "deskId", d.name AS "deskName",
    ${DESK_OWN} AS "deskOwn", n.received_at AS "receivedAt", coalesce(n.received_late, false) AS "receivedLate",
    n.test AS "testNotice", n.place_by AS "placeBy", n.acknowledge_by AS "acknowledgeBy", n.holiday_by AS "holidayBy",
    n.missed_at AS "missedAt", n.action_by AS "actionBy", n.acknowledged_at AS "acknowledgedAt", a.name AS "acknowledgedBy",
    n.acknowledged_via AS "acknowledgedVia", ${RUNG_REACHED} AS "rungReached",
    (SELECT array_agg(r.rung) FROM rung r WHERE r.notice_id = n.id AND r.generation = n.generation AND r.role = 'desk'
       AND r.state IN ('fired', 'empty', 'inherited')) AS "deskSteps",
    (SELECT decided.why FROM routing_decision decided WHERE decided.notice_id = n.id ORDER BY decided.at DESC LIMIT 1) AS reasons,
    origin.redirect_reason AS "handedBack", n.charge_contact_id AS "chargeContactId", c.name AS "chargeName",
    n.charge_until AS "chargeUntil"
  FROM notice n LEFT JOIN setting s ON s.urn = n.setting_urn LEFT JOIN desk d ON d.id = n.desk_id
    LEFT JOIN contact c ON c.id = n.charge_contact_id LEFT JOIN contact a ON a.id = n.acknowledged_by
    LEFT JOIN notice origin ON origin.id = n.from_notice_id`;

/** Owned by a desk; unread at a school whose ladder has told the desk; or read, and the desk was told that no decision followed. */
const ON_THE_LIST = `n.state IN ('triage', 'routed', 'delivered', 'acknowledged') AND (n.state = 'triage'
  OR (n.state IN ('routed', 'delivered') AND (n.missed_at IS NOT NULL OR EXISTS (SELECT 1 FROM rung r WHERE r.notice_id = n.id
    AND r.generation = n.generation AND r.role = 'desk' AND r.state IN ('fired', 'empty', 'inherited'))))
  OR (n.state = 'acknowledged' AND (n.desk_id IS NOT NULL OR EXISTS (SELECT 1 FROM outgoing_message m WHERE m.notice_id = n.id
    AND m.generation = n.generation AND (m.rung = 'act-authority' OR m.rung LIKE 'act-repeat-%')))))`;

/** What stands on cards: everything but the children that wait for a setting, who have a list of their own. */
const ON_CARDS = `${ON_THE_LIST} AND NOT (n.state = 'triage' AND NOT ${DESK_OWN})`;

/** More than an officer can deal with; the most urgent come first. */
const LIST_LIMIT = 300;

@Injectable()
export class DeskRows {
  /**
   * Everything unfinished that this officer may know of. Row-level security decides it once, here; what is asked about these ids
   * afterwards need not ask it again for every row of every table.
   */
  async visible(tx: Tx, scope: DeskScope): Promise<string[]> {
    const { where, values } = scopeCondition(scope);
    const rows = await tx.query<{ id: string }>(
      `SELECT n.id FROM notice n WHERE ${where} AND n.state IN ('triage', 'routed', 'delivered', 'acknowledged')`,
      values,
    );
    return rows.map(({ id }) => id);
  }

  /** @param ids from `visible`. Earliest deadline first; among equals HIGH (and what was never assessed), then the first received. */
  async list(tx: Tx, ids: readonly string[]): Promise<DeskRecord[]> {
    return tx.asSystem(() =>
      tx.query<DeskRecord>(
        `${RECORD} WHERE n.id = ANY($1) AND ${ON_CARDS}
         ORDER BY coalesce(CASE n.state WHEN 'triage' THEN n.place_by WHEN 'acknowledged' THEN n.action_by
           ELSE n.acknowledge_by END, n.received_at), n.risk IN ('high', 'not-assessed') DESC, n.received_at, n.id
         LIMIT ${LIST_LIMIT}`,
        [ids],
      ),
    );
  }

  async count(tx: Tx, scope: DeskScope): Promise<number> {
    const ids = await this.visible(tx, scope);
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
