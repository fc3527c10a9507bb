import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import type { Channel } from '../delivery/domain/recipient.js';
import { codeDigest } from '../identity/staff/domain/one-time-code.js';
import { ContactCodeRows } from './contact-codes.repository.js';
import { addressDigest, CONTACT_CODE_MINUTES } from './verify-address.service.js';

const ACTOR = systemActor('contact-code');

export interface ArmedCode {
  contactId: string;
  channel: Channel;
  address: string;
}

/** What the sender of a code reads and writes. */
@Injectable()
export class ContactCodeDelivery {
  readonly minutes = CONTACT_CODE_MINUTES;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly codes: ContactCodeRows,
  ) {}

  /** @returns null when the code is used, expired or replaced, or the address was changed since it was asked for */
  async arm(codeId: string, code: string): Promise<ArmedCode | null> {
    return this.database.transaction(ACTOR, async (tx) => {
      const row = await this.codes.arm(tx, codeId, codeDigest(codeId, code), this.clock.realNow());
      const address = row?.channel === 'email' ? row.email : (row?.mobile ?? null);
      if (!row || address === null || !addressDigest(row.contactId, address).equals(row.addressDigest))
        return null;
      return { contactId: row.contactId, channel: row.channel, address };
    });
  }

  /** The address does not take mail: it is shown as such, and nothing is planned for it. */
  async bounced(codeId: string, { contactId, channel }: ArmedCode): Promise<void> {
    await this.database.transaction(ACTOR, async (tx) => {
      await this.codes.failed(tx, codeId, this.clock.realNow());
      const column = channel === 'email' ? 'email_bounced_at' : 'mobile_failed_at';
      await tx.execute(`UPDATE contact SET ${column} = coalesce(${column}, $2) WHERE id = $1`, [
        contactId,
        this.clock.now(),
      ]);
      await this.audit.record(tx, { action: 'contact.address-bounced', contactId, detail: { channel } });
    });
  }
}
