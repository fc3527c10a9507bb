import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, NotFound, StateConflict } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { isOpen, type SettingStatus } from '../directory/domain/setting.js';
import { AliasRows, type AliasRow, type AliasState } from './alias.repository.js';

export interface Alias extends AliasRow {
  /** What officers wrote, in standard form; null when its key was destroyed. */
  words: string | null;
  /** It sends by itself: approved, its setting is open, and the words are approved for no other open one. */
  automatic: boolean;
  /** Somebody else's placement stands behind it, so that the asking officer may approve it. */
  mayApprove: boolean;
}

export interface AliasProposal {
  /** `readStatedName(...).core` of the stated words. */
  core: string;
  authorityCode: string;
  settingUrn: string;
  noticeId: string;
  /** The officer who placed the notice; null when it is not known. */
  contactId: string | null;
}

/** A sentence is not a name, and may say more about the family than about the school. */
const MOST_WORDS = 5;
/** Words that are another school's name can never become a local name of this one. */
const ANOTHERS_NAME = 0.5;

/** Local names of settings: proposed by what officers place, used only when a second person approved them. */
@Injectable()
export class Aliases {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly rows: AliasRows,
  ) {}

  /** @returns false when these words cannot be a local name */
  async propose(tx: Tx, proposal: AliasProposal): Promise<boolean> {
    const { core, authorityCode, settingUrn, noticeId, contactId } = proposal;
    const words = core.split(' ').filter(Boolean);
    if (words.length === 0 || words.length > MOST_WORDS || /\d{3}/.test(core)) return false;
    if (await this.isNameOfOther(tx, core, authorityCode, settingUrn)) return false;
    const at = this.clock.now();
    const { id, added } = await this.rows.propose(tx, { id: newId(), core, authorityCode, settingUrn, at });
    await this.rows.vote(tx, id, noticeId, contactId, at);
    if (added) {
      await this.audit.record(tx, {
        action: 'alias.proposed',
        authorityCode,
        settingUrn,
        noticeId,
        contactId,
        detail: { alias: id },
      });
    }
    return true;
  }

  /** A school that says "not our pupil" to what an alias sent there puts the alias before a person again. */
  async doubt(tx: Tx, core: string, authorityCode: string, settingUrn: string): Promise<void> {
    for (const id of await this.rows.back(tx, core, authorityCode, settingUrn)) {
      await this.audit.record(tx, {
        action: 'alias.proposed',
        authorityCode,
        settingUrn,
        detail: { alias: id, why: 'handed-back' },
      });
    }
  }

  /** Of the officer's authority; what waits for approval first. */
  async list(officer: Actor, contactId: string, authorityCode: string): Promise<Alias[]> {
    return this.database.transaction(officer, async (tx) => {
      assertOf(officer, authorityCode);
      return tx.asSystem(() => this.read(tx, contactId, authorityCode));
    });
  }

  /** @throws StateConflict when it was decided, or has no second person, or cannot be used; NotFound outside the authority */
  async approve(officer: Actor, contactId: string, authorityCode: string, id: string): Promise<void> {
    await this.decide(officer, contactId, authorityCode, id, 'approved');
  }

  /** Also of an approved one: from now on it is for people again. @throws StateConflict, NotFound */
  async reject(officer: Actor, contactId: string, authorityCode: string, id: string): Promise<void> {
    await this.decide(officer, contactId, authorityCode, id, 'rejected');
  }

  private async decide(
    officer: Actor,
    contactId: string,
    authorityCode: string,
    id: string,
    to: Exclude<AliasState, 'proposed'>,
  ): Promise<void> {
    await this.database.transaction(officer, async (tx) => {
      assertOf(officer, authorityCode);
      await tx.asSystem(async () => {
        const alias = await this.rows.lock(tx, id);
        if (!alias || alias.authorityCode !== authorityCode) throw new NotFound();
        if (alias.state === to) throw new StateConflict('Somebody decided this a moment ago.');
        if (to === 'approved') await this.assertUsable(tx, alias, contactId);
        const changed = await this.rows.decide(tx, id, alias.state, to, contactId, this.clock.now());
        if (!changed) throw new StateConflict('Somebody decided this a moment ago.');
        await this.audit.record(tx, {
          action: to === 'approved' ? 'alias.approved' : 'alias.rejected',
          authorityCode,
          settingUrn: alias.settingUrn,
          contactId,
          detail: { alias: id, evidence: alias.evidence, from: alias.state },
        });
      });
    });
  }

  private async assertUsable(tx: Tx, alias: AliasRow, contactId: string): Promise<void> {
    if (!isOpen(alias.settingStatus as SettingStatus)) {
      throw new StateConflict('The setting has closed. A local name can only stand for an open one.');
    }
    if (alias.approvedFor > 0) {
      throw new StateConflict('These words are approved for another open setting. They would point to two.');
    }
    if (!(await this.hasOther(tx, alias.proposers, contactId))) {
      throw new DomainError(
        'second-person',
        'You placed these notices yourself. A second person has to approve.',
        403,
      );
    }
  }

  private async read(tx: Tx, contactId: string, authorityCode: string): Promise<Alias[]> {
    const rows = await this.rows.list(tx, authorityCode);
    const words = await this.rows.words(
      tx,
      rows.map(({ id }) => id),
    );
    const aliases: Alias[] = [];
    for (const row of rows) {
      const open = isOpen(row.settingStatus as SettingStatus);
      aliases.push({
        ...row,
        words: words.get(row.id) ?? null,
        automatic: row.state === 'approved' && open && row.approvedFor === 1,
        mayApprove: await this.hasOther(tx, row.proposers, contactId),
      });
    }
    return aliases;
  }

  /** By person: the same officer at a second desk is no second person. */
  private async hasOther(tx: Tx, proposers: readonly (string | null)[], contactId: string): Promise<boolean> {
    const known = proposers.filter((one) => one !== null);
    if (known.length === 0) return true;
    const [row] = await tx.query<{ others: number }>(
      `SELECT count(*)::int AS others FROM contact c, contact self WHERE c.id = ANY($1) AND self.id = $2
         AND c.id <> self.id AND (c.person_id IS NULL OR c.person_id IS DISTINCT FROM self.person_id)`,
      [known, contactId],
    );
    return (row?.others ?? 0) > 0;
  }

  private async isNameOfOther(tx: Tx, core: string, authorityCode: string, urn: string): Promise<boolean> {
    const [other] = await tx.query(
      `SELECT 1 FROM setting s, setting own WHERE own.urn = $3 AND s.urn <> $3 AND s.authority_code IN ($2, own.authority_code)
         AND s.status IN ('open', 'proposed-to-close') AND similarity(s.normalised_name, $1) >= ${ANOTHERS_NAME} LIMIT 1`,
      [core, authorityCode, urn],
    );
    return other !== undefined;
  }
}

function assertOf(officer: Actor, authorityCode: string): void {
  if (officer.scope !== `authority:${authorityCode}`) throw new NotFound();
}
