import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { DataKey } from './seal.js';
import { Sealer } from './sealer.js';

export type SealedKind = 'notification' | 'action' | 'telephone' | 'redirect' | 'hand-over' | 'follow-up';

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

  /**
   * As `openMany`, for texts of several notifications at once: a list of 80 rows is one question, not 160.
   * @param ids ids of `sealed_text` @returns id -> text for those rows that exist and may be seen
   */
  async openAcross(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<{
      id: string;
      notification_id: string;
      ciphertext: Buffer;
      wrapped_key: Buffer;
      master_key_version: number;
    }>(
      `SELECT t.id, t.notification_id, t.ciphertext, k.wrapped_key, k.master_key_version
       FROM sealed_text t JOIN sealed_key k ON k.notification_id = t.notification_id WHERE t.id = ANY($1)`,
      [ids],
    );
    return new Map(
      rows.map((row) => {
        const key = this.sealer.unwrapDataKey(row.notification_id, {
          wrappedKey: row.wrapped_key,
          masterKeyVersion: row.master_key_version,
        });
        return [row.id, this.sealer.openWith(key, row.id, row.ciphertext).toString('utf8')];
      }),
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
