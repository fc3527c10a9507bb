import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { DataKey } from './seal.js';
import { Sealer } from './sealer.js';

export type SealedKind = 'notification' | 'action' | 'telephone' | 'redirect';

export interface NewSealedText {
  id: string;
  notificationId: string;
  /** The notice whose readers may open it; null for the police's own words, which every recipient is shown a part of. */
  noticeId: string | null;
  kind: SealedKind;
  text: string;
  at: Date;
}

/**
 * Rows of `sealed_text`, each sealed under its notification's own key (`sealed_key`). Row-level security decides which
 * rows a transaction's actor can fetch; the key decides whether anybody can read them at all.
 */
@Injectable()
export class SealedTexts {
  constructor(private readonly sealer: Sealer) {}

  /** @throws SealingError when the notification's key was destroyed (erased) or its master key is not configured */
  async seal(tx: Tx, entry: NewSealedText): Promise<void> {
    const key = await this.dataKey(tx, entry.notificationId);
    if (!key) throw new Error('the notification has no key: it was erased');
    await tx.execute(
      `INSERT INTO sealed_text (id, notification_id, notice_id, kind, ciphertext, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        entry.id,
        entry.notificationId,
        entry.noticeId,
        entry.kind,
        this.sealer.sealWith(key, entry.id, entry.text),
        entry.at,
      ],
    );
  }

  /** @returns the text, or null when it was erased or the actor may not see it */
  async open(tx: Tx, notificationId: string, id: string): Promise<string | null> {
    return (await this.openMany(tx, notificationId, [id])).get(id) ?? null;
  }

  /** @returns id -> text for those rows of one notification that exist and may be seen */
  async openMany(tx: Tx, notificationId: string, ids: readonly string[]): Promise<Map<string, string>> {
    const key = await this.dataKey(tx, notificationId);
    if (!key || ids.length === 0) return new Map();
    const rows = await tx.query<{ id: string; ciphertext: Buffer }>(
      `SELECT id, ciphertext FROM sealed_text WHERE notification_id = $1 AND id = ANY($2)`,
      [notificationId, ids],
    );
    return new Map(
      rows.map((row) => [row.id, this.sealer.openWith(key, row.id, row.ciphertext).toString('utf8')]),
    );
  }

  private async dataKey(tx: Tx, notificationId: string): Promise<DataKey | null> {
    const [row] = await tx.query<{ wrapped_key: Buffer; master_key_version: number }>(
      `SELECT wrapped_key, master_key_version FROM sealed_key WHERE notification_id = $1`,
      [notificationId],
    );
    if (!row) return null;
    return this.sealer.unwrapDataKey(notificationId, {
      wrappedKey: row.wrapped_key,
      masterKeyVersion: row.master_key_version,
    });
  }
}
