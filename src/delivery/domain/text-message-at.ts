import { quietUntil } from '../../escalation/domain/quiet-hours.js';
import { isHigh, type RiskGrade } from '../../escalation/domain/risk.js';

const DEFAULT_QUIET = { from: '21:00', to: '06:30' } as const;

/**
 * When a text message about a notice may go: at once for HIGH, otherwise after the quiet hours of the notice's own policy; never
 * so late that it would come after the deadline.
 */
export function textMessageAt(
  now: Date,
  notice: { risk: RiskGrade; acknowledgeBy: Date | null; policy: unknown },
): Date {
  if (isHigh(notice.risk)) return now;
  const awake = quietUntil(now, quietHoursOf(notice.policy));
  const deadline = notice.acknowledgeBy;
  return deadline && now < deadline && awake >= deadline ? now : awake;
}

function quietHoursOf(policy: unknown): { from: `${number}:${number}`; to: `${number}:${number}` } {
  const quiet = (policy as { quietHours?: { from?: unknown; to?: unknown } } | null)?.quietHours;
  return isTime(quiet?.from) && isTime(quiet.to) ? { from: quiet.from, to: quiet.to } : DEFAULT_QUIET;
}

function isTime(value: unknown): value is `${number}:${number}` {
  return typeof value === 'string' && /^\d\d:\d\d$/.test(value);
}
