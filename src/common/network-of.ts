import { isIPv6 } from 'node:net';

const GROUPS = 8;

/**
 * Whose address it is, for limits: an IPv4 address as it stands; of an IPv6 address the first 64 bits, because one machine may take
 * any address below them. An IPv4 address written as IPv6 (::ffff:192.0.2.1) is that IPv4 address.
 *
 * @returns what is no address as it came
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return address;
  const groups = groupsOf(bare);
  const [high = 0, low = 0] = groups.slice(6);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** URL writes every spelling of an address in one way, without dots. */
function groupsOf(address: string): number[] {
  const written = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [left = [], right = []] = written.split('::').map((half) =>
    half
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16)),
  );
  const zeros = Array.from({ length: GROUPS - left.length - right.length }, () => 0);
  return [...left, ...zeros, ...right];
}
