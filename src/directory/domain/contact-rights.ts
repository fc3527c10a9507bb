/** Who wants to change a contact, in which post. */
export interface Keeper {
  contactId: string;
  role: string;
}

const KEEP_ALL = ['dsl', 'head', 'officer', 'manager'];

/**
 * Head and DSL keep all contacts of their setting, officers and managers those of their authority. Deputies and out-of-hours
 * officers keep their own details and absences: they may be asked in at any time, and whoever can take a DSL off the list decides
 * who is told about a child.
 */
export function keepsAll({ role }: Keeper): boolean {
  return KEEP_ALL.includes(role);
}

/** @returns null when it is allowed, otherwise why not, for the person who asked */
export function mayChange(keeper: Keeper, contactId: string): string | null {
  if (keeper.contactId === contactId || keepsAll(keeper)) return null;
  return 'You keep your own details and absences. The head or the DSL keeps the details of others.';
}

/** Nobody takes themselves off the list or gives themselves another role: the last one to leave would lock everybody out. */
export function mayEnd(keeper: Keeper, contactId: string): string | null {
  if (!keepsAll(keeper)) return 'The head, the DSL or the authority ends a contact.';
  if (keeper.contactId === contactId)
    return 'You cannot end your own contact. Ask the head, the DSL or the authority’s desk to do it.';
  return null;
}
