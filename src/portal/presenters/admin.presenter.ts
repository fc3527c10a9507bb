import type { SystemCheck } from './admin.view-model.js';

/** "Every check is clean." or "2 checks need attention." */
export function checksWords(checks: readonly Pick<SystemCheck, 'ok'>[]): string {
  if (checks.length === 0) return 'No checks have run yet.';
  const failing = checks.filter((check) => !check.ok).length;
  if (failing === 0) return 'Every check is clean.';
  return failing === 1 ? '1 check needs attention.' : `${failing} checks need attention.`;
}
