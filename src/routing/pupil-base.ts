import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { ChildDto } from '../notifications/dto/child.dto.js';
import { FindPupil } from '../pupils/find-pupil.service.js';
import type { PupilBaseAnswer } from './domain/routing.types.js';

/** The port through which routing asks where a child is on the roll, before it believes a stated school. */
export abstract class PupilBase {
  /** @returns null when there is no pupil base that could know the child */
  abstract find(tx: Tx, child: ChildDto): Promise<PupilBaseAnswer | null>;
  /** @returns ISO weekdays; null: every day on which the setting opens, or not known */
  abstract attendance(tx: Tx, child: () => Promise<ChildDto | null>, urn: string): Promise<number[] | null>;
}

/** The rolls that authorities and schools have imported. */
@Injectable()
export class RollPupilBase extends PupilBase {
  constructor(private readonly pupils: FindPupil) {
    super();
  }

  find(tx: Tx, child: ChildDto): Promise<PupilBaseAnswer | null> {
    return this.pupils.find(tx, child);
  }

  async attendance(tx: Tx, read: () => Promise<ChildDto | null>, urn: string): Promise<number[] | null> {
    if (!(await this.pupils.hasPartTime(tx, urn))) return null;
    const child = await read();
    return child ? this.pupils.attendance(tx, child, urn) : null;
  }
}
