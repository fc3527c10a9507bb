import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';

/** Every message of this rung has failed or bounced: the rung counts as empty and the next one must run at once. */
export type RungUndelivered = (tx: Tx, noticeId: string, generation: number, rung: string) => Promise<void>;

/** What stands above delivery registers here (escalation); delivery itself knows no ladder. */
@Injectable()
export class DeliveryEvents {
  private listener: RungUndelivered = async () => {
    throw new Error('nobody listens for undelivered rungs');
  };

  onRungUndelivered(listener: RungUndelivered): void {
    this.listener = listener;
  }

  async rungUndelivered(tx: Tx, noticeId: string, generation: number, rung: string): Promise<void> {
    await this.listener(tx, noticeId, generation, rung);
  }
}
