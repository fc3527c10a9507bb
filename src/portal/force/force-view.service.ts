import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import type { Actor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import type { ForceView } from '../presenters/force.view-model.js';
import { compactMoment, compactMomentOrNull, moment } from '../presenters/london-time.js';
import { shareOf } from '../presenters/percentage.js';
import { StaleDataRows } from '../reading/stale-data.repository.js';
import { stateWords } from '../presenters/notice-words.js';
import { portalPaths } from '../presenters/paths.js';
import {
  ForceNotifications,
  NOTIFICATIONS_PER_PAGE,
  type ForceNoticeRow,
  type ForceNotificationRow,
  type RefusedRow,
} from './force-notifications.repository.js';

const STALE_DAYS = 90;

/** What became of a force's notifications: no narrative, no child's name, no staff names. */
@Injectable()
export class ForceReading {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly rows: ForceNotifications,
    private readonly stale: StaleDataRows,
  ) {}

  /** @param before the id of the last notification of the page before */
  async show(actor: Actor, forceCode: string, reference: string, before: string | null): Promise<ForceView> {
    return this.database.transaction(actor, async (tx) => {
      const found = await this.rows.page(tx, forceCode, reference, before);
      const shown = found.slice(0, NOTIFICATIONS_PER_PAGE);
      const notices = await this.rows.notices(
        tx,
        shown.map(({ id }) => id),
      );
      const refused = await this.rows.refused(tx, forceCode, reference);
      await this.audit.record(tx, {
        action: 'force.read',
        forceCode,
        detail: { notifications: shown.length, refused: refused.length },
      });
      const last = shown.at(-1);
      const now = this.clock.now();
      const since = new Date(now.getTime() - STALE_DAYS * 86_400_000);
      const stale = await this.stale.ofForce(tx, forceCode, since, now);
      return {
        forceName: await this.rows.name(tx, forceCode),
        asAt: moment(now),
        staleData: shareOf(stale?.handedBack ?? 0, stale?.told ?? 0),
        reference,
        notifications: shown.map((row) =>
          presentNotification(
            row,
            notices.filter(({ notificationId }) => notificationId === row.id),
          ),
        ),
        refused: refused.map((row) => ({
          forceReference: row.forceReference,
          at: compactMoment(row.at),
          why: refusedWords(row),
        })),
        olderHref: found.length > NOTIFICATIONS_PER_PAGE && last ? olderHref(reference, last.id) : null,
      };
    });
  }
}

function presentNotification(
  row: ForceNotificationRow,
  notices: readonly ForceNoticeRow[],
): ForceView['notifications'][number] {
  const status = row.retractedAt ? 'Withdrawn' : 'Accepted';
  return {
    id: row.id,
    forceReference: row.forceReference,
    version: row.version,
    received: compactMoment(row.receivedAt),
    status: row.test ? `${status}, a test` : status,
    notices: notices.map((notice) => ({
      childReference: notice.childReference,
      recipient: notice.recipient ?? 'Being found',
      state: notice.notTheirs ? 'Handed back: not a pupil there' : stateWords(notice.state),
      delivered: compactMomentOrNull(notice.deliveredAt),
      acknowledged: compactMomentOrNull(notice.acknowledgedAt),
      actedOn: compactMomentOrNull(notice.actionedAt),
    })),
  };
}

/** "Refused with 422 (3 times): required, unknown-member. No school knows of it." */
function refusedWords({ status, codes, times }: RefusedRow): string {
  const often = times > 1 ? ` (${times} times)` : '';
  const why = codes.length > 0 ? `: ${[...new Set(codes)].join(', ')}` : '';
  // A conflict has something kept beside it: only the change was refused.
  const known =
    status === 409 ? 'Whatever was kept before stands; no school knows of this one' : 'No school knows of it';
  return `refused with ${status}${often}${why}. ${known} until it is sent again and accepted.`;
}

function olderHref(reference: string, id: string): string {
  const parameters = new URLSearchParams({ ...(reference ? { reference } : {}), before: id });
  return `${portalPaths.force()}?${parameters.toString()}`;
}
