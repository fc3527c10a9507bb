import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../database/database.js';
import type { Whereabouts } from '../../../notices/domain/whereabouts.js';
import type { Risk } from '../../presenters/notice-words.js';
import { DESK_OWN, notExcluded, scopeCondition, type DeskScope } from '../desk-scope.js';

/** More than a desk can place before the bell; the most urgent come first. */
const LIST_LIMIT = 300;
const TOLD_MINUTES = 60;

/** One child that waits for a setting: nothing sealed. */
export interface TriageRecord {
  readonly id: string;
  readonly reference: string;
  readonly notificationId: string;
  readonly childReference: string;
  readonly risk: Risk;
  readonly receivedAt: Date;
  readonly placeBy: Date | null;
  readonly testNotice: boolean;
  readonly outside: boolean;
  readonly outsideName: string | null;
  readonly forceName: string;
  readonly chargeName: string | null;
  readonly chargeUntil: Date | null;
}

/** What belongs to a row besides, looked up for all rows at once. */
export interface TriageDetail {
  readonly id: string;
  /** The sealed words of its version; null when they were erased. */
  readonly textId: string | null;
  readonly reasons: readonly ({ text: string } | string)[] | null;
  readonly handedBack: 'not-our-pupil' | 'knows-family' | null;
  readonly claimedBy: string | null;
  readonly claimName: string | null;
  /** Real time. */
  readonly claimUntil: Date | null;
  readonly held: boolean;
  readonly failed: boolean;
  readonly saidKind: Whereabouts['kind'] | null;
  readonly saidUrn: string | null;
}

export interface CandidateRecord {
  readonly noticeId: string;
  readonly urn: string;
  readonly name: string;
  readonly authority: string;
  readonly authorityCode: string;
  readonly street: string | null;
  readonly town: string | null;
  readonly postcode: string | null;
  readonly telephone: string | null;
  readonly score: number | null;
  readonly why: string | null;
}

interface Placement {
  readonly id: string;
  readonly noticeId: string;
  readonly setting: string;
  readonly officer: string;
  readonly sendAt: Date;
  readonly sentAt: Date | null;
}

export interface PlacementRecord extends Placement {
  readonly reference: string;
  readonly testNotice: boolean;
}

const SETTING = `s.urn, s.name, au.name AS authority, s.authority_code AS "authorityCode", s.street, s.town, s.postcode, s.telephone`;

const ROW = `SELECT n.id, n.reference, n.notification_id AS "notificationId", n.child_reference AS "childReference", n.risk,
    n.received_at AS "receivedAt", n.place_by AS "placeBy", n.test AS "testNotice", n.outside, oa.name AS "outsideName",
    f.name AS "forceName", c.name AS "chargeName", n.charge_until AS "chargeUntil"
  FROM notice n JOIN force f ON f.code = n.force_code LEFT JOIN authority oa ON oa.code = n.outside_authority_code
    LEFT JOIN contact c ON c.id = n.charge_contact_id`;

/** A triage desk's rows. Who may see which is decided once, by the first question; the rest is asked for those ids only. */
@Injectable()
export class TriageRows {
  /** @param ids from `DeskRows.visible` */
  async list(tx: Tx, ids: readonly string[]): Promise<TriageRecord[]> {
    return tx.asSystem(() =>
      tx.query<TriageRecord>(
        `${ROW} WHERE n.id = ANY($1) AND n.state = 'triage' AND NOT ${DESK_OWN}
         ORDER BY n.place_by, n.received_at, n.id LIMIT ${LIST_LIMIT}`,
        [ids],
      ),
    );
  }

  /** @returns those of the ids that wait at a desk of this officer's authority and that the officer may know of */
  async some(tx: Tx, scope: DeskScope, ids: readonly string[]): Promise<TriageRecord[]> {
    return this.read(tx, scope, ids, `NOT ${DESK_OWN}`);
  }

  /** Also one of the desk's own, which may turn out to have a setting after all. */
  async one(tx: Tx, scope: DeskScope, id: string): Promise<TriageRecord[]> {
    return this.read(tx, scope, [id], 'true');
  }

  private read(tx: Tx, scope: DeskScope, ids: readonly string[], which: string): Promise<TriageRecord[]> {
    const { where, values } = scopeCondition(scope);
    return tx.query<TriageRecord>(
      `${ROW} WHERE ${where} AND n.state = 'triage' AND n.id = ANY($${values.push(ids)}::uuid[]) AND ${which}
       ORDER BY n.place_by, n.received_at, n.id`,
      values,
    );
  }

  /** @param ids of rows that this transaction's officer was shown by `list` or `some` @param realNow claims end in real time */
  async details(tx: Tx, ids: readonly string[], realNow: Date): Promise<TriageDetail[]> {
    return tx.asSystem(() =>
      tx.query<TriageDetail>(
        `SELECT n.id, v.id AS "textId", d.why AS reasons, o.redirect_reason AS "handedBack", cl.contact_id AS "claimedBy",
           cc.name AS "claimName", cl.until_at AS "claimUntil", w.kind AS "saidKind", w.setting_urn AS "saidUrn",
           coalesce(p.waiting, false) AS held, coalesce(p.failed, false) AS failed
         FROM notice n
           LEFT JOIN notification_version v ON v.notification_id = n.notification_id AND v.version = n.version
           LEFT JOIN notice o ON o.id = n.from_notice_id
           LEFT JOIN notice_claim cl ON cl.notice_id = n.id AND cl.until_at > $2
           LEFT JOIN contact cc ON cc.id = cl.contact_id
           LEFT JOIN LATERAL (SELECT r.why FROM routing_decision r WHERE r.notice_id = n.id ORDER BY r.at DESC LIMIT 1) d ON true
           LEFT JOIN LATERAL (SELECT s.kind, s.setting_urn FROM whereabouts_said s WHERE s.notice_id = n.id
             ORDER BY s.kind = 'setting' DESC, s.said_at DESC LIMIT 1) w ON true
           LEFT JOIN LATERAL (SELECT x.sent_at IS NULL AND x.undone_at IS NULL AND x.failed_at IS NULL AS waiting,
             x.failed_at IS NOT NULL AS failed FROM placement x WHERE x.notice_id = n.id ORDER BY x.chosen_at DESC LIMIT 1) p ON true
         WHERE n.id = ANY($1)`,
        [ids, realNow],
      ),
    );
  }

  /** The open ones among routing's candidates, also those of the notice that was handed back, best first. */
  async candidates(tx: Tx, ids: readonly string[]): Promise<CandidateRecord[]> {
    return tx.asSystem(() =>
      tx.query<CandidateRecord>(
        `SELECT n.id AS "noticeId", ${SETTING}, (candidate->>'score')::double precision AS score, candidate->>'why' AS why
         FROM notice n
           LEFT JOIN notice o ON o.id = n.from_notice_id
           JOIN LATERAL (SELECT r.candidates FROM routing_decision r WHERE r.notice_id IN (n.id, n.from_notice_id)
             AND jsonb_array_length(r.candidates) > 0 ORDER BY r.notice_id = n.id DESC, r.at DESC LIMIT 1) decided ON true
           CROSS JOIN LATERAL jsonb_array_elements(decided.candidates) WITH ORDINALITY AS listed(candidate, position)
           JOIN setting s ON s.urn = candidate->>'urn' JOIN authority au ON au.code = s.authority_code
         WHERE n.id = ANY($1) AND s.status IN ('open', 'proposed-to-close')
           AND (o.redirect_reason = 'knows-family' OR s.urn IS DISTINCT FROM o.setting_urn)
         ORDER BY n.id, listed.position`,
        [ids],
      ),
    );
  }

  /** Named by a school or by an earlier placement, as the register knows them now. */
  async settings(
    tx: Tx,
    urns: readonly string[],
  ): Promise<Omit<CandidateRecord, 'noticeId' | 'score' | 'why'>[]> {
    if (urns.length === 0) return [];
    return tx.query(
      `SELECT ${SETTING} FROM setting s JOIN authority au ON au.code = s.authority_code
       WHERE s.urn = ANY($1) AND s.status IN ('open', 'proposed-to-close')`,
      [urns],
    );
  }

  /** What waits to be sent for one notice. */
  async waitingPlacement(tx: Tx, noticeId: string): Promise<Placement | null> {
    const [row] = await tx.query<Placement>(
      `SELECT p.id, p.notice_id AS "noticeId", s.name AS setting, c.name AS officer, p.send_at AS "sendAt",
         p.sent_at AS "sentAt"
       FROM placement p JOIN setting s ON s.urn = p.setting_urn JOIN contact c ON c.id = p.contact_id
       WHERE p.notice_id = $1 AND p.sent_at IS NULL AND p.undone_at IS NULL AND p.failed_at IS NULL`,
      [noticeId],
    );
    return row ?? null;
  }

  /** Who was told outside Firstbell of a child whose area is not served here. */
  async handOver(
    tx: Tx,
    noticeId: string,
  ): Promise<{ how: string; toldAt: Date; textId: string; by: string; authority: string | null } | null> {
    const [row] = await tx.query<{
      how: string;
      toldAt: Date;
      textId: string;
      by: string;
      authority: string | null;
    }>(
      `SELECT h.how, h.told_at AS "toldAt", h.sealed_text_id AS "textId", c.name AS by, coalesce(a.name, h.authority_code) AS authority
       FROM hand_over h JOIN contact c ON c.id = h.recorded_by LEFT JOIN authority a ON a.code = h.authority_code
       WHERE h.notice_id = $1`,
      [noticeId],
    );
    return row ?? null;
  }

  /** @returns null for a placement that there is not, or that this officer must not know of */
  async noticeOfPlacement(tx: Tx, placementId: string): Promise<string | null> {
    const [row] = await tx.query<{ noticeId: string }>(
      `SELECT notice_id AS "noticeId" FROM placement WHERE id = $1`,
      [placementId],
    );
    return row?.noticeId ?? null;
  }

  /** What waits to be sent, and what this authority's officers had sent within the hour. */
  async placements(tx: Tx, scope: DeskScope, now: Date): Promise<PlacementRecord[]> {
    const since = new Date(now.getTime() - TOLD_MINUTES * 60_000);
    const values: unknown[] = [scope.authorityCode, since];
    // Row-level security leaves out what an authority's officer must not know of; the operator's desk is the system to it.
    const known =
      scope.authorityCode === null ? notExcluded('p.notice_id', `$${values.push(scope.contactId)}`) : 'true';
    const mine = await tx.query<Placement>(
      `SELECT p.id, p.notice_id AS "noticeId", s.name AS setting, c.name AS officer, p.send_at AS "sendAt", p.sent_at AS "sentAt"
       FROM placement p JOIN setting s ON s.urn = p.setting_urn JOIN contact c ON c.id = p.contact_id
       WHERE p.authority_code IS NOT DISTINCT FROM $1 AND p.chosen_at > $2 AND p.undone_at IS NULL AND p.failed_at IS NULL
         AND ${known}
       ORDER BY p.sent_at IS NOT NULL, p.send_at DESC LIMIT 60`,
      values,
    );
    // The notice may be another authority's by now; its name and whether it is a test are all that is asked of it.
    const notices = await tx.asSystem(() =>
      tx.query<{ id: string; reference: string; test: boolean }>(
        `SELECT id, reference, test FROM notice WHERE id = ANY($1)`,
        [mine.map((row) => row.noticeId)],
      ),
    );
    const byId = new Map(notices.map((row) => [row.id, row]));
    return mine.map((row) => {
      const notice = byId.get(row.noticeId);
      return { ...row, reference: notice?.reference ?? '', testNotice: notice?.test ?? false };
    });
  }

  async authorities(tx: Tx): Promise<{ code: string; name: string; served: boolean }[]> {
    return tx.query(
      `SELECT a.code, a.name, a.served AND EXISTS (SELECT 1 FROM desk d WHERE d.authority_code = a.code) AS served
       FROM authority a ORDER BY a.name`,
    );
  }
}
