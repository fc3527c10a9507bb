import { isOpen, normaliseLaestab } from '../../directory/domain/setting.js';
import { reason } from './reasons.js';
import { type RoutingFacts, type RoutingReason, type SettingFact } from './routing.types.js';
import { openSuccessors } from './successors.js';

/** Where one stated or known key leads: one open setting, or candidates for a person with the reason why not. */
export type Resolution =
  | { setting: SettingFact; reasons: RoutingReason[] }
  | { setting: null; reasons: RoutingReason[]; candidates: SettingFact[] };

/** A stated setting by URN, else by LAESTAB (not unique, not even among open settings). */
export function resolveStated(
  stated: { urn?: string | null; laestab?: string | null },
  facts: RoutingFacts,
): Resolution {
  if (stated.urn) return resolveUrn(stated.urn, facts, 'stated-urn');
  const laestab = normaliseLaestab(stated.laestab ?? '');
  const same =
    laestab === null ? [] : distinct(facts.settings).filter((setting) => setting.laestab === laestab);
  const open = same.filter((setting) => isOpen(setting.status) && setting.routable);
  if (open.length === 1 && open[0]) return { setting: open[0], reasons: [reason('stated-laestab')] };
  if (open.length > 1) return { setting: null, reasons: [reason('several-open')], candidates: open };
  return resolveClosed(same, facts);
}

/** A URN: open as it stands, or the only open successor of a closed one. */
export function resolveUrn(urn: string, facts: RoutingFacts, open: 'stated-urn' | 'pupil-base'): Resolution {
  const setting = facts.settings.find((one) => one.urn === urn);
  if (setting && isOpen(setting.status) && setting.routable) return { setting, reasons: [reason(open)] };
  const resolved = resolveClosed(setting ? [setting] : [], facts);
  return resolved.setting && open === 'pupil-base'
    ? { ...resolved, reasons: [reason('pupil-base'), ...resolved.reasons] }
    : resolved;
}

function resolveClosed(found: readonly SettingFact[], facts: RoutingFacts): Resolution {
  const none = (code: Parameters<typeof reason>[0], candidates: SettingFact[] = []): Resolution => ({
    setting: null,
    reasons: [reason(code)],
    candidates,
  });
  if (found.length === 0) return none('unknown-setting');
  if (found.some((setting) => !setting.routable)) return none('never-routed');
  if (found.some((setting) => setting.status === 'proposed-to-open')) return none('not-open-yet', [...found]);
  const byUrn = new Map(facts.settings.map((setting) => [setting.urn, setting]));
  const open = distinct(found.flatMap((setting) => openSuccessors(setting.urn, byUrn, facts.successors)));
  if (open.length === 1 && open[0]) return { setting: open[0], reasons: [reason('successor')] };
  return open.length > 1 ? none('several-successors', open) : none('closed-without-successor');
}

export function distinct(settings: readonly SettingFact[]): SettingFact[] {
  return [...new Map(settings.map((setting) => [setting.urn, setting])).values()];
}
