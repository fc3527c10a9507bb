import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { NotFound } from '../common/errors.js';
import { Database } from '../database/database.js';
import { normaliseSettingName } from './domain/setting-name.js';
import { normaliseLaestab, normalisePostcode } from './domain/setting.js';
import { successorChain, type SuccessorChain } from './domain/successor-chain.js';
import {
  RegisterReadingRows,
  type FoundSetting,
  type RegisterFacts,
  type SettingChange,
} from './register-reading.repository.js';

export type { FoundSetting, RegisterFacts, SettingChange } from './register-reading.repository.js';

export interface RegisterEntry {
  facts: RegisterFacts;
  changes: SettingChange[];
  chain: SuccessorChain;
  predecessors: { urn: string; name: string | null; linkType: string }[];
}

/** What is known of one setting: the register's facts, how they changed, and what followed it. Public data. */
@Injectable()
export class RegisterReading {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly rows: RegisterReadingRows,
  ) {}

  /** @param text a URN, a LAESTAB, a postcode or a part of a name; closed settings are found too */
  async search(actor: Actor, text: string): Promise<FoundSetting[]> {
    return this.database.transaction(actor, (tx) =>
      this.rows.search(tx, {
        urn: text.toUpperCase(),
        laestab: normaliseLaestab(text),
        postcode: normalisePostcode(text),
        name: normaliseSettingName(text).core,
      }),
    );
  }

  /** @throws NotFound for a URN that is not in the register */
  async read(actor: Actor, urn: string): Promise<RegisterEntry> {
    return this.database.transaction(actor, async (tx) => {
      const facts = await this.rows.facts(tx, urn);
      if (!facts) throw new NotFound(`There is no setting with the URN ${urn} in the register.`);
      const { links, settings } = await this.rows.chain(tx, urn);
      await this.audit.record(tx, { action: 'directory.read', settingUrn: urn });
      return {
        facts,
        changes: await this.rows.changes(tx, urn),
        chain: successorChain(facts, settings, links),
        predecessors: await this.rows.predecessors(tx, urn),
      };
    });
  }
}
