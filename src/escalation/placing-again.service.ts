import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { Outbox } from '../jobs/outbox.js';

/** A step that says again what `officers` said: named by its instant, so that no step of the clock loses its own turn. */
const AGAIN = 'again-';

/** @returns the rung whose people a step of the desk's clock tells */
export function placingRungOf(step: string): string {
  return step.startsWith(AGAIN) ? 'officers' : step;
}

/** @returns true when a message of this rung goes to the desk that owns the notice: after it there is the duty desk */
export function tellsOfficers(rung: string): boolean {
  return ['officers', 'second-officer'].includes(placingRungOf(rung.replace('place-', '')));
}

/** What a desk is to place and nobody there was told of, because a provider called everybody unknown. */
@Injectable()
export class PlacingAgain {
  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  /**
   * One job for each notice of which a message to this desk bounced, and of which nobody has been told since, or is about to be.
   * Whoever has charge knows of it.
   */
  async run(tx: Tx, { deskId }: JobCatalogue['placing.desk-again']): Promise<void> {
    const now = this.clock.now();
    const notices = await tx.query<{ noticeId: string; generation: number }>(
      `SELECT n.id AS "noticeId", n.generation FROM notice n
       WHERE n.state = 'triage' AND (n.desk_id = $1 OR n.authority_code = (SELECT authority_code FROM desk WHERE id = $1))
         AND (n.charge_until IS NULL OR n.charge_until <= $2)
         AND EXISTS (SELECT 1 FROM outgoing_message m JOIN contact c ON c.id = m.contact_id
           WHERE m.notice_id = n.id AND m.generation = n.generation AND m.rung LIKE 'place-%' AND m.state = 'bounced' AND c.desk_id = $1
             AND NOT EXISTS (SELECT 1 FROM outgoing_message told WHERE told.notice_id = m.notice_id AND told.generation = m.generation
               AND told.rung LIKE 'place-%' AND told.created_at >= m.created_at
               AND told.state IN ('pending', 'sending', 'accepted', 'delivered')))
       ORDER BY n.id`,
      [deskId, now],
    );
    const step = `${AGAIN}${now.toISOString().slice(0, 16)}`;
    await this.outbox.addMany(
      tx,
      notices.map(({ noticeId, generation }) => ({
        name: 'placing.fire' as const,
        payload: { noticeId, generation, step },
        noticeId,
        generation,
      })),
    );
  }
}
