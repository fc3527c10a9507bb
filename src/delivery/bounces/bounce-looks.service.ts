import { Injectable } from '@nestjs/common';
import { systemActor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { Database, type Tx } from '../../database/database.js';

const ACTOR = systemActor('bounce-mailbox');

/** Until when the bounce mailbox has been read, by whichever process. Real instants: a mail server does not know ours. */
@Injectable()
export class BounceLooks {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Everything that was there has been read and put away; or a process begins to look, and nothing is late yet. */
  async allRead(): Promise<void> {
    await this.database.transaction(ACTOR, (tx) =>
      tx.execute(`UPDATE bounce_mailbox SET read_until = $1 WHERE only_row`, [this.clock.realNow()]),
    );
  }

  /** @returns null when nobody has ever looked */
  async readUntil(tx: Tx): Promise<Date | null> {
    const [row] = await tx.query<{ at: Date | null }>(`SELECT read_until AS at FROM bounce_mailbox`);
    return row?.at ?? null;
  }
}
