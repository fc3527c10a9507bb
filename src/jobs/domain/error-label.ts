const SAFE = /^[A-Za-z0-9_.:-]{1,60}$/;

/**
 * What may be stored and shown about an error: its code or its class name. Never its message, which can quote an
 * address, a name or a row.
 */
export function errorLabel(error: unknown): string {
  const candidate = error as
    { code?: unknown; driverError?: { code?: unknown }; name?: unknown } | null | undefined;
  for (const label of [candidate?.driverError?.code, candidate?.code, candidate?.name]) {
    if (typeof label === 'string' && SAFE.test(label)) return label;
  }
  return 'unknown';
}
