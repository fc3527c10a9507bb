import { newId } from '../../src/common/ids.js';
import { normaliseSettingName } from '../../src/directory/domain/setting-name.js';
import type { TestDatabase } from './database.js';

export interface WorldContact {
  id: string;
  personId: string;
  role: 'dsl' | 'deputy' | 'head' | 'officer' | 'manager';
  name: string;
  email: string;
}

export interface WorldSetting {
  urn: string;
  laestab: string;
  name: string;
  postcode: string;
  authority: string;
  dsl: WorldContact;
  deputy: WorldContact;
  head: WorldContact;
}

export interface WorldDesk {
  id: string;
  kind: 'triage' | 'duty' | 'home-education' | 'early-years' | 'operator';
  officer: WorldContact;
  manager: WorldContact;
}

export interface World {
  forces: readonly ['DEMO', 'OTHER'];
  authority: '999';
  riverside: WorldSetting;
  hillside: WorldSetting;
  desks: Record<'triage' | 'duty' | 'home-education' | 'early-years', WorldDesk>;
  operator: WorldDesk;
}

type Insert = (table: string, row: Record<string, unknown>) => Promise<void>;

/** Named columns only; rows go in past row-level security, as an operator's import would leave them. */
function inserter(db: TestDatabase): Insert {
  return async (table, row) => {
    const names = Object.keys(row);
    const places = names.map((_, i) => `$${i + 1}`);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`;
    await db.inspect(sql, Object.values(row));
  };
}

interface Place {
  setting_urn?: string;
  desk_id?: string;
}

async function contact(
  insert: Insert,
  place: Place,
  who: Pick<WorldContact, 'role' | 'name' | 'email'>,
  at: Date,
): Promise<WorldContact> {
  const made = { id: newId(), personId: newId(), ...who };
  await insert('person', { id: made.personId, name: made.name, email: made.email, created_at: at });
  const { id, personId: person_id, role, name, email } = made;
  await insert('contact', {
    id,
    person_id,
    ...place,
    role,
    name,
    email,
    email_verified_at: at,
    created_at: at,
  });
  return made;
}

async function setting(
  insert: Insert,
  at: Date,
  urn: string,
  name: string,
  domain: string,
): Promise<WorldSetting> {
  const authority = '999';
  const laestab = `999${urn.slice(-4)}`;
  const postcode = `ZZ1 ${urn.slice(-1)}AA`;
  await insert('setting', {
    urn,
    authority_code: authority,
    establishment_number: laestab.slice(3),
    laestab,
    name,
    normalised_name: normaliseSettingName(name).core,
    status: 'open',
    kind: 'school',
    phase_code: '2',
    phase_name: 'Primary',
    postcode,
    town: 'Exampleton',
    imported_at: at,
  });
  const person = (role: WorldContact['role'], who: string): Promise<WorldContact> =>
    contact(
      insert,
      { setting_urn: urn },
      { role, name: `${who} ${domain}`, email: `${role}@${domain}.example` },
      at,
    );
  const [dsl, deputy, head] = [
    await person('dsl', 'Dee'),
    await person('deputy', 'Dep'),
    await person('head', 'Hed'),
  ];
  return { urn, laestab, name, postcode, authority, dsl, deputy, head };
}

async function desk(insert: Insert, at: Date, kind: WorldDesk['kind']): Promise<WorldDesk> {
  const id = newId();
  const authority_code = kind === 'operator' ? null : '999';
  await insert('desk', { id, authority_code, kind, name: `Northshire: ${kind}` });
  const person = (role: WorldContact['role'], who: string): Promise<WorldContact> =>
    contact(
      insert,
      { desk_id: id },
      { role, name: `${who} ${kind}`, email: `${role}@${kind}.northshire.example` },
      at,
    );
  return { id, kind, officer: await person('officer', 'Ofa'), manager: await person('manager', 'Mana') };
}

/**
 * A small authority with everybody in place: two forces, two open primary schools with a DSL, a deputy and a head
 * each, all desks with an officer and a manager. No calendar: unknown means open on weekdays.
 */
export async function seedWorld(db: TestDatabase, at: Date): Promise<World> {
  const insert = inserter(db);
  await insert('authority', { code: '999', name: 'Northshire', created_at: at });
  for (const [code, name] of [
    ['DEMO', 'Northshire Police'],
    ['OTHER', 'Eastmarch Police'],
  ] as const) {
    const mailbox = `${code.toLowerCase()}@force.example`;
    await insert('force', { code, name, mailbox, default_authority_code: '999', created_at: at });
  }
  return {
    forces: ['DEMO', 'OTHER'],
    authority: '999',
    riverside: await setting(insert, at, '900123', 'Riverside Primary School', 'riverside'),
    hillside: await setting(insert, at, '900124', 'Hillside Primary School', 'hillside'),
    desks: {
      triage: await desk(insert, at, 'triage'),
      duty: await desk(insert, at, 'duty'),
      'home-education': await desk(insert, at, 'home-education'),
      'early-years': await desk(insert, at, 'early-years'),
    },
    operator: await desk(insert, at, 'operator'),
  };
}
