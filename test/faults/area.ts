import { createHash, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { newClientId, newClientSecret, secretDigest } from '../../src/identity/police/client-secret.js';
import { Seeded } from '../support/random.js';

/** An invented country of twenty authorities; settings differ in their bells and in who works there. */
export const AUTHORITIES = 20;
const FORCE = 'faults';
const CLIENTS = 8;
/**
 * Any minute from 07:50 to 09:10. Real bells are at full five minutes, and real time lets five minutes go by before the next ones; on a
 * clock ten times as fast a thousand rungs would be due each half minute (`npm run bench` measures such an instant by itself).
 */
const BELLS = Array.from({ length: 81 }, (_, minute) => {
  const at = 7 * 60 + 50 + minute;
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
});
/** One DSL in so many has an address that the mail server refuses for good while it is told to refuse. */
const REFUSED_ONE_IN = 15;

export const authorityOf = (index: number): string => String(960 + (index % AUTHORITIES));
export const urnOf = (index: number): string => String(910_000 + index);

export interface AreaContact {
  id: string;
  email: string;
  /** Value of the session cookie of somebody who has signed in. */
  session: string;
}

export interface Area {
  settings: { urn: string; authority: string; bell: string; dsl: AreaContact; deputy: AreaContact | null }[];
  /** By authority code: the officer of its triage desk. */
  officers: Record<string, AreaContact>;
  clients: { id: string; secret: string }[];
}

/** @param digits of the local part are what the sink knows a refused address by */
export const isRefusedAddress = (email: string): boolean => email.startsWith('gone-');

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Fills a migrated database. @param database as superuser @param createdAt domain instant before everything else */
export async function fillArea(
  database: pg.Client,
  settings: number,
  seed: number,
  createdAt: Date,
): Promise<Area> {
  const random = new Seeded(seed);
  const area: Area = { settings: [], officers: {}, clients: [] };
  await database.query('BEGIN');
  for (let i = 0; i < AUTHORITIES; i += 1) {
    await database.query(`INSERT INTO authority (code, name, created_at) VALUES ($1, $2, $3)`, [
      authorityOf(i),
      `Faultshire ${i} (invented)`,
      createdAt,
    ]);
  }
  await database.query(
    `INSERT INTO force (code, name, mailbox, default_authority_code, created_at)
     VALUES ($1, 'Faultshire (invented) Police', 'feed@force.example', $2, $3)`,
    [FORCE, authorityOf(0), createdAt],
  );
  for (let i = 0; i < AUTHORITIES; i += 1) await addDesks(database, area, authorityOf(i), createdAt);
  await addDesk(database, area, null, 'operator', createdAt);
  for (let i = 0; i < settings; i += 1) await addSetting(database, area, i, random, createdAt);
  for (let i = 0; i < CLIENTS; i += 1) {
    const client = { id: newClientId(), secret: newClientSecret() };
    area.clients.push(client);
    await database.query(
      `INSERT INTO force_client (client_id, force_code, secret_digest, scopes, created_at)
       VALUES ($1, $2, $3, '{notifications:write,notifications:read}', $4)`,
      [client.id, FORCE, secretDigest(client.secret), createdAt],
    );
  }
  await database.query('COMMIT');
  await database.query(
    'ANALYZE authority, force, desk, contact, setting, force_client, person, staff_session',
  );
  return area;
}

async function addDesks(database: pg.Client, area: Area, code: string, at: Date): Promise<void> {
  for (const kind of ['triage', 'duty', 'home-education', 'early-years'])
    await addDesk(database, area, code, kind, at);
}

async function addDesk(
  database: pg.Client,
  area: Area,
  code: string | null,
  kind: string,
  at: Date,
): Promise<void> {
  const deskId = randomUUID();
  const place = code ? `${kind}.${code}` : kind;
  await database.query(
    `INSERT INTO desk (id, authority_code, kind, name, email) VALUES ($1, $2, $3, $4, $5)`,
    [deskId, code, kind, `Desk ${place}`, `${place}@desks.example`],
  );
  const officer = await addContact(database, at, {
    deskId,
    role: 'officer',
    name: `Officer ${place}`,
    email: `officer.${place}@desks.example`,
  });
  if (code && kind === 'triage') area.officers[code] = officer;
}

async function addSetting(
  database: pg.Client,
  area: Area,
  index: number,
  random: Seeded,
  at: Date,
): Promise<void> {
  const urn = urnOf(index);
  const authority = authorityOf(index);
  const bell = random.pick(BELLS);
  await database.query(
    `INSERT INTO setting (urn, authority_code, name, normalised_name, kind, status, town, postcode, bell, imported_at)
     VALUES ($1, $2, $3, $4, 'school', 'open', 'Exampleton', 'ZZ1 1AA', $5, $6)`,
    [urn, authority, `Faultshire School ${index}`, `faultshire ${index}`, bell, at],
  );
  const refused = random.between(1, REFUSED_ONE_IN) === 1;
  const dsl = await addContact(database, at, {
    urn,
    role: 'dsl',
    name: `Dsl of ${urn}`,
    email: `${refused ? 'gone-' : ''}dsl@${urn}.school.example`,
  });
  const deputy =
    random.between(1, 3) === 1
      ? await addContact(database, at, {
          urn,
          role: 'deputy',
          name: `Deputy of ${urn}`,
          email: `deputy@${urn}.school.example`,
        })
      : null;
  await addContact(database, at, {
    urn,
    role: 'head',
    name: `Head of ${urn}`,
    email: `head@${urn}.school.example`,
  });
  area.settings.push({ urn, authority, bell, dsl, deputy });
}

interface NewContact {
  urn?: string;
  deskId?: string;
  role: string;
  name: string;
  email: string;
}

/** A contact with a person who has signed in: signing in is not what is tested here. */
async function addContact(database: pg.Client, at: Date, contact: NewContact): Promise<AreaContact> {
  const [id, personId, session] = [randomUUID(), randomUUID(), newClientSecret()];
  const { name, email } = contact;
  await database.query(`INSERT INTO person (id, name, email, created_at) VALUES ($1, $2, $3, $4)`, [
    personId,
    name,
    email,
    at,
  ]);
  await database.query(
    `INSERT INTO contact (id, setting_urn, desk_id, person_id, role, name, email, email_verified_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
    [id, contact.urn ?? null, contact.deskId ?? null, personId, contact.role, name, email, at],
  );
  await database.query(
    `INSERT INTO staff_session (id_digest, person_id, contact_id, created_at, last_seen_at, expires_at)
     VALUES ($1, $2, $3, now(), now(), now() + interval '9 hours')`,
    [digestOf(session), personId, id],
  );
  return { id, email, session };
}
