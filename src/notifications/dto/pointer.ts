/** One more reference token (RFC 6901) after a pointer. */
export function pointerTo(parent: string, member: string): string {
  return `${parent}/${member.includes('~') || member.includes('/') ? escaped(member) : member}`;
}

function escaped(member: string): string {
  return member.replaceAll('~', '~0').replaceAll('/', '~1');
}
