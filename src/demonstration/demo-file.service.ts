import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { systemActor } from '../common/actor.js';
import { Database, type Tx } from '../database/database.js';
import { readJsonFile, writeFileAtomic } from '../embedded/files.js';
import { ForceClients } from '../identity/police/force-clients.service.js';
import { TEST_FORCE } from '../test-notices/domain/test-content.js';

/** How to drive the demonstration area: `<home>/demo.json`. Its members are a contract. */
export interface DemoJson {
  url: string;
  mailUrl: string;
  forces: DemoForce[];
  authorities: { code: string; name: string }[];
  settings: DemoSetting[];
  people: DemoPerson[];
}

export interface DemoForce {
  code: string;
  name: string;
  clientId: string;
  clientSecret: string;
}

export interface DemoSetting {
  urn: string;
  name: string;
  authority: string;
  contacts: DemoPerson[];
}

export interface DemoPerson {
  role: string;
  name: string;
  email: string;
}

export const FIRST_SETTING = '900123';
const ACTOR = systemActor('demonstration');

/** Reads and writes demo.json. The secrets live in it alone, so it is only ever replaced whole. */
@Injectable()
export class DemoFile {
  constructor(
    private readonly database: Database,
    private readonly clients: ForceClients,
  ) {}

  /** Brings it up to date with the area as it is now and the address of this start; mode 0600. */
  async write(home: string, url: string): Promise<DemoJson> {
    const path = join(home, 'demo.json');
    const before = await readJsonFile<DemoJson>(path);
    const forces = await this.forces(before?.forces ?? []);
    const area = await this.database.transaction(ACTOR, async (tx) => ({
      authorities: await tx.query<{ code: string; name: string }>(
        `SELECT code, name FROM authority WHERE served ORDER BY name ~* '^northshire' DESC, code`,
      ),
      settings: await settings(tx),
      people: await people(tx),
    }));
    const demo: DemoJson = { url, mailUrl: `${url}/mail`, forces, ...area };
    await writeFileAtomic(path, `${JSON.stringify(demo, null, 2)}\n`);
    return demo;
  }

  async read(home: string): Promise<DemoJson | null> {
    return readJsonFile<DemoJson>(join(home, 'demo.json'));
  }

  /** A client whose secret is lost (the file was removed, a first start was broken off) is replaced by a new one. */
  private async forces(known: readonly DemoForce[]): Promise<DemoForce[]> {
    const { rows, alive } = await this.database.transaction(ACTOR, async (tx) => ({
      rows: await tx.query<{ code: string; name: string }>(
        `SELECT code, name FROM force WHERE code <> $1 ORDER BY created_at, code`,
        [TEST_FORCE],
      ),
      alive: await tx.query<{ id: string }>(
        `SELECT client_id AS id FROM force_client WHERE revoked_at IS NULL AND client_id = ANY($1)`,
        [known.map(({ clientId }) => clientId)],
      ),
    }));
    const forces: DemoForce[] = [];
    for (const { code, name } of rows) {
      const kept = known.find(
        (force) => force.code === code && alive.some(({ id }) => id === force.clientId),
      );
      forces.push(kept ? { ...kept, name } : { code, name, ...(await this.newClient(code)) });
    }
    return forces;
  }

  private async newClient(force: string): Promise<{ clientId: string; clientSecret: string }> {
    const { clientId, clientSecret } = await this.clients.add({ force });
    if (clientSecret === null) throw new Error('a demonstration client has a secret');
    return { clientId, clientSecret };
  }
}

/** Open ones with people first; shared mailboxes are left out, because nobody signs in with one. */
async function settings(tx: Tx): Promise<DemoSetting[]> {
  return tx.query<DemoSetting>(
    `SELECT s.urn, s.name, s.authority_code AS authority, coalesce(c.contacts, '[]'::json) AS contacts
     FROM setting s JOIN authority a ON a.code = s.authority_code AND a.served
     LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('role', role, 'name', name, 'email', email)
                ORDER BY array_position(ARRAY['dsl', 'deputy', 'head'], role), email) AS contacts,
         count(DISTINCT role) AS roles
       FROM contact WHERE setting_urn = s.urn AND archived_at IS NULL AND person_id IS NOT NULL) c ON true
     WHERE s.urn BETWEEN '900000' AND '999999'
     ORDER BY s.urn = $1 DESC, (s.status IN ('open', 'proposed-to-close') AND s.routable) DESC,
       coalesce(c.roles, 0) DESC, s.urn`,
    [FIRST_SETTING],
  );
}

/** Everybody who is not at a setting, the first authority's officers first. */
async function people(tx: Tx): Promise<DemoPerson[]> {
  return tx.query<DemoPerson>(
    `SELECT role, name, email FROM (
       SELECT d.kind || ' ' || c.role AS role, c.name, c.email, 1 AS part, d.authority_code AS code,
         array_position(ARRAY['triage', 'duty', 'home-education', 'early-years', 'operator'], d.kind) * 10
           + array_position(ARRAY['officer', 'manager', 'out-of-hours'], c.role) AS place
       FROM contact c JOIN desk d ON d.id = c.desk_id WHERE c.archived_at IS NULL AND c.person_id IS NOT NULL
       UNION ALL
       SELECT 'administrator', name, email, 2, NULL, 0 FROM person WHERE administrator AND archived_at IS NULL
       UNION ALL
       SELECT 'force', name, email, 3, force_code, 0 FROM person WHERE force_code IS NOT NULL AND archived_at IS NULL) AS one
     ORDER BY part, code = (SELECT authority_code FROM setting WHERE urn = $1) DESC NULLS LAST, code, place, email`,
    [FIRST_SETTING],
  );
}
