/** What tells contacts of one post (a place and a role) apart. */
export interface ContactIdentity {
  name: string;
  email: string | null;
}

const same = (a: string | null, b: string | null): boolean =>
  (a ?? '').toLowerCase() === (b ?? '').toLowerCase();

/**
 * Which stored contact of the same post each row of a file is: the same address and name; else the same address (somebody
 * was renamed); else the same name (somebody has a new address). Nobody is two, and two are never one. Pure.
 * @returns one entry per row: the stored contact, or null for somebody new
 */
export function matchContacts<Stored extends ContactIdentity>(
  stored: readonly Stored[],
  rows: readonly ContactIdentity[],
): (Stored | null)[] {
  const free = new Set(stored);
  const found: (Stored | null)[] = rows.map(() => null);
  const pass = (fits: (one: Stored, row: ContactIdentity) => boolean): void => {
    rows.forEach((row, index) => {
      if (found[index]) return;
      const candidates = [...free].filter((one) => fits(one, row));
      const [only] = candidates;
      if (!only || candidates.length > 1) return;
      found[index] = only;
      free.delete(only);
    });
  };
  pass((one, row) => same(one.email, row.email) && same(one.name, row.name));
  pass((one, row) => row.email !== null && same(one.email, row.email));
  pass((one, row) => same(one.name, row.name));
  return found;
}

/** In order of first appearance (Map.groupBy, which Node 20 lacks). */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
