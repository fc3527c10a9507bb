import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { addDays, type IsoDate } from '../calendar/domain/iso-date.js';
import { Clock } from '../common/clock.js';
import { DomainError, NotFound, StateConflict } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { AbsenceRows } from './absences.repository.js';
import { absenceProblems, mayCover, type AbsenceWish } from './domain/absence.js';
import { mayChange, type Keeper } from './domain/contact-rights.js';
import type { FormError } from './domain/contact-form.js';
import type { AbsenceRow, KeptContact, Place } from './domain/kept-contact.js';
import { confirmationToken, PlaceKeeping, type KeeperPost } from './place-keeping.service.js';

export class AbsenceRefused extends DomainError {
  constructor(readonly errors: readonly FormError[]) {
    super('absence', errors.map(({ text }) => text).join('. '), 422);
  }
}

export interface AbsencePreview {
  place: Place;
  contact: KeptContact;
  /** Who could stand in for the whole time. */
  covers: KeptContact[];
  /** What would follow without cover. */
  warnings: string[];
  /** For `add`, once the warnings were shown. */
  token: string;
}

/**
 * Who is away from when to when, and who stands in. It holds for all posts of the same person at the place: a head who is the DSL too
 * is away as both. Nothing is deleted: what was called off is kept as such.
 */
@Injectable()
export class Absences {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly rows: AbsenceRows,
    private readonly keeping: PlaceKeeping,
  ) {}

  /** For the page that asks. @throws NotFound; DomainError (403) for another's contact */
  async preview(post: KeeperPost, contactId: string, wish: AbsenceWish): Promise<AbsencePreview> {
    return this.database.transaction(post.actor, async (tx) => {
      const { place, keeper, contacts, contact } = await this.keeping.openContact(tx, post, contactId);
      refuse(keeper, contactId);
      const covers = contacts.filter((one) => mayCover(one, contact, wish));
      const valid = absenceProblems(contact, contacts, wish, this.keeping.today()).length === 0;
      const warnings = valid ? await this.warnings(tx, place, contacts, contact, wish) : [];
      return { place, contact, covers, warnings, token: confirmationToken(warnings) };
    });
  }

  /**
   * @param token of the warnings that were shown
   * @throws AbsenceRefused with every error at once; NeedsConfirmation when nobody else could be told; NotFound; DomainError (403)
   */
  async add(post: KeeperPost, contactId: string, wish: AbsenceWish, token: string): Promise<Place> {
    return this.database.transaction(post.actor, async (tx) => {
      const { place, keeper, contacts, contact } = await this.keeping.openContact(tx, post, contactId);
      refuse(keeper, contactId);
      const errors = absenceProblems(contact, contacts, wish, this.keeping.today());
      if (errors.length > 0) throw new AbsenceRefused(errors);
      this.keeping.confirm(await this.warnings(tx, place, contacts, contact, wish), token);
      for (const { id } of postsOf(contact, contacts)) {
        await this.rows.insert(tx, { id: newId(), contactId: id, ...wish }, this.clock.now());
      }
      await this.record(tx, 'contact.away', place, keeper, contactId, wish);
      return place;
    });
  }

  /** Not begun: called off. Begun: they are back, and today counts. @throws NotFound; StateConflict when it was over or called off */
  async end(post: KeeperPost, absenceId: string): Promise<Place> {
    return this.database.transaction(post.actor, async (tx) => {
      const found = await this.rows.find(tx, absenceId);
      if (!found) throw new NotFound('This absence has been called off already.');
      const { place, keeper, contacts, contact } = await this.keeping.openContact(tx, post, found.contactId);
      refuse(keeper, contact.id);
      const today = this.keeping.today();
      if (found.to < today) throw new StateConflict('This absence is over.');
      for (const absence of samePeriod(postsOf(contact, contacts), found)) {
        if (absence.from >= today) await this.rows.cancel(tx, absence.id, this.clock.now());
        else await this.rows.endOn(tx, absence.id, addDays(today, -1));
      }
      await this.record(tx, 'contact.absence-changed', place, keeper, contact.id, {
        from: found.from,
        to: today,
      });
      return place;
    });
  }

  /** Whoever would be away: what the place loses, with the cover that was chosen. */
  private warnings(
    tx: Tx,
    place: Place,
    contacts: readonly KeptContact[],
    contact: KeptContact,
    wish: AbsenceWish,
  ): Promise<string[]> {
    const away = new Set(postsOf(contact, contacts).map(({ id }) => id));
    const after = contacts.map((one) =>
      away.has(one.id) ? { ...one, absences: [...one.absences, { id: 'new', ...wish }] } : one,
    );
    return this.keeping.consequences(tx, place, contacts, after, wish.to);
  }

  private async record(
    tx: Tx,
    action: 'contact.away' | 'contact.absence-changed',
    place: Place,
    keeper: Keeper,
    contactId: string,
    period: { from: IsoDate; to: IsoDate },
  ): Promise<void> {
    await this.audit.record(tx, {
      action,
      settingUrn: place.kind === 'setting' ? place.id : null,
      authorityCode: place.authorityCode,
      contactId: keeper.contactId,
      detail: { contact: contactId, from: period.from, to: period.to },
    });
    await this.keeping.coverChanged(tx, place);
  }
}

function refuse(keeper: Keeper, contactId: string): void {
  const why = mayChange(keeper, contactId);
  if (why !== null) throw new DomainError('not-yours', why, 403);
}

function postsOf(contact: KeptContact, contacts: readonly KeptContact[]): KeptContact[] {
  return contacts.filter(
    ({ id, personId }) => id === contact.id || (personId !== null && personId === contact.personId),
  );
}

function samePeriod(posts: readonly KeptContact[], period: { from: string; to: string }): AbsenceRow[] {
  return posts.flatMap(({ absences }) =>
    absences.filter(({ from, to }) => from === period.from && to === period.to),
  );
}
