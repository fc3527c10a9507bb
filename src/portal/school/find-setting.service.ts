import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { Database } from '../../database/database.js';
import { SettingSearch } from '../authority/setting-search.repository.js';
import type { Candidate } from '../presenters/authority.view-model.js';

/** The public register, as a school may search it: it says nothing of notices. */
@Injectable()
export class FindSetting {
  constructor(
    private readonly database: Database,
    private readonly search: SettingSearch,
  ) {}

  /** @param own the asker's setting, whose authority's schools come first; it is never among the answers */
  async run(actor: Actor, own: string, text: string): Promise<Candidate[]> {
    return this.database.transaction(actor, async (tx) => {
      const [setting] = await tx.query<{ code: string }>(
        `SELECT authority_code AS code FROM setting WHERE urn = $1`,
        [own],
      );
      const found = await this.search.find(tx, setting?.code ?? null, text);
      return found.filter(({ urn }) => urn !== own);
    });
  }
}
