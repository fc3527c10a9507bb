/**
 * For what the surrounding state guarantees and the type cannot say.
 * @throws Error naming what was missing, instead of going on with nothing
 */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}
