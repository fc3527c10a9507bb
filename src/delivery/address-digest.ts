import { createHash } from 'node:crypto';

/**
 * Which address a mailing went to, without keeping it: a report that comes days later, or is forged, is then held against that
 * address and not against the one that the contact has by then. Bound to the mailing, so that it links nobody's mailings.
 */
export function addressDigest(mailingId: string, address: string): Buffer {
  const canonical = address.trim().toLowerCase();
  return createHash('sha256').update(`firstbell:address\0${mailingId}\0${canonical}`).digest();
}
