const PRINTABLE = /^[\x20-\x7e]{1,255}$/;

/** Days for which a key is remembered. */
export const KEY_DAYS = 30;

/**
 * @param header the request's Idempotency-Key as Node gives it
 * @returns the key, or null when there is none
 * @throws RangeError when it is not 1 to 255 printable ASCII characters
 */
export function readIdempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header !== 'string' || !PRINTABLE.test(header)) {
    throw new RangeError('an Idempotency-Key has 1 to 255 printable ASCII characters');
  }
  return header;
}
