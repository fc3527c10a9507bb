import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { Option } from '../presenters/authority.view-model.js';
import type { OverviewRecord } from '../presenters/overview.presenter.js';
import { RUNG_REACHED } from '../reading/school-notices.repository.js';
import { scopeCondition, type DeskScope } from './desk-scope.js';
import type { OverviewQuery } from './overview-query.js';

export const ROWS_PER_PAGE = 50;

export interface OverviewPage {
  /** Newest first, at most ROWS_PER_PAGE. */
  readonly records: OverviewRecord[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** Timings of an authority's notices. Paged by the index on (authority_code, received_at), never by counting. */
@Injectable()
export class OverviewRows {
  async page(tx: Tx, scope: DeskScope, query: OverviewQuery): Promise<OverviewPage> {
    const { where, values } = scopeCondition(scope);
    const add = (value: unknown): string => `$${values.push(value)}`;
    const conditions = [
      where,
      `n.received_at >= ${add(query.from)}`,
      `n.received_at < ${add(query.to)}`,
      `n.state NOT IN ('received', 'routing')`,
    ];
    if (query.settingUrn) conditions.push(`n.setting_urn = ${add(query.settingUrn)}`);
    if (query.state) conditions.push(`n.state = ${add(query.state)}`);
    const newer = query.page?.direction === 'after';
    if (query.page) {
      conditions.push(`(n.received_at, n.id) ${newer ? '>' : '<'}
        (SELECT at.received_at, at.id FROM notice at WHERE at.id = ${add(query.page.noticeId)})`);
    }
    const order = newer ? 'ASC' : 'DESC';
    const rows = await tx.query<OverviewRecord>(
      `SELECT n.id, n.reference, coalesce(s.name, d.name, 'No setting') AS "settingName", n.state, n.received_at AS "receivedAt",
         coalesce(n.received_late, false) AS "receivedLate",
         coalesce(n.first_acknowledge_by, n.place_by, n.next_due_at, n.received_at) AS "acknowledgeBy",
         n.delivered_at AS "deliveredAt", n.acknowledged_at AS "acknowledgedAt", n.acknowledged_via AS "acknowledgedVia",
         ${RUNG_REACHED} AS "rungReached", n.actioned_at AS "actionedAt", n.test AS "testNotice",
         n.setting_urn IS NULL AS "atDesk"
       FROM notice n LEFT JOIN setting s ON s.urn = n.setting_urn LEFT JOIN desk d ON d.id = n.desk_id
       WHERE ${conditions.join(' AND ')} ORDER BY n.received_at ${order}, n.id ${order} LIMIT ${ROWS_PER_PAGE + 1}`,
      values,
    );
    const more = rows.length > ROWS_PER_PAGE;
    const shown = rows.slice(0, ROWS_PER_PAGE);
    return newer
      ? { records: shown.reverse(), hasOlder: true, hasNewer: more }
      : { records: shown, hasOlder: more, hasNewer: query.page !== null };
  }

  /** Settings of the authority that ever had a notice the officer may know of. */
  async settings(tx: Tx, authorityCode: string | null): Promise<Option[]> {
    return tx.query<Option>(
      // One look into the index per setting: the planner would rather read every notice there is.
      `SELECT s.urn AS value, s.name AS text FROM setting s
         CROSS JOIN LATERAL (SELECT 1 FROM notice n WHERE n.setting_urn = s.urn LIMIT 1) known
       WHERE s.authority_code = $1 ORDER BY s.name, s.urn`,
      [authorityCode],
    );
  }

  async authorityName(tx: Tx, code: string | null): Promise<string | null> {
    const [row] = await tx.query<{ name: string }>(`SELECT name FROM authority WHERE code = $1`, [code]);
    return row?.name ?? null;
  }
}
