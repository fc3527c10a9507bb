/**
 * Trigrams exactly as PostgreSQL's pg_trgm makes them: words of letters and digits, lower case, two spaces before
 * and one after each word. So SQL may preselect by similarity() and agree with the score given here.
 */
export function trigrams(text: string): Set<string> {
  const found = new Set<string>();
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    const padded = [...`  ${word} `];
    for (let at = 0; at + 3 <= padded.length; at += 1) found.add(padded.slice(at, at + 3).join(''));
  }
  return found;
}

/** pg_trgm's similarity(a, b): shared trigrams by all trigrams, 0 to 1; 0 when neither has any. */
export function similarity(a: string, b: string): number {
  const left = trigrams(a);
  const right = trigrams(b);
  let shared = 0;
  for (const one of left) if (right.has(one)) shared += 1;
  const all = left.size + right.size - shared;
  return all === 0 ? 0 : shared / all;
}
