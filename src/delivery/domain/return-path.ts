/** Ids that a return path may carry: a mailing's, that of a mail about an alert, or a code's (which nobody looks up). */
const TAG = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.\d{1,9}){0,2}$/;

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
