import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { StateConflict } from '../common/errors.js';
import { Database } from '../database/database.js';
import { FINAL_STATES } from './domain/state.js';
import type { NoticeEntity } from './notice.entity.js';
import { Notices } from './notices.service.js';

/** How long a desk's own repeats pause once an officer has taken charge. The school's rungs go on. */
export const CHARGE_PAUSE_MINUTES = 120;

/** A desk owns the next step: its officer is named, its own repeats pause; nothing stops for the school. */
@Injectable()
export class TakeCharge {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
  ) {}

  /** @throws NotFound outside the officer's authority; StateConflict when another officer has charge, or the notice is withdrawn */
  async run(officer: Actor, officerContactId: string, noticeId: string): Promise<NoticeEntity> {
    return this.database.transaction(officer, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      const now = this.clock.now();
      if (FINAL_STATES.includes(notice.state))
        throw new StateConflict('This notice has moved on. Go back to the list.');
      const taken =
        notice.chargeUntil && notice.chargeUntil > now && notice.chargeContactId !== officerContactId;
      if (taken)
        throw new StateConflict(
          'A colleague has taken charge of this notice. Speak to them, or choose another.',
        );
      const until = new Date(now.getTime() + CHARGE_PAUSE_MINUTES * 60_000);
      const charged = await this.notices.update(tx, notice, {
        chargeContactId: officerContactId,
        chargeUntil: until,
      });
      await this.audit.record(tx, {
        action: 'notice.charge-taken',
        noticeId,
        notificationId: notice.notificationId,
        authorityCode: notice.authorityCode,
        contactId: officerContactId,
        detail: { until: until.toISOString() },
      });
      return charged;
    });
  }
}
