import { Injectable } from '@nestjs/common';
import { londonDateOf } from '../calendar/domain/london-time.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import type { ChildDto } from '../notifications/dto/child.dto.js';
import { checkUpn } from '../notifications/domain/upn.js';
import { postcodeValue, upnValue } from '../sealing/index-values.js';
import { Sealer } from '../sealing/sealer.js';
import { answerFrom, attendanceAt, type PupilAnswer, type PupilMatch } from './domain/pupil-answer.js';
import { searchValues, type IndexedPupil, type SearchValue } from './pupil-index.js';
import { RollRows, type FoundEntry } from './roll.repository.js';

/** What of a child decides where it is looked for. */
export type NotifiedChild = Pick<
  ChildDto,
  'forename' | 'surname' | 'knownAs' | 'dateOfBirth' | 'homePostcode' | 'upn'
>;

/** Asks the rolls where a child is. */
@Injectable()
export class FindPupil {
  constructor(
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly rows: RollRows,
  ) {}

  /** @returns null when no roll was ever imported */
  async find(tx: Tx, child: NotifiedChild): Promise<PupilAnswer | null> {
    if (!(await this.rows.exists(tx))) return null;
    const asked = indexed(child);
    const matches = await this.matches(tx, asked);
    const told = { upn: upnValue(asked.upn), postcode: postcodeValue(asked.postcode) };
    return answerFrom(matches, told, this.today());
  }

  /** Lines of one setting's roll that are certainly this child's name and birthday, or UPN and birthday. */
  async entriesAt(tx: Tx, child: NotifiedChild, urn: string): Promise<string[]> {
    const matches = await this.matches(tx, indexed(child));
    return matches.filter((one) => one.exact && one.urn === urn).map(({ entryId }) => entryId);
  }

  /** @returns ISO weekdays on which the child comes to this setting; null: every day on which it opens, or not known */
  async attendance(tx: Tx, child: NotifiedChild, urn: string): Promise<number[] | null> {
    const asked = indexed(child);
    return attendanceAt(await this.matches(tx, asked), { urn, upn: upnValue(asked.upn) }, this.today());
  }

  /** Cheap, and nearly always false: spares opening the notification. */
  hasPartTime(tx: Tx, urn: string): Promise<boolean> {
    return this.rows.hasPartTime(tx, urn);
  }

  private today(): string {
    return londonDateOf(this.clock.now()).toString();
  }

  private async matches(tx: Tx, asked: IndexedPupil): Promise<PupilMatch[]> {
    const wanted = new Map<string, SearchValue>();
    for (const one of searchValues(asked)) {
      for (const { digest } of this.sealer.blindIndexes(one.kind, one.value)) {
        const key = digest.toString('base64');
        // The same value may come about in several ways: the exact one counts, then the first.
        if (!wanted.get(key)?.exact) wanted.set(key, wanted.get(key) ?? one);
      }
    }
    const digests = [...wanted.keys()].map((key) => Buffer.from(key, 'base64'));
    const found = await this.rows.find(tx, digests);
    const best = new Map<string, PupilMatch>();
    for (const row of found) {
      const by = wanted.get(row.digest.toString('base64'));
      if (!by || by.kind !== row.kind) continue;
      const known = best.get(row.id);
      if (!known || (by.exact && !known.exact)) best.set(row.id, this.toMatch(row, by));
    }
    return [...best.values()];
  }

  private toMatch(row: FoundEntry, by: SearchValue): PupilMatch {
    const text = this.sealer.openPayload(row.id, {
      ciphertext: row.sealed,
      wrappedKey: row.wrappedKey,
      masterKeyVersion: row.masterKeyVersion,
    });
    const { upn, postcode, attends } = JSON.parse(text.toString('utf8')) as IndexedPupil & {
      attends?: number[];
    };
    return {
      ...{ entryId: row.id, urn: row.urn, exact: by.exact, why: by.why },
      ...{ startsOn: row.startsOn, endsOn: row.endsOn, suspected: row.suspected },
      upn: upnValue(upn),
      postcode: postcodeValue(postcode),
      attends: attends ?? null,
    };
  }
}

function indexed(child: NotifiedChild): IndexedPupil {
  return {
    forename: child.forename ?? null,
    surname: child.surname ?? null,
    dateOfBirth: child.dateOfBirth ?? null,
    postcode: child.homePostcode ?? null,
    upn: child.upn && checkUpn(child.upn) === 'valid' ? child.upn : null,
  };
}
