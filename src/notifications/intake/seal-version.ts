import { newId } from '../../common/ids.js';
import type { Sealer } from '../../sealing/sealer.js';

/** The ids and sealed text of a version. `wrappedKey` is absent where the notification's key is kept already. */
export interface SealedVersion {
  readonly notificationId: string;
  readonly versionId: string;
  readonly ciphertext: Buffer;
  readonly newKey: { readonly wrappedKey: Buffer; readonly masterKeyVersion: number } | null;
}

export interface StoredKey {
  readonly wrappedKey: Buffer;
  readonly masterKeyVersion: number;
}

/** As the first version of a new notification, under a key of its own. Done before the transaction. */
export function sealFirst(sealer: Sealer, text: string, notificationId = newId()): SealedVersion {
  const versionId = newId();
  const { wrappedKey, masterKeyVersion, ...dataKey } = sealer.newDataKey(notificationId);
  return {
    notificationId,
    versionId,
    ciphertext: sealer.sealWith(dataKey, versionId, text),
    newKey: { wrappedKey, masterKeyVersion },
  };
}

/** As a later version: under the notification's key, or a new one where that was destroyed (what it sealed stays erased). */
export function sealLater(
  sealer: Sealer,
  text: string,
  notificationId: string,
  stored: StoredKey | null,
): SealedVersion {
  if (!stored) return sealFirst(sealer, text, notificationId);
  const versionId = newId();
  const dataKey = sealer.unwrapDataKey(notificationId, stored);
  return { notificationId, versionId, ciphertext: sealer.sealWith(dataKey, versionId, text), newKey: null };
}
