import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { londonDateOf } from '../calendar/domain/london-time.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, NotFound } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { Coverage, type CoverageReport, type CoveredSetting } from './coverage.service.js';
import { keepsAll } from './domain/contact-rights.js';
import type { DeskKind } from './domain/contact.js';
import { attestationOn, type Attestation } from './domain/term.js';
import { DeskRows } from './desk.repository.js';

/** An officer asking. `authorityCode` is null at the operator's desk, which may look at any. */
export interface CoverageReader {
  actor: Actor;
  contactId: string;
  authorityCode: string | null;
}

export interface SettingStanding {
  setting: CoveredSetting;
  attestation: Attestation;
}

/** Coverage for people: on the record, and no further than their relationship. */
@Injectable()
export class CoverageReports {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly coverage: Coverage,
    private readonly desks: DeskRows,
  ) {}

  /** @throws NotFound for an authority that is not the officer's */
  async forAuthority(reader: CoverageReader, code: string, exported = false): Promise<CoverageReport> {
    if (reader.authorityCode !== null && reader.authorityCode !== code) throw new NotFound();
    return this.database.transaction(reader.actor, async (tx) => {
      const report = await this.coverage.ofAuthority(tx, code);
      await this.audit.record(tx, {
        action: exported ? 'coverage.exported' : 'coverage.read',
        authorityCode: code,
        contactId: reader.contactId,
        detail: { settings: report.settings.length },
      });
      return report;
    });
  }

  /** For the operator's desk to choose from. */
  async authorities(reader: CoverageReader): Promise<{ code: string; name: string }[]> {
    return this.database.transaction(reader.actor, (tx) => this.coverage.authorities(tx));
  }

  async forSetting(actor: Actor, contactId: string, urn: string): Promise<SettingStanding | null> {
    return this.database.transaction(actor, async (tx) => {
      const standing = await this.standing(tx, urn);
      await this.audit.record(tx, {
        action: 'coverage.read',
        settingUrn: urn,
        contactId,
        detail: { settings: 1 },
      });
      return standing;
    });
  }

  /** For the first page of a head or DSL; null while nothing is due. Shows nobody, so it puts nothing on the record. */
  async attestationWords(actor: Actor, urn: string, role: string): Promise<string | null> {
    if (!keepsAll({ contactId: '', role })) return null;
    const confirmedAt = await this.database.transaction(actor, (tx) => this.coverage.confirmedAt(tx, urn));
    const due = this.attestation(confirmedAt) !== 'fresh';
    return due
      ? 'Once a term: look through your contacts, and say that your contacts are still right.'
      : null;
  }

  /** A desk that the authority lacks. @throws DomainError when the officer may not, or it exists */
  async addDesk(reader: CoverageReader, kind: DeskKind): Promise<void> {
    const { authorityCode: code } = reader;
    if (code === null || kind === 'operator') throw new NotFound();
    await this.database.transaction(reader.actor, async (tx) => {
      if (await this.desks.find(tx, code, kind))
        throw new DomainError('desk', 'This desk is there already.', 409);
      const name = (await this.desks.authorityNames(tx)).get(code) ?? code;
      const id = await this.desks.store(tx, {
        authorityCode: code,
        kind,
        name: `${name}: ${kind} desk`,
        email: null,
        telephone: null,
      });
      await this.audit.record(tx, {
        action: 'desk.added',
        authorityCode: code,
        contactId: reader.contactId,
        detail: { desk: id, kind },
      });
    });
  }

  private async standing(tx: Tx, urn: string): Promise<SettingStanding | null> {
    const setting = await this.coverage.ofSetting(tx, urn);
    return setting && { setting, attestation: this.attestation(setting.confirmedAt) };
  }

  private attestation(confirmedAt: Date | null): Attestation {
    if (confirmedAt === null) return 'fresh';
    return attestationOn(londonDateOf(this.clock.now()), londonDateOf(confirmedAt));
  }
}
