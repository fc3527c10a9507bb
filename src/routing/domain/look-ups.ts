import { normaliseLaestab } from '../../directory/domain/setting.js';
import { type ChildToRoute } from './routing.types.js';
import { readStatedName } from './stated-name.js';

/** What must be looked up before `routeChild` can decide. */
export interface LookUps {
  /** Each with the settings its successor links lead to. */
  urns: string[];
  /** Seven digits each; every setting with that number, open or closed. */
  laestabs: string[];
  /**
   * The stated name's distinctive words. Namesakes are all settings whose own `core` resembles it
   * (similarity() > 0.3, best first, enough of them that no namesake is cut off) and the targets of equal aliases.
   */
  nameCore: string | null;
}

/** Pure. Unusable numbers are left out: `routeChild` reports them as unknown. */
export function lookUpsFor(child: Pick<ChildToRoute, 'settings' | 'schoolStated'>): LookUps {
  const urns = child.settings.flatMap(({ urn }) => (urn ? [urn] : []));
  const laestabs = child.settings.flatMap(({ urn, laestab }) => {
    const normal = urn ? null : normaliseLaestab(laestab ?? '');
    return normal === null ? [] : [normal];
  });
  const core = readStatedName(child.schoolStated ?? '').core;
  return { urns: [...new Set(urns)], laestabs: [...new Set(laestabs)], nameCore: core === '' ? null : core };
}
