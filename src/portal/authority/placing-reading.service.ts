import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import type { Tx } from '../../database/database.js';
import { SealedTexts } from '../../sealing/sealed-texts.js';
import type { NoticeEntity } from '../../notices/notice.entity.js';
import type { Option } from '../presenters/authority.view-model.js';
import { shortMoment } from '../presenters/london-time.js';
import type { TriageCandidate, TriageRow } from '../presenters/triage.view-model.js';
import type { DeskScope } from './desk-scope.js';
import { SettingSearch } from './setting-search.repository.js';
import type { ChildToPlace } from './triage/triage-child.js';
import { TriageItems } from './triage/triage-items.service.js';
import { candidatesFor, claimWords } from './triage/triage.presenter.js';
import { TriageRows } from './triage/triage-rows.repository.js';

/** What an officer needs to place one child. */
export interface PlacingReading {
  readonly child: ChildToPlace;
  readonly claim: TriageRow['claim'];
  readonly candidates: readonly TriageCandidate[];
  readonly found: readonly TriageCandidate[] | null;
  readonly authorities: readonly Option[];
  /** A choice that the school has not been told of yet. */
  readonly waiting: { readonly id: string; readonly words: string } | null;
  /** Null where the child's area is served. */
  readonly outside: { readonly to: string | null } | null;
}

@Injectable()
export class PlacingReadings {
  constructor(
    private readonly clock: Clock,
    private readonly rows: TriageRows,
    private readonly items: TriageItems,
    private readonly search: SettingSearch,
    private readonly sealedTexts: SealedTexts,
  ) {}

  /** @returns null when it waits at no desk. The caller has put the look on the record. */
  async of(tx: Tx, scope: DeskScope, noticeId: string, searchText: string): Promise<PlacingReading | null> {
    const records = await this.rows.one(tx, scope, noticeId);
    const read = await this.items.gather(tx, records);
    const [item] = read.items;
    if (!item) return null;
    const now = this.clock.now();
    const { contactId, authorityCode } = scope;
    const waiting = await this.rows.waitingPlacement(tx, noticeId);
    const found = searchText === '' ? null : await this.search.find(tx, authorityCode, searchText);
    const authorities = await this.rows.authorities(tx);
    return {
      child: item.child,
      claim: claimWords(item.detail, { contactId, now, realNow: this.clock.realNow() }),
      candidates: candidatesFor([item], read, { authorityCode }),
      found: found?.map((one) => ({ ...one, why: one.reasons.join('; '), source: null })) ?? null,
      authorities: authorities
        .filter(({ code }) => code !== authorityCode)
        .map(({ code, name, served }) => ({
          value: code,
          text: served ? name : `${name} (not served here)`,
        })),
      waiting: waiting && {
        id: waiting.id,
        words: `${waiting.officer} has chosen ${waiting.setting}. It is told at ${shortMoment(waiting.sendAt, now).words}.`,
      },
      outside: item.record.outside ? { to: item.record.outsideName } : null,
    };
  }

  /** @returns null for a placement that there is not, or that this officer must not know of */
  noticeOf(tx: Tx, placementId: string): Promise<string | null> {
    return this.rows.noticeOfPlacement(tx, placementId);
  }

  /** "Eastmarch was told by telephone at 07:50: Jo Day, duty officer. Recorded by Sam Dale." */
  async handedOver(tx: Tx, notice: NoticeEntity): Promise<string | null> {
    if (!notice.handedOverAt) return null;
    const row = await this.rows.handOver(tx, notice.id);
    if (!row) return null;
    const whom = await this.sealedTexts.open(tx, notice.notificationId, row.textId);
    const at = shortMoment(row.toldAt, this.clock.now()).words;
    return `${row.authority ?? 'The other area'} was told ${HOW[row.how] ?? row.how} at ${at}: ${whom ?? 'erased'}. Recorded by ${row.by}.`;
  }
}

const HOW: Readonly<Record<string, string>> = {
  telephone: 'by telephone',
  'secure-email': 'by secure e-mail',
  portal: 'through its own portal',
  'in-person': 'in person',
};
