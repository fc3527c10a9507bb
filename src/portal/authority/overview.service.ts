import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import type { AuthorityOverviewView } from '../presenters/authority.view-model.js';
import { moment } from '../presenters/london-time.js';
import { shareOf } from '../presenters/percentage.js';
import { stateWords } from '../presenters/notice-words.js';
import { presentOverviewRow } from '../presenters/overview.presenter.js';
import { StaleDataRows } from '../reading/stale-data.repository.js';
import { DeskRows } from './desk-list.repository.js';
import type { DeskScope } from './desk-scope.js';
import { COUNTING_RULES, HEADLINE_WORDS, presentHeadline } from './headline.presenter.js';
import { Headline } from './headline.repository.js';
import { LISTED_STATES, overviewHref, readOverviewQuery } from './overview-query.js';
import { OverviewRows } from './overview.repository.js';

/** What an authority sees of its settings' notices: timings, never a child and never a narrative. */
@Injectable()
export class AuthorityOverview {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly rows: OverviewRows,
    private readonly headline: Headline,
    private readonly deskRows: DeskRows,
    private readonly stale: StaleDataRows,
  ) {}

  async show(scope: DeskScope, asked: Record<string, unknown>): Promise<AuthorityOverviewView> {
    const now = this.clock.now();
    const query = readOverviewQuery(asked, now);
    return this.database.transaction(scope.actor, async (tx) => {
      const page = await this.rows.page(tx, scope, query);
      const headline = presentHeadline(await this.headline.count(tx, scope, query, now));
      const settings = await this.rows.settings(tx, scope.authorityCode);
      const stale = await this.stale.ofAuthority(tx, scope.authorityCode, query.from, query.to);
      await this.audit.record(tx, {
        action: 'authority.read',
        authorityCode: scope.authorityCode,
        contactId: scope.contactId,
        detail: { notices: page.records.length },
      });
      const [newest, oldest] = [page.records.at(0), page.records.at(-1)];
      return {
        authorityName: (await this.rows.authorityName(tx, scope.authorityCode)) ?? scope.place,
        asAt: moment(now),
        beforeBell: headline.share,
        beforeBellWords: HEADLINE_WORDS,
        apart: headline.apart,
        countingRules: COUNTING_RULES,
        filters: query.filters,
        settings: [{ value: '', text: 'All settings' }, ...settings],
        states: [
          { value: '', text: 'All states' },
          ...LISTED_STATES.map((state) => ({ value: state, text: stateWords(state) })),
        ],
        errors: query.errors,
        rows: page.records.map((record) => presentOverviewRow(record, now)),
        olderHref: page.hasOlder && oldest ? overviewHref(query.filters, 'before', oldest.id) : null,
        newerHref: page.hasNewer && newest ? overviewHref(query.filters, 'after', newest.id) : null,
        deskCount: await this.deskRows.count(tx, scope, now),
        staleData: stale.map((row) => ({
          force: row.forceName,
          share: shareOf(row.handedBack, row.told),
        })),
      };
    });
  }
}
