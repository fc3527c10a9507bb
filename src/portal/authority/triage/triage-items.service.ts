import { Injectable } from '@nestjs/common';
import { Audit } from '../../../audit/audit.js';
import { Clock } from '../../../common/clock.js';
import { present } from '../../../common/present.js';
import type { Tx } from '../../../database/database.js';
import { LastPlacement } from '../../../routing/last-placement.service.js';
import { SealedTexts } from '../../../sealing/sealed-texts.js';
import type { DeskScope } from '../desk-scope.js';
import { childToPlace } from './triage-child.js';
import type { TriageItem } from './triage-groups.js';
import type { Sources } from './triage.presenter.js';
import { TriageRows, type CandidateRecord, type TriageRecord } from './triage-rows.repository.js';

export interface ItemsRead {
  readonly items: readonly TriageItem[];
  readonly sources: Sources;
  readonly settings: readonly Omit<CandidateRecord, 'noticeId' | 'score' | 'why'>[];
}

/** Children that wait for a setting, with their names: every look is on the record, one event per child. */
@Injectable()
export class TriageItems {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly rows: TriageRows,
    private readonly sealedTexts: SealedTexts,
    private readonly lastPlacement: LastPlacement,
  ) {}

  async read(tx: Tx, scope: DeskScope, records: readonly TriageRecord[]): Promise<ItemsRead> {
    await this.recordLooks(tx, scope, records);
    return this.gather(tx, records);
  }

  /** As `read`; the caller puts the look on the record. */
  async gather(tx: Tx, records: readonly TriageRecord[]): Promise<ItemsRead> {
    const ids = records.map(({ id }) => id);
    if (ids.length === 0) return { items: [], sources: new Map(), settings: [] };
    const details = await this.rows.details(tx, ids, this.clock.realNow());
    const detailOf = new Map(details.map((detail) => [detail.id, detail]));
    const textIds = details.flatMap(({ textId }) => (textId ? [textId] : []));
    const texts = await tx.asSystem(() => this.sealedTexts.openAcross(tx, [...new Set(textIds)]));
    const candidates = byNotice(await this.rows.candidates(tx, ids));
    const items = records.map((record): TriageItem => {
      const detail = present(detailOf.get(record.id), 'the detail of a row');
      return {
        record,
        detail,
        child: childToPlace(detail.textId ? texts.get(detail.textId) : undefined, record.childReference),
        candidates: candidates.get(record.id) ?? [],
      };
    });
    const sources = await this.sourcesOf(tx, items);
    const urns = [...sources.values()].flat().map(({ urn }) => urn);
    return { items, sources, settings: await this.rows.settings(tx, [...new Set(urns)]) };
  }

  /** A school's word, and where the child went last time, are one click away, and never more than that. */
  private async sourcesOf(tx: Tx, items: readonly TriageItem[]): Promise<Sources> {
    const before = await this.lastPlacement.ofMany(
      tx,
      items.map(({ record }) => record.id),
    );
    return new Map(
      items.map(({ record, detail }) => {
        const last = before.get(record.id);
        return [
          record.id,
          [
            ...(detail.saidUrn ? [{ urn: detail.saidUrn, source: 'The last school says' }] : []),
            ...(last ? [{ urn: last.urn, source: lastWords(last) }] : []),
          ],
        ];
      }),
    );
  }

  private async recordLooks(tx: Tx, scope: DeskScope, records: readonly TriageRecord[]): Promise<void> {
    await this.audit.record(
      tx,
      ...records.map((record) => ({
        action: 'desk.read' as const,
        noticeId: record.id,
        notificationId: record.notificationId,
        authorityCode: scope.authorityCode,
        contactId: scope.contactId,
        detail: { child: true, list: true },
      })),
    );
  }
}

function lastWords({ byDesk, acknowledged }: { byDesk: boolean; acknowledged: boolean }): string {
  if (byDesk) return 'Placed here by a desk last time';
  return acknowledged ? 'Read here last time' : 'Sent here last time';
}

function byNotice(rows: readonly CandidateRecord[]): Map<string, CandidateRecord[]> {
  const found = new Map<string, CandidateRecord[]>();
  for (const row of rows) found.set(row.noticeId, [...(found.get(row.noticeId) ?? []), row]);
  return found;
}
