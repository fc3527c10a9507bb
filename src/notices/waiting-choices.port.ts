import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';

/** @throws StateConflict saying who chose what, while the notice waits to be sent to the setting that an officer chose for it */
export type AssertNotChosen = (tx: Tx, noticeId: string) => Promise<void>;

/**
 * An officer's choice of a setting can be taken back for two minutes, and the desk owns the notice until then. `notices` stands below
 * triage, so whoever keeps these choices registers here; until then there are none.
 */
@Injectable()
export class WaitingChoices {
  private check: AssertNotChosen | null = null;

  register(check: AssertNotChosen): void {
    this.check = check;
  }

  /** @param noticeId locked. @throws as AssertNotChosen */
  async assertNone(tx: Tx, noticeId: string): Promise<void> {
    await this.check?.(tx, noticeId);
  }
}
