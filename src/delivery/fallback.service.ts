import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Audit } from '../audit/audit.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { RetryAt } from '../jobs/job-handler.js';
import { Outbox } from '../jobs/outbox.js';
import { isAnswered } from '../notices/domain/in-school.js';
import { Notices } from '../notices/notices.service.js';
import { CLAIM_LEASE_SECONDS } from './claim-mailing.service.js';
import { DeliveryEvents } from './delivery-events.js';
import { fallbackText, type FallbackItem } from './domain/fallback-text.js';
import type { NotifyVerdict } from './domain/notify-outcome.js';
import { fallbackWanted, isUnread, type Purpose } from './domain/purpose.js';
import { FallbackRepository } from './fallback.repository.js';
import { MailError } from './mail-sender.js';
import { Providers } from './providers.js';
import { PublicUrl } from './public-url.js';

const ACTOR = systemActor('fallback');
/** A desk is reminded every half hour; so is whoever stands in for it. */
const NOT_AGAIN_WITHIN_MINUTES = 25;
/** For a notice that belongs to no authority. */
const NO_AUTHORITY = '';

interface FallbackClaim {
  mailingId: string;
  address: string;
  items: FallbackItem[];
}

/**
 * The regional fallback address: told when nobody at a desk can be. An authority names its own, otherwise the installation's; with
 * neither, the operator's alert is all there is.
 */
@Injectable()
export class Fallback {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly rows: FallbackRepository,
    private readonly events: DeliveryEvents,
    private readonly providers: Providers,
    private readonly publicUrl: PublicUrl,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param purpose what the step was about that told nobody
   * @returns false when there is no address to tell
   */
  async queue(tx: Tx, noticeId: string, authorityCode: string | null, purpose: Purpose): Promise<boolean> {
    if (!(await this.addressFor(tx, authorityCode))) return false;
    const now = this.clock.now();
    const since = new Date(now.getTime() - NOT_AGAIN_WITHIN_MINUTES * 60_000);
    const added = await this.rows.add(tx, {
      id: newId(),
      noticeId,
      purpose,
      authorityCode,
      at: now,
      unlessSince: since,
    });
    if (added)
      await this.outbox.add(tx, 'delivery.fallback', { authorityCode: authorityCode ?? NO_AUTHORITY });
    return true;
  }

  /** As for a contact: claim, send, record; one mail for all notices that wait for this address. */
  async run(authority: string): Promise<void> {
    const authorityCode = authority === NO_AUTHORITY ? null : authority;
    const mailingId = newId();
    const claim = await this.database.transaction(ACTOR, (tx) => this.claim(tx, mailingId, authorityCode));
    if (!claim) return;
    try {
      const sender = await this.database.transaction(ACTOR, (tx) => this.rows.senderOf(tx, authorityCode));
      const text = fallbackText(claim.items, this.publicUrl.to('/sign-in'));
      await this.providers.mail.send({ to: claim.address, mailingId, sender, ...text });
    } catch (error) {
      const fault =
        error instanceof MailError ? error : new MailError('transient', 'UNKNOWN', { maybeSent: true });
      await this.database.transaction(ACTOR, (tx) => this.refused(tx, mailingId, authorityCode, fault));
      if (fault.fault === 'bounced') return;
      throw fault.retryAt ? new RetryAt(fault.retryAt) : fault;
    }
    await this.database.transaction(ACTOR, (tx) => this.accepted(tx, mailingId));
  }

  async giveUp(tx: Tx, authority: string): Promise<void> {
    const authorityCode = authority === NO_AUTHORITY ? null : authority;
    const lost = await this.rows.giveUp(tx, authorityCode);
    if (lost > 0) await this.complain(tx, authorityCode, 'EXHAUSTED');
  }

  /** @returns what a report about a mailing that is no contact's comes to */
  async reported(
    tx: Tx,
    mailingId: string,
    verdict: NotifyVerdict,
  ): Promise<'applied' | 'repeated' | 'unknown'> {
    const known = await this.rows.ofMailing(tx, mailingId);
    if (known.length === 0) return 'unknown';
    if (verdict.kind === 'delayed') return 'repeated';
    const state = ({ delivered: 'delivered', hard: 'bounced', soft: 'failed', technical: 'failed' } as const)[
      verdict.kind
    ];
    if ((await this.rows.close(tx, mailingId, state, verdict.status)) === 0) return 'repeated';
    const authorityCode = known[0]?.authorityCode ?? null;
    // A yes alone is no sign of that: reports about it come later.
    if (state === 'delivered') await this.events.mended(tx, 'fallback-undelivered', subjectOf(authorityCode));
    else await this.complain(tx, authorityCode, verdict.status);
    return 'applied';
  }

  private async addressFor(tx: Tx, authorityCode: string | null): Promise<string | null> {
    return (await this.rows.addressOf(tx, authorityCode)) ?? this.config.delivery.fallbackEmail;
  }

  private async claim(
    tx: Tx,
    mailingId: string,
    authorityCode: string | null,
  ): Promise<FallbackClaim | null> {
    const realNow = this.clock.realNow();
    const waiting = await this.rows.waiting(tx, authorityCode, realNow);
    if (waiting.length === 0) {
      const heldUntil = await this.rows.heldUntil(tx, authorityCode);
      if (heldUntil) throw new RetryAt(new Date(heldUntil.getTime() + 1));
      return null;
    }
    const noticeIds = new Set(waiting.map(({ noticeId }) => noticeId));
    const notices = new Map((await this.notices.lockMany(tx, [...noticeIds])).map((one) => [one.id, one]));
    const wanted = waiting.flatMap(({ id, noticeId, purpose }) => {
      const notice = notices.get(noticeId);
      if (!notice || !fallbackWanted(purpose, notice.state)) return [];
      if (purpose === 'in-school' && isAnswered(notice)) return [];
      return [{ id, reference: notice.reference, unread: isUnread(purpose), test: notice.test }];
    });
    const wantedIds = wanted.map(({ id }) => id);
    const dealtWith = waiting.map(({ id }) => id).filter((id) => !wantedIds.includes(id));
    await this.rows.suppress(tx, dealtWith, realNow);
    const address = await this.addressFor(tx, authorityCode);
    if (!address) return null;
    const leaseUntil = new Date(realNow.getTime() + CLAIM_LEASE_SECONDS * 1_000);
    const claimed = await this.rows.claim(tx, { mailingId, ids: wantedIds, leaseUntil, realNow });
    const items = wanted.filter(({ id }) => claimed.includes(id));
    return items.length > 0 ? { mailingId, address, items } : null;
  }

  private async accepted(tx: Tx, mailingId: string): Promise<void> {
    const told = await this.rows.accepted(tx, mailingId, this.clock.now());
    await this.audit.record(
      tx,
      ...told.map(({ noticeId, authorityCode }) => ({
        action: 'fallback.told' as const,
        noticeId,
        authorityCode,
        detail: { mailing: mailingId },
      })),
    );
  }

  private async refused(
    tx: Tx,
    mailingId: string,
    authorityCode: string | null,
    fault: MailError,
  ): Promise<void> {
    if (fault.fault === 'transient') return this.rows.putBack(tx, mailingId, fault.code, fault.maybeSent);
    await this.rows.close(tx, mailingId, 'bounced', fault.code);
    await this.complain(tx, authorityCode, fault.code);
  }

  private complain(tx: Tx, authorityCode: string | null, code: string): Promise<void> {
    return this.events.troubled(tx, 'fallback-undelivered', subjectOf(authorityCode), { code });
  }
}

function subjectOf(authorityCode: string | null): string {
  return authorityCode ?? 'operator';
}
