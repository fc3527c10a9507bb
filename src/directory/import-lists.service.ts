import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { DeskRows } from './desk.repository.js';
import { readDesks, readForces, readPeople } from './import/json-lists.js';
import { IMPORT_ACTOR, type ImportOptions } from './import/import-options.js';
import { RegisterRows } from './register.repository.js';

/** Short lists that an operator writes by hand, as JSON: all or nothing, an entry that is known is brought up to date. */
@Injectable()
export class ImportLists {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly register: RegisterRows,
    private readonly desks: DeskRows,
  ) {}

  /** @returns how many. @throws FileRefused, DomainError for an unknown authority */
  async forces(text: string, options: ImportOptions = {}): Promise<number> {
    const forces = readForces(text);
    return this.inTransaction('forces', options, async (tx) => {
      const known = await this.desks.authorityNames(tx);
      for (const force of forces) {
        refuseUnknown(known, force.defaultAuthorityCode);
        await tx.execute(
          `INSERT INTO force (code, name, mailbox, telephone, default_authority_code, disclosure_profile, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, mailbox = EXCLUDED.mailbox, telephone = EXCLUDED.telephone,
             default_authority_code = EXCLUDED.default_authority_code, disclosure_profile = EXCLUDED.disclosure_profile`,
          [
            force.code,
            force.name,
            force.mailbox,
            force.telephone,
            force.defaultAuthorityCode,
            force.disclosureProfile,
            this.clock.now(),
          ],
        );
      }
      return forces.length;
    });
  }

  /** An authority with a desk is served. @returns how many. @throws FileRefused, DomainError for an unknown authority */
  async deskList(text: string, options: ImportOptions = {}): Promise<number> {
    const desks = readDesks(text);
    return this.inTransaction('desks', options, async (tx) => {
      const known = await this.desks.authorityNames(tx);
      for (const { desk: kind, ...desk } of desks) {
        refuseUnknown(known, desk.authorityCode);
        await this.desks.store(tx, { ...desk, kind });
      }
      return desks.length;
    });
  }

  /** Administrators and force users. @returns how many. @throws FileRefused, DomainError for an unknown force */
  async people(text: string, options: ImportOptions = {}): Promise<number> {
    const people = readPeople(text);
    return this.inTransaction('people', options, async (tx) => {
      const forces = await tx.query<{ code: string }>(`SELECT code FROM force`);
      for (const { role, name, email, force } of people) {
        if (force !== null && !forces.some(({ code }) => code === force)) {
          throw new DomainError('unknown-force', `There is no force ${force}: import the forces first.`);
        }
        await tx.execute(
          `INSERT INTO person (id, name, email, administrator, force_code, created_at) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (lower(email)) DO UPDATE SET name = EXCLUDED.name,
             administrator = person.administrator OR EXCLUDED.administrator,
             force_code = coalesce(EXCLUDED.force_code, person.force_code)`,
          [newId(), name, email, role === 'administrator', force, this.clock.now()],
        );
      }
      return people.length;
    });
  }

  private inTransaction(
    what: string,
    { actor = IMPORT_ACTOR }: ImportOptions,
    work: (tx: Tx) => Promise<number>,
  ): Promise<number> {
    return this.database.transaction(actor, async (tx) => {
      await this.register.lock(tx, what);
      const read = await work(tx);
      await this.audit.record(tx, { action: 'directory.imported', detail: { what, read } });
      return read;
    });
  }
}

function refuseUnknown(known: ReadonlyMap<string, string>, code: string | null): void {
  if (code !== null && !known.has(code)) {
    throw new DomainError('unknown-authority', `There is no authority ${code}: import its schools first.`);
  }
}
