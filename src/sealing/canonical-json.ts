import canonicalize from 'canonicalize';

/** RFC 8785 JSON: the same for any order of keys and any spelling of a number. @throws TypeError for what is not JSON. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}
