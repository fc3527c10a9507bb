/** A contact, and the contacts of those who stand for it. */
export interface VouchedContact {
  id: string;
  /** Empty: an operator's file brought it. */
  vouchedBy: readonly string[];
  /** As a person: a party to the incident, or a relation. */
  excluded: boolean;
}

/**
 * For whom nobody stands but people who must not know, or others for whom only such people stand. Two who stand for each other are
 * doubted when one of the excluded stands for either: a sock puppet's friend is no witness. Pure.
 *
 * @param contacts with everybody who stands for any of them
 * @returns ids; the excluded themselves are not among them
 */
export function vouchedByExcluded(contacts: readonly VouchedContact[]): Set<string> {
  const doubted = new Set(contacts.filter(({ excluded }) => excluded).map(({ id }) => id));
  untilSettled(contacts, ({ id, vouchedBy }) => {
    if (doubted.has(id) || !vouchedBy.some((by) => doubted.has(by))) return false;
    doubted.add(id);
    return true;
  });
  untilSettled(contacts, ({ id, vouchedBy, excluded }) => {
    if (excluded || !doubted.has(id) || vouchedBy.every((by) => doubted.has(by))) return false;
    return doubted.delete(id);
  });
  for (const { id, excluded } of contacts) if (excluded) doubted.delete(id);
  return doubted;
}

function untilSettled(contacts: readonly VouchedContact[], change: (one: VouchedContact) => boolean): void {
  while (contacts.filter(change).length > 0);
}
