import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { newClientId, newClientSecret, secretDigest } from '../../src/identity/police/client-secret.js';

/** The invented area of the measurements: many settings, each with a DSL, two deputies and a head. */
export const SETTINGS = 3_000;
export const AUTHORITY = '998';
const FORCE = 'bench';
/** A client may send 20,000 a minute; the load is far above what one force sends, so it comes from many clients. */
const CLIENTS = 48;

export const urnOf = (index: number): string => String(900_000 + index);

export interface Client {
  id: string;
  secret: string;
}

const AREA = `
  INSERT INTO authority (code, name, created_at) VALUES ('${AUTHORITY}', 'Measuring (invented)', now());
  INSERT INTO force (code, name, mailbox, default_authority_code, created_at)
    VALUES ('${FORCE}', 'Measuring (invented) Police', 'feed@force.example', '${AUTHORITY}', now());
  INSERT INTO desk (id, authority_code, kind, name, email)
    SELECT gen_random_uuid(), '${AUTHORITY}', kind, kind || ' desk', kind || '@measuring.example'
    FROM unnest(ARRAY['triage', 'duty', 'home-education', 'early-years']) AS kind
    UNION ALL SELECT gen_random_uuid(), NULL, 'operator', 'Operator', 'operator@measuring.example';
  INSERT INTO contact (id, desk_id, role, name, email, email_verified_at, created_at)
    SELECT gen_random_uuid(), id, 'officer', 'Officer of ' || name, 'officer.' || kind || '@measuring.example', now(), now()
    FROM desk;
  INSERT INTO setting (urn, authority_code, name, normalised_name, kind, status, town, postcode, imported_at)
    SELECT 900000 + i, '${AUTHORITY}', 'Measuring School ' || i, 'measuring ' || i, 'school', 'open', 'Exampleton',
      'ZZ1 1AA', now() FROM generate_series(0, ${SETTINGS - 1}) AS i;
  INSERT INTO contact (id, setting_urn, role, name, email, email_verified_at, created_at)
    SELECT gen_random_uuid(), urn, split_part(post, ' ', 1), initcap(post) || ' of ' || urn,
      replace(post, ' ', '') || '@' || urn || '.school.example', now(), now()
    FROM setting, unnest(ARRAY['dsl', 'deputy 1', 'deputy 2', 'head']) AS post;`;

/**
 * Closed today: the deadline is then never today, and no rung but the first comes due while mails are counted, at whatever
 * hour this runs.
 */
const CLOSED_TODAY = `
  INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
  SELECT gen_random_uuid(), 'authority', '${AUTHORITY}', day, day, false, 'inset', 'Closed for measuring', now()
  FROM (SELECT (now() AT TIME ZONE 'Europe/London')::date AS day) AS today`;

/** @param database as superuser @returns the police systems that may send */
export async function fillArea(database: pg.Client): Promise<Client[]> {
  await database.query(AREA);
  await database.query(CLOSED_TODAY);
  const clients = Array.from({ length: CLIENTS }, () => ({ id: newClientId(), secret: newClientSecret() }));
  for (const { id, secret } of clients) {
    await database.query(
      `INSERT INTO force_client (client_id, force_code, secret_digest, scopes, created_at)
       VALUES ($1, '${FORCE}', $2, '{notifications:write,notifications:read}', now())`,
      [id, secretDigest(secret)],
    );
  }
  // Only what is filled: statistics of a table that is still empty would have the planner read all of it ever after.
  await database.query('ANALYZE authority, force, desk, contact, setting, calendar_entry, force_client');
  return clients;
}

/** A signed-in DSL of a setting. @returns the value of the session cookie's token */
export async function signInDsl(
  database: pg.Client,
  urn: string,
  digestOf: (token: string) => Buffer,
): Promise<string> {
  const personId = randomUUID();
  const token = newClientSecret();
  await database.query(
    `INSERT INTO person (id, name, email, created_at) VALUES ($1, 'Measuring Dsl', $2, now())`,
    [personId, `dsl@${urn}.school.example`],
  );
  await database.query(`UPDATE contact SET person_id = $1 WHERE setting_urn = $2 AND role = 'dsl'`, [
    personId,
    urn,
  ]);
  await database.query(
    `INSERT INTO staff_session (id_digest, person_id, contact_id, created_at, last_seen_at, expires_at)
     SELECT $1, $2, id, now(), now(), now() + interval '1 hour' FROM contact WHERE person_id = $2`,
    [digestOf(token), personId],
  );
  return token;
}
