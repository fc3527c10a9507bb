import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { NoticeEntity } from '../../notices/notice.entity.js';
import { SealedTexts } from '../../sealing/sealed-texts.js';

/** What one setting said when it handed the child back. */
export interface SettingSays {
  readonly words: string;
  readonly at: Date;
  /** Null where it cannot be told from another that said something at the same instant, or is not this officer's to know. */
  readonly setting: string | null;
}

/** Words of the settings that handed a child back. A desk has one notice of a child, however many settings did. */
@Injectable()
export class HandBacks {
  constructor(private readonly sealedTexts: SealedTexts) {}

  /** @returns the first first; without those that were erased */
  async words(tx: Tx, notice: NoticeEntity): Promise<SettingSays[]> {
    const rows = await tx.query<{ id: string; at: Date; setting: string | null }>(
      `SELECT t.id, t.created_at AS at, (SELECT CASE WHEN count(*) = 1 THEN min(s.name) END
           FROM whereabouts_said w JOIN notice f ON f.id = w.from_notice_id JOIN setting s ON s.urn = f.setting_urn
           WHERE w.notice_id = t.notice_id AND w.said_at = t.created_at) AS setting
       FROM sealed_text t WHERE t.notice_id = $1 AND t.kind = 'redirect' ORDER BY t.created_at, t.id`,
      [notice.id],
    );
    const texts = await this.sealedTexts.openMany(
      tx,
      notice.notificationId,
      rows.map(({ id }) => id),
    );
    return rows.flatMap(({ id, at, setting }) => {
      const words = texts.get(id);
      return words === undefined ? [] : [{ words, at, setting }];
    });
  }
}
