import { isOpen, type SettingStatus } from './setting.js';

export interface ChainSetting {
  urn: string;
  name: string;
  status: SettingStatus;
  routable: boolean;
}

export interface ChainLink {
  urn: string;
  linkedUrn: string;
  linkType: string;
  /** ISO date; null where the register leaves it blank. */
  establishedOn: string | null;
}

export interface ChainStep {
  /** 1 for the direct successors. */
  step: number;
  from: string;
  urn: string;
  /** Null when the register names a number that it does not have. */
  name: string | null;
  status: SettingStatus | null;
  linkType: string;
  establishedOn: string | null;
  /** The chain was here before: a loop, or two ways to the same school. Not followed again. */
  seenBefore: boolean;
}

export type ChainOutcome = 'open-itself' | 'one-successor' | 'several-successors' | 'no-successor';

export interface SuccessorChain {
  steps: ChainStep[];
  /** Open settings at the chain's ends: where a notice for the closed one would go when there is exactly one. */
  open: ChainSetting[];
  outcome: ChainOutcome;
  loops: boolean;
}

/**
 * What became of a setting, step by step along the register's successor links. Closed ones are followed, open and proposed ones
 * end their branch; every setting is visited once, because the real register has loops.
 */
export function successorChain(
  start: ChainSetting,
  settings: ReadonlyMap<string, ChainSetting>,
  links: readonly ChainLink[],
): SuccessorChain {
  if (isOpen(start.status)) return { steps: [], open: [start], outcome: 'open-itself', loops: false };
  const steps: ChainStep[] = [];
  const open: ChainSetting[] = [];
  const visited = new Set([start.urn]);
  const ancestors = new Map<string, ReadonlySet<string>>([[start.urn, new Set()]]);
  let loops = false;
  let layer = [start.urn];
  for (let step = 1; layer.length > 0; step += 1) {
    const next: string[] = [];
    for (const link of links.filter(({ urn }) => layer.includes(urn)).sort(byAddress)) {
      const found = settings.get(link.linkedUrn);
      const above = new Set([...(ancestors.get(link.urn) ?? []), link.urn]);
      const seenBefore = visited.has(link.linkedUrn);
      if (above.has(link.linkedUrn)) loops = true;
      steps.push({
        step,
        from: link.urn,
        urn: link.linkedUrn,
        name: found?.name ?? null,
        status: found?.status ?? null,
        linkType: link.linkType,
        establishedOn: link.establishedOn,
        seenBefore,
      });
      if (seenBefore) continue;
      visited.add(link.linkedUrn);
      ancestors.set(link.linkedUrn, above);
      if (found?.status === 'closed') next.push(found.urn);
      else if (found && isOpen(found.status) && found.routable) open.push(found);
    }
    layer = next;
  }
  const outcome =
    open.length === 0 ? 'no-successor' : open.length === 1 ? 'one-successor' : 'several-successors';
  return { steps, open, outcome, loops };
}

function byAddress(a: ChainLink, b: ChainLink): number {
  return a.urn.localeCompare(b.urn) || a.linkedUrn.localeCompare(b.linkedUrn);
}

/** What follows from the chain for a notice, in one sentence. */
export function chainWords({ outcome, open, loops }: SuccessorChain): string {
  const around = loops ? ' The links lead in a circle; each setting was looked at once.' : '';
  switch (outcome) {
    case 'open-itself':
      return 'It is open: nothing has to be followed.';
    case 'one-successor':
      return `A notice that names it goes to ${open[0]?.name ?? ''} (${open[0]?.urn ?? ''}).${around}`;
    case 'several-successors':
      return `Several open settings follow it (${open.map(({ urn }) => urn).join(', ')}): a person chooses, never the system.${around}`;
    case 'no-successor':
      return `No open setting follows it: a notice that names it goes to the triage desk.${around}`;
  }
}
