import { isOpen } from '../../directory/domain/setting.js';
import { type SettingFact } from './routing.types.js';

/**
 * The open settings that a closed one leads to, following successor links through other closed ones. Loops exist
 * in the register (each setting is visited once), and a proposed school counts only when it has opened.
 */
export function openSuccessors(
  urn: string,
  settings: ReadonlyMap<string, SettingFact>,
  links: readonly { urn: string; successorUrn: string }[],
): SettingFact[] {
  const visited = new Set([urn]);
  const waiting = [urn];
  const open: SettingFact[] = [];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    for (const link of links) {
      if (link.urn !== at || visited.has(link.successorUrn)) continue;
      visited.add(link.successorUrn);
      const successor = settings.get(link.successorUrn);
      if (!successor) continue;
      if (successor.status === 'closed') waiting.push(successor.urn);
      else if (isOpen(successor.status) && successor.routable) open.push(successor);
    }
  }
  return open.sort((a, b) => a.urn.localeCompare(b.urn));
}
