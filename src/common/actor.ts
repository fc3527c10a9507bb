/**
 * Who does something, for the audit trail and for row-level security.
 * `scope` is what PostgreSQL's policies compare: `system`, `setting:<urn>`, `authority:<code>`, `force:<code>`
 * or `admin`. An empty scope sees no row at all.
 */
export interface Actor {
  /** `system:<job or role>`, `contact:<contact id>`, `person:<person id>`, `client:<client id>`. */
  readonly name: string;
  readonly scope: string;
}

export function systemActor(name: string): Actor {
  return { name: `system:${name}`, scope: 'system' };
}

export function clientActor(clientId: string, force: string): Actor {
  return { name: `client:${clientId}`, scope: `force:${force}` };
}

/** A contact of a setting, acting for it. */
export function settingActor(contactId: string, urn: string): Actor {
  return { name: `contact:${contactId}`, scope: `setting:${urn}` };
}

/** An officer of an authority's desk. */
export function authorityActor(contactId: string, authority: string): Actor {
  return { name: `contact:${contactId}`, scope: `authority:${authority}` };
}

export function adminActor(personId: string): Actor {
  return { name: `person:${personId}`, scope: 'admin' };
}
