import { PHRASE } from './limits.js';
import { isPlainObject } from './rules.js';

const UNSAFE = /[\0\p{Surrogate}]/u;
/** The member in text that is not valid JSON; inside a string value its quotes would be escaped. */
const IN_BROKEN_JSON = /(?<!\\)"forceReference"\s*:\s*("(?:[^"\\\u0000-\u001f]|\\.){1,700}")/;

/**
 * The force's own reference of a body that is being refused, so that the refusal can be kept as a content-free row.
 * @param body parsed JSON, or the raw text of a body that could not be parsed (one cut in half, for instance)
 * @returns null when none can be read, or when it is not one we could keep
 */
export function readForceReference(body: unknown): string | null {
  if (typeof body === 'string') return usable(fromBrokenJson(body));
  return isPlainObject(body) && Object.hasOwn(body, 'forceReference') ? usable(body['forceReference']) : null;
}

function fromBrokenJson(text: string): unknown {
  const quoted = IN_BROKEN_JSON.exec(text)?.[1];
  if (!quoted) return null;
  try {
    return JSON.parse(quoted) as unknown;
  } catch {
    return null;
  }
}

function usable(reference: unknown): string | null {
  if (typeof reference !== 'string' || reference.length > PHRASE) return null;
  return reference.trim() === '' || UNSAFE.test(reference) ? null : reference;
}
