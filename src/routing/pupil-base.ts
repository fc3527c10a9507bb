import type { Tx } from '../database/database.js';
import type { ChildDto } from '../notifications/dto/child.dto.js';
import type { PupilBaseAnswer } from './domain/routing.types.js';

/** The port through which routing asks where a child is on the roll, before it believes a stated school. */
export abstract class PupilBase {
  /** @returns null when there is no pupil base that could know the child */
  abstract find(tx: Tx, child: ChildDto): Promise<PupilBaseAnswer | null>;
}

/** An installation into which no roll has been imported. */
export class NoPupilBase extends PupilBase {
  async find(): Promise<null> {
    return null;
  }
}
