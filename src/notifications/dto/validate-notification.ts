import { checkObject, MOST_FAULTS } from './check-rules.js';
import { compileRules, type DtoClass, type Fault } from './compile-rules.js';
import { NotificationDto } from './notification.dto.js';
import { isPlainObject } from './rules.js';
import { validateAt } from './validation-instant.js';

export type Validated<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly Fault[] };

/**
 * Holds parsed JSON against the notification contract: every fault at once, and no value repeated in any of them.
 * @param now the injected Clock's instant, for "not in the future" and "at most 5 minutes ahead"
 * @returns on success the same object, typed: nothing is coerced, trimmed or defaulted, so that police words stay as sent.
 *   Never throws, whatever the JSON.
 */
export function validateNotification(body: unknown, now: Date): Validated<NotificationDto> {
  return validateBody(NotificationDto, body, now);
}

/** The same for any DTO class whose rules are class-validator decorators. */
export function validateBody<T extends object>(dto: new () => T, body: unknown, now: Date): Validated<T> {
  if (!isPlainObject(body)) {
    return { ok: false, errors: [{ pointer: '', code: 'wrong-type', detail: 'Send one JSON object.' }] };
  }
  const errors: Fault[] = [];
  validateAt(now, () => checkObject(compileRules(dto as DtoClass), body, '', errors));
  if (errors.length === 0) return { ok: true, value: body as T };
  return { ok: false, errors: errors.length > MOST_FAULTS ? withNotice(errors) : errors };
}

function withNotice(errors: readonly Fault[]): Fault[] {
  const detail = `More than ${MOST_FAULTS} errors: only the first ${MOST_FAULTS} are listed.`;
  return [...errors.slice(0, MOST_FAULTS), { pointer: '', code: 'too-many-errors', detail }];
}
