import { Injectable } from '@nestjs/common';
import { Audit } from '../../../audit/audit.js';
import { Clock } from '../../../common/clock.js';
import { Database, type Tx } from '../../../database/database.js';
import type { FieldError } from '../../presenters/page-context.view-model.js';
import { portalPaths } from '../../presenters/paths.js';
import type { DeskPageView, TriageWorkView } from '../../presenters/triage.view-model.js';
import { FollowUpLists } from '../../reading/follow-up-lists.repository.js';
import { DeskRows } from '../desk-list.repository.js';
import { presentDeskList } from '../desk-reading.service.js';
import { scopeCondition, type DeskScope } from '../desk-scope.js';
import { SettingSearch } from '../setting-search.repository.js';
import { byUrgency, grouped, shown, SHOWS, type GroupBy, type Show } from './triage-groups.js';
import { TriageItems, type ItemsRead } from './triage-items.service.js';
import {
  candidatesFor,
  clockOf,
  isColleagues,
  presentChips,
  presentGroup,
  presentPlacement,
  presentRow,
  type Looking,
} from './triage.presenter.js';
import { TriageRows } from './triage-rows.repository.js';

export interface ListQuery {
  readonly show: Show;
  readonly by: GroupBy;
  readonly done: number;
}

/** Ticks, and what became of the last try, so that a page shown again loses nothing. */
export interface Tried {
  readonly ticked: readonly string[];
  readonly problems: ReadonlyMap<string, string>;
  readonly errors: readonly FieldError[];
}

export const NOTHING_TRIED: Tried = { ticked: [], problems: new Map(), errors: [] };

export interface WorkForm {
  readonly ids: readonly string[];
  readonly leftOut: readonly string[];
  readonly search: string;
  readonly selected: string;
  readonly authority: string;
  readonly done: string | null;
}

export function readListQuery(query: Record<string, unknown>): ListQuery {
  const done =
    typeof query['done'] === 'string' && /^[1-9]\d{0,2}$/.test(query['done']) ? Number(query['done']) : 0;
  return {
    show: SHOWS.find((one) => one === query['show']) ?? 'all',
    by: query['by'] === 'school' ? 'school' : 'incident',
    done,
  };
}

/** The desk's page: what waits for a setting, what was chosen a minute ago, whom to ring. */
@Injectable()
export class DeskPage {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly cards: DeskRows,
    private readonly rows: TriageRows,
    private readonly items: TriageItems,
    private readonly search: SettingSearch,
    private readonly followUpLists: FollowUpLists,
  ) {}

  async list(scope: DeskScope, query: ListQuery, tried = NOTHING_TRIED): Promise<DeskPageView> {
    return this.database.transaction(scope.actor, async (tx) => {
      const looking = this.looking(scope, tried);
      const { now } = looking;
      const visible = await this.cards.visible(tx, scope, now);
      const read = await this.items.read(tx, scope, await this.rows.list(tx, visible));
      const waiting = read.items.filter(({ detail }) => !detail.held);
      const cards = await this.cards.list(tx, visible);
      const followUps = await this.followUpLists.overdue(tx, scopeCondition(scope), now);
      const placements = await this.rows.placements(tx, scope, now);
      await this.audit.record(tx, {
        action: 'desk.read',
        authorityCode: scope.authorityCode,
        contactId: scope.contactId,
        detail: { notices: cards.length, toPlace: waiting.length },
      });
      const { show, by } = query;
      const lines = placements.map((record) => ({
        sent: record.sentAt !== null,
        line: presentPlacement(record, now),
      }));
      const other = by === 'incident' ? 'school' : 'incident';
      return {
        ...presentDeskList(scope, cards, followUps, now),
        errors: tried.errors,
        done: query.done > 0 ? doneWords(query.done) : null,
        waiting: waiting.length,
        chips: presentChips(waiting, { show, by }, looking),
        grouping: {
          text: other === 'school' ? 'Group by the school’s name instead' : 'Group by incident instead',
          href: portalPaths.deskList({ show, by: other }),
        },
        show,
        by,
        groups: grouped(shown(waiting, show, looking), by).map((group, index) =>
          presentGroup(group, index, read, looking),
        ),
        sendingSoon: lines.filter(({ sent }) => !sent).map(({ line }) => line),
        told: lines.filter(({ sent }) => sent).map(({ line }) => line),
      };
    });
  }

  async work(scope: DeskScope, form: WorkForm, tried = NOTHING_TRIED): Promise<TriageWorkView> {
    return this.database.transaction(scope.actor, async (tx) => {
      const looking = this.looking(scope, { ...tried, ticked: form.ids });
      const read = await this.items.read(
        tx,
        scope,
        await this.rows.some(tx, scope, [...form.ids, ...form.leftOut]),
      );
      const free = read.items
        .filter((item) => !item.detail.held && !isColleagues(item, looking))
        .sort(byUrgency);
      const taken = read.items.filter((item) => !item.detail.held && isColleagues(item, looking));
      return {
        deskName: scope.place,
        rows: free.map((item) => ({
          ...presentRow(item, looking),
          stated: item.child.stated,
          clock: clockOf(item, looking.now),
        })),
        leftOut: taken.map((item) => presentRow(item, looking)),
        candidates: candidatesFor(free, read, looking),
        found: await this.found(tx, scope, form.search, read),
        search: form.search,
        selected: form.selected,
        authorities: await this.authorities(tx, scope),
        authority: form.authority,
        errors: tried.errors,
        done: form.done,
      };
    });
  }

  private async found(
    tx: Tx,
    scope: DeskScope,
    text: string,
    read: ItemsRead,
  ): Promise<TriageWorkView['found']> {
    if (text === '' || read.items.length === 0) return null;
    const found = await this.search.find(tx, scope.authorityCode, text);
    return found.map((one) => ({ ...one, why: one.reasons.join('; '), source: null }));
  }

  private async authorities(tx: Tx, scope: DeskScope): Promise<TriageWorkView['authorities']> {
    const rows = await this.rows.authorities(tx);
    return rows
      .filter(({ code }) => code !== scope.authorityCode)
      .map(({ code, name, served }) => ({ value: code, text: served ? name : `${name} (not served here)` }));
  }

  private looking(scope: DeskScope, tried: Tried): Looking {
    return {
      contactId: scope.contactId,
      authorityCode: scope.authorityCode,
      now: this.clock.now(),
      realNow: this.clock.realNow(),
      ticked: new Set(tried.ticked),
      problems: tried.problems,
    };
  }
}

export function doneWords(count: number): string {
  return count === 1 ? 'Done for 1 child.' : `Done for ${count} children.`;
}
