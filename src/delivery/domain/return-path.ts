/** Ids that a return path may carry: a mailing's, or that of an alert or code (which nobody looks up). */
const TAG = /^[0-9a-f][0-9a-f.-]{7,62}$/i;

/**
 * The envelope sender that makes a bounce find its way back (VERP): `bounces@example.org` becomes
 * `bounces+<mailing id>@example.org`.
 *
 * @param bounceAddress an address whose mailbox, or whose listener, takes anything after a plus sign
 */
export function returnPathOf(bounceAddress: string, mailingId: string): string {
  const at = bounceAddress.lastIndexOf('@');
  return `${bounceAddress.slice(0, at)}+${mailingId}${bounceAddress.slice(at)}`;
}

/** @returns the mailing id, or null when the address is not such a return path of ours */
export function mailingIdOf(bounceAddress: string, address: string): string | null {
  const at = bounceAddress.lastIndexOf('@');
  const local = bounceAddress.slice(0, at).toLowerCase();
  const domain = bounceAddress.slice(at).toLowerCase();
  const given = address.trim().toLowerCase();
  if (!given.startsWith(`${local}+`) || !given.endsWith(domain)) return null;
  const tag = given.slice(local.length + 1, given.length - domain.length);
  return TAG.test(tag) ? tag : null;
}
