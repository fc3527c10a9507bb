import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import {
  ContactImportRows,
  type ContactToStore,
  type StoredContactRow,
} from './contact-import.repository.js';
import { DeskRows } from './desk.repository.js';
import type { ContactPlace, ContactRow } from './domain/contact.js';
import { groupBy, matchContacts } from './domain/match-contacts.js';
import { readContacts } from './import/contacts.js';
import { isProblem, type ImportSource, type LineProblem } from './import/import-line.js';
import { IMPORT_ACTOR, type ImportOptions } from './import-settings.service.js';
import { RegisterRows } from './register.repository.js';

export interface ContactsReport {
  read: number;
  added: number;
  changed: number;
  unchanged: number;
  /** Desks that came into being because somebody is at them. */
  desksCreated: string[];
  problems: LineProblem[];
}

interface PlacedRow {
  line: number;
  row: ContactRow;
  settingUrn: string | null;
  deskId: string | null;
}

interface MatchedRow extends PlacedRow {
  stored: StoredContactRow | null;
}

const postOf = (one: { settingUrn: string | null; deskId: string | null; role: string }): string =>
  `${one.settingUrn ?? ''} ${one.deskId ?? ''} ${one.role}`;

const A_MAILBOX = '"email" is a shared mailbox elsewhere; a person needs an address of their own.';
const SOMEBODYS_OWN =
  '"email" is the address of somebody who signs in with it; a shared mailbox needs another one.';

/** Brings contacts up to date with a file. Contacts that are not in it stay; a shared mailbox never becomes a person. */
@Injectable()
export class ImportContacts {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly register: RegisterRows,
    private readonly desks: DeskRows,
    private readonly rows: ContactImportRows,
  ) {}

  /** @throws FileRefused */
  async run(
    source: ImportSource,
    { actor = IMPORT_ACTOR, progress }: ImportOptions = {},
  ): Promise<ContactsReport> {
    return this.database.transaction(actor, async (tx) => {
      await this.register.lock(tx, 'contacts');
      const problems: LineProblem[] = [];
      const desksCreated: string[] = [];
      const placed = await this.place(tx, await read(source, problems, progress), problems, desksCreated);
      const matched = await this.usable(tx, await this.match(tx, placed), problems);
      const { added, changed } = await this.store(tx, matched);
      const report: ContactsReport = {
        read: placed.length,
        added,
        changed,
        unchanged: matched.length - added - changed,
        desksCreated,
        problems: problems.sort((a, b) => a.line - b.line),
      };
      await this.audit.record(tx, {
        action: 'directory.imported',
        detail: { what: 'contacts', read: report.read, added, changed, problems: problems.length },
      });
      return report;
    });
  }

  private async place(
    tx: Tx,
    lines: readonly { line: number; row: ContactRow }[],
    problems: LineProblem[],
    desksCreated: string[],
  ): Promise<PlacedRow[]> {
    const urns = lines.flatMap(({ row: { place } }) => (place.kind === 'setting' ? [place.urn] : []));
    const known = await this.rows.knownSettings(tx, [...new Set(urns)]);
    const authorities = await this.desks.authorityNames(tx);
    const deskIds = new Map<string, string | null>();
    const lineOf = new Map<string, number>();
    const placed: PlacedRow[] = [];
    for (const { line, row } of lines) {
      const { place } = row;
      const identity = JSON.stringify([place, row.email, row.name]).toLowerCase();
      const earlier = lineOf.get(identity);
      if (earlier !== undefined) {
        problems.push({
          line,
          problem: `The same contact in the same role already stands on line ${earlier}.`,
        });
        continue;
      }
      lineOf.set(identity, line);
      if (place.kind === 'setting') {
        if (known.has(place.urn)) placed.push({ line, row, settingUrn: place.urn, deskId: null });
        else
          problems.push({
            line,
            problem: `URN ${place.urn} is not in the register: import the schools first.`,
          });
        continue;
      }
      const key = `${place.authorityCode} ${place.desk}`;
      if (!deskIds.has(key)) deskIds.set(key, await this.desk(tx, place, authorities, desksCreated));
      const deskId = deskIds.get(key) ?? null;
      if (deskId) placed.push({ line, row, settingUrn: null, deskId });
      else
        problems.push({
          line,
          problem: `Authority ${place.authorityCode} is not known: import its schools first.`,
        });
    }
    return placed;
  }

  /** A desk that somebody is at exists; the operator's too. */
  private async desk(
    tx: Tx,
    { authorityCode, desk: kind }: Extract<ContactPlace, { kind: 'desk' }>,
    authorities: ReadonlyMap<string, string>,
    desksCreated: string[],
  ): Promise<string | null> {
    const found = await this.desks.find(tx, authorityCode, kind);
    if (found) return found;
    const authority =
      authorityCode === null ? 'Operator of this installation' : authorities.get(authorityCode);
    if (authority === undefined) return null;
    const name = authorityCode === null ? authority : `${authority}: ${kind} desk`;
    desksCreated.push(name);
    return this.desks.store(tx, { authorityCode, kind, name, email: null, telephone: null });
  }

  private async match(tx: Tx, placed: readonly PlacedRow[]): Promise<MatchedRow[]> {
    const distinct = (pick: (row: PlacedRow) => string | null): string[] => [
      ...new Set(placed.flatMap((row) => pick(row) ?? [])),
    ];
    const stored = groupBy(
      await this.rows.activeAt(
        tx,
        distinct((row) => row.settingUrn),
        distinct((row) => row.deskId),
      ),
      postOf,
    );
    const posts = groupBy(placed, (one) => postOf({ ...one, role: one.row.place.role }));
    return [...posts].flatMap(([post, rows]) => {
      const found = matchContacts(
        stored.get(post) ?? [],
        rows.map(({ row }) => row),
      );
      return rows.map((row, index) => ({ ...row, stored: found[index] ?? null }));
    });
  }

  /**
   * Without people whose address is a shared mailbox: a code sent there would sign in whoever reads it. And without mailboxes at the
   * address of somebody who signs in: they would get no code any more.
   */
  private async usable(
    tx: Tx,
    matched: readonly MatchedRow[],
    problems: LineProblem[],
  ): Promise<MatchedRow[]> {
    const emails = (shared: boolean): string[] =>
      matched.flatMap(({ row }) =>
        row.sharedMailbox === shared && row.email ? [row.email.toLowerCase()] : [],
      );
    const here = matched.flatMap(({ stored }) => (stored ? [stored.id] : []));
    const wanted = matched.flatMap(({ row, settingUrn, deskId }) =>
      row.email && !row.sharedMailbox
        ? [{ email: row.email.toLowerCase(), place: settingUrn ?? deskId }]
        : [],
    );
    const shared = await this.rows.sharedMailboxes(tx, wanted, here);
    const given = matched.flatMap(({ row, stored }) =>
      stored && !row.sharedMailbox && row.email?.toLowerCase() !== stored.email?.toLowerCase()
        ? [stored.id]
        : [],
    );
    const own = await this.rows.signInAddresses(tx, emails(true), given);
    for (const email of emails(true)) if (!own.has(email)) shared.add(email);
    return matched.filter(({ line, row }) => {
      const clash = row.email !== null && (row.sharedMailbox ? own : shared).has(row.email.toLowerCase());
      if (clash) problems.push({ line, problem: row.sharedMailbox ? SOMEBODYS_OWN : A_MAILBOX });
      return !clash;
    });
  }

  private async store(tx: Tx, matched: readonly MatchedRow[]): Promise<{ added: number; changed: number }> {
    const at = this.clock.now();
    const people = new Map<string, { id: string; name: string; email: string }>();
    for (const { row } of matched) {
      const key = row.email?.toLowerCase();
      if (key === undefined || row.email === null || row.sharedMailbox || people.has(key)) continue;
      people.set(key, { id: newId(), name: row.name, email: row.email });
    }
    const ids = await this.rows.people(tx, [...people.values()], at);
    const personOf = (row: ContactRow): string | null =>
      row.sharedMailbox || row.email === null ? null : (ids.get(row.email.toLowerCase()) ?? null);

    const added: ContactToStore[] = [];
    const changed: ContactToStore[] = [];
    const renamed: { personId: string; from: string; to: string }[] = [];
    const known = matched.flatMap(({ stored }) => (stored ? [stored.id] : []));
    const lookAgain = new Set(await this.rows.vouchedByFile(tx, known));
    for (const { row, stored, settingUrn, deskId } of matched) {
      const { place, ...rest } = row;
      const personId = personOf(row);
      const contact = { ...rest, id: stored?.id ?? newId(), settingUrn, deskId, role: place.role, personId };
      if (!stored) added.push(contact);
      else if (differs(stored, contact)) changed.push(contact);
      if (!stored || stored.name !== row.name) lookAgain.add(contact.id);
      if (stored && personId && stored.name !== row.name) {
        renamed.push({ personId, from: stored.name, to: row.name });
      }
    }
    await this.rows.insert(tx, added, at);
    await this.rows.update(tx, changed, at);
    await this.rows.renamePeople(tx, renamed);
    await this.outbox.addMany(
      tx,
      [...lookAgain].map((contactId) => ({ name: 'directory.contact-changed', payload: { contactId } })),
    );
    // Open notices go to the people of the new file; for whoever is new or renamed, once it is known whether they may know.
    const urns = new Set(
      changed.flatMap(({ id, settingUrn }) => (settingUrn && !lookAgain.has(id) ? settingUrn : [])),
    );
    await this.outbox.addMany(
      tx,
      [...urns].map((urn) => ({ name: 'directory.cover-changed', payload: { urn } })),
    );
    return { added: added.length, changed: changed.length };
  }
}

async function read(
  source: ImportSource,
  problems: LineProblem[],
  progress?: (lines: number) => void,
): Promise<{ line: number; row: ContactRow }[]> {
  const lines: { line: number; row: ContactRow }[] = [];
  for await (const line of readContacts(source())) {
    if (isProblem(line)) problems.push(line);
    else lines.push(line);
    if (line.line % 5_000 === 0) progress?.(line.line);
  }
  return lines;
}

/** Whether the file says anything new; an address verified by its owner stays verified whatever the file says. */
function differs(stored: StoredContactRow, wanted: ContactToStore): boolean {
  return (
    stored.name !== wanted.name ||
    stored.email !== wanted.email ||
    stored.mobile !== wanted.mobile ||
    stored.sharedMailbox !== wanted.sharedMailbox ||
    stored.personId !== wanted.personId ||
    stored.holidayContact !== wanted.holidayContact ||
    stored.workingDays.join() !== wanted.workingDays.join() ||
    (wanted.trainedOn !== null && stored.trainedOn !== wanted.trainedOn) ||
    (wanted.verified && wanted.email !== null && !stored.emailVerified) ||
    (wanted.verified && wanted.mobile !== null && !stored.mobileVerified)
  );
}
