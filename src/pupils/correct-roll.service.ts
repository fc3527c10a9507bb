import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import { FindPupil, type NotifiedChild } from './find-pupil.service.js';
import { RollRows } from './roll.repository.js';

/** What schools and desks say about a child, against what a roll said. The next file that changes the line is believed again. */
@Injectable()
export class CorrectRoll {
  constructor(
    private readonly clock: Clock,
    private readonly pupils: FindPupil,
    private readonly rows: RollRows,
  ) {}

  /** "Not our pupil": nothing is sent there on the word of that line any more. @returns how many lines */
  async notAt(tx: Tx, child: NotifiedChild, urn: string): Promise<number> {
    return this.rows.suspect(tx, await this.pupils.entriesAt(tx, child, urn), this.clock.now());
  }

  /** An officer found the child there after all. @returns how many lines */
  async at(tx: Tx, child: NotifiedChild, urn: string): Promise<number> {
    return this.rows.suspect(tx, await this.pupils.entriesAt(tx, child, urn), null);
  }
}
