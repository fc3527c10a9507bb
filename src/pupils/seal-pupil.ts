import { Injectable } from '@nestjs/common';
import type { RollRow } from '../directory/read-roll.service.js';
import { childNameDobValue, postcodeValue, upnValue } from '../sealing/index-values.js';
import { Sealer } from '../sealing/sealer.js';
import { storedValues } from './pupil-index.js';
import type { EntryToStore } from './roll.repository.js';

/** Turns a child on a roll into what is stored of it. */
@Injectable()
export class SealPupil {
  constructor(private readonly sealer: Sealer) {}

  /** The same child at the same setting in the next file: name, date of birth and UPN. Newest key first. */
  identities(row: RollRow): Buffer[] {
    return this.sealer.blindIndexes('pupil-identity', identity(row)).map(({ digest }) => digest);
  }

  isSame(row: RollRow, contentDigest: Buffer): boolean {
    return this.sealer.contentMatches(contentDigest, content(row));
  }

  seal(row: RollRow, id: string, settingUrn: string): EntryToStore {
    const { forename, surname, dateOfBirth, postcode, upn, startsOn, endsOn, attends } = row;
    const pupil = { forename, surname, dateOfBirth, postcode, upn };
    const { ciphertext, wrappedKey, masterKeyVersion } = this.sealer.sealPayload({
      rowId: id,
      plaintext: JSON.stringify(attends === null ? pupil : { ...pupil, attends }),
    });
    return {
      ...{ id, settingUrn, startsOn, endsOn, wrappedKey, masterKeyVersion },
      partTime: attends !== null,
      identity: this.sealer.blindIndex('pupil-identity', identity(row)).digest,
      contentDigest: this.sealer.contentDigest(content(row)),
      sealed: ciphertext,
      index: storedValues(pupil).map(({ kind, value }) => ({ kind, ...this.sealer.blindIndex(kind, value) })),
    };
  }
}

function identity(row: RollRow): string {
  return `${childNameDobValue(row) ?? ''}|${upnValue(row.upn) ?? ''}`;
}

function content(row: RollRow): string {
  const { forename, surname, dateOfBirth, startsOn, endsOn, attends } = row;
  return JSON.stringify([
    forename,
    surname,
    dateOfBirth,
    postcodeValue(row.postcode),
    upnValue(row.upn),
    startsOn,
    endsOn,
    // Only where it is said, so that lines stored before there was such a column are still the same.
    ...(attends === null ? [] : [attends]),
  ]);
}
