import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';
import type { JobCatalogue } from '../jobs/catalogue.js';
import { Outbox } from '../jobs/outbox.js';
import { isBounceStorm, STORM_WINDOW_MINUTES, type LatelySent } from './domain/bounce-storm.js';
import type { Channel } from './domain/recipient.js';
import { MailingsRepository } from './mailings.repository.js';

export interface BounceStorm extends LatelySent {
  provider: string;
  channel: Channel;
}

/** Knows when a provider calls nearly everybody unknown: then it is the provider that is ill, and no address is to blame. */
@Injectable()
export class BounceStorms {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly mailings: MailingsRepository,
  ) {}

  /** Those that blow now. */
  async blowing(tx: Tx): Promise<BounceStorm[]> {
    return (await this.mailings.lately(tx, this.since())).filter(isBounceStorm);
  }

  /**
   * Asked at each bounce, under a lock that makes bounces take turns. In a storm, addresses that it has marked are believed again, and
   * what was lost is planned anew when it should be over: the ladder has gone on meanwhile, but nobody at the school was told. What a
   * desk is to place is said to its officers again then.
   *
   * @returns true when the bounce of this mailing says nothing about its address
   */
  async blamesProvider(
    tx: Tx,
    mailing: { mailingId: string; contactId: string; channel: Channel },
  ): Promise<boolean> {
    const provider = await this.mailings.providerToJudge(tx, mailing.mailingId);
    const storm = (await this.blowing(tx)).find(
      (one) => one.provider === provider && one.channel === mailing.channel,
    );
    if (!storm) return false;
    const again = await this.mailings.believeAgain(tx, storm.provider, storm.channel, this.since());
    await this.audit.record(
      tx,
      ...again.map(({ id }) => ({
        action: 'address.believed-again' as const,
        contactId: id,
        detail: { channel: storm.channel },
      })),
    );
    const contact = await this.mailings.contact(tx, mailing.contactId, mailing.channel);
    const urns = new Set([contact?.settingUrn, ...again.map(({ urn }) => urn)]);
    for (const urn of urns) if (urn) await this.later(tx, 'directory.cover-changed', { urn });
    const deskIds = new Set([contact?.deskId, ...again.map(({ deskId }) => deskId)]);
    for (const deskId of deskIds) if (deskId) await this.later(tx, 'placing.desk-again', { deskId });
    return true;
  }

  /** Once, however many bounce. While the storm goes on, each such round meets it again and arms the next. */
  private async later<Name extends 'directory.cover-changed' | 'placing.desk-again'>(
    tx: Tx,
    name: Name,
    payload: JobCatalogue[Name],
  ): Promise<void> {
    const now = this.clock.now();
    const armed = await tx.query(
      `SELECT 1 FROM outbox WHERE name = $3 AND done_at IS NULL AND failed_at IS NULL AND due_at > $1 AND payload = $2::jsonb LIMIT 1`,
      [now, JSON.stringify(payload), name],
    );
    if (armed.length > 0) return;
    const dueAt = new Date(now.getTime() + STORM_WINDOW_MINUTES * 60_000);
    await this.outbox.add(tx, name, payload, { dueAt });
  }

  private since(): Date {
    return new Date(this.clock.now().getTime() - STORM_WINDOW_MINUTES * 60_000);
  }
}
