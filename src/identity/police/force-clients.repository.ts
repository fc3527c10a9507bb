import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';

export interface ForceClientRow {
  clientId: string;
  forceCode: string;
  secretDigest: Buffer | null;
  jwks: { keys: Record<string, unknown>[] } | null;
  scopes: string[];
  revokedAt: Date | null;
}

const COLUMNS = `client_id AS "clientId", force_code AS "forceCode", secret_digest AS "secretDigest", jwks, scopes,
  revoked_at AS "revokedAt"`;

/** Rows of `force_client`. Only system work and administrators see them. */
@Injectable()
export class ForceClientRows {
  async find(tx: Tx, clientId: string): Promise<ForceClientRow | null> {
    const [row] = await tx.query<ForceClientRow>(`SELECT ${COLUMNS} FROM force_client WHERE client_id = $1`, [
      clientId,
    ]);
    return row ?? null;
  }

  async insert(tx: Tx, row: ForceClientRow, at: Date): Promise<void> {
    await tx.execute(
      `INSERT INTO force_client (client_id, force_code, secret_digest, jwks, scopes, created_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [row.clientId, row.forceCode, row.secretDigest, row.jwks && JSON.stringify(row.jwks), row.scopes, at],
    );
  }

  /** @returns the client's force, or null when there is no such client that still works */
  async replaceSecret(tx: Tx, clientId: string, digest: Buffer): Promise<string | null> {
    const [row] = await tx.query<{ force_code: string }>(
      `UPDATE force_client SET secret_digest = $2 WHERE client_id = $1 AND revoked_at IS NULL AND jwks IS NULL RETURNING force_code`,
      [clientId, digest],
    );
    return row?.force_code ?? null;
  }

  async revoke(tx: Tx, clientId: string, at: Date): Promise<string | null> {
    const [row] = await tx.query<{ force_code: string }>(
      `UPDATE force_client SET revoked_at = $2, secret_digest = NULL, jwks = NULL
       WHERE client_id = $1 AND revoked_at IS NULL RETURNING force_code`,
      [clientId, at],
    );
    return row?.force_code ?? null;
  }

  async forceExists(tx: Tx, code: string): Promise<boolean> {
    return (await tx.query(`SELECT 1 FROM force WHERE code = $1`, [code])).length > 0;
  }
}
