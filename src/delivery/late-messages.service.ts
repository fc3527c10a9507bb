import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { speedOf } from '../common/speed-of.js';
import type { Tx } from '../database/database.js';
import { backoffMilliseconds } from '../jobs/domain/backoff.js';
import { JOBS } from '../jobs/catalogue.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import {
  isDownForEverybody,
  isOutOfPatience,
  TAKEN_WINDOW_MINUTES,
  usesUpTheNext,
  type LatelyTaken,
  type RefusedForNow,
} from './domain/late-message.js';
import type { MailError } from './mail-sender.js';
import { MailingsRepository } from './mailings.repository.js';
import { MessagesRepository, type MessageRung } from './messages.repository.js';

const KNOWN_FOR_MS = 5_000;

export type PutBack = MessageRung & RefusedForNow & { late: boolean };

/** Knows for which messages, refused for now, the ladder waits no longer. They are still tried. */
@Injectable()
export class LateMessages {
  private readonly known = new Map<string, { realAt: number; lately: LatelyTaken }>();

  constructor(
    private readonly clock: Clock,
    private readonly messages: MessagesRepository,
    private readonly mailings: MailingsRepository,
  ) {}

  /**
   * @param refused of one mailing, waiting for their next attempt
   * @param notices theirs, locked
   * @returns those that are late from now on
   */
  async mark<Message extends PutBack>(
    tx: Tx,
    mailingId: string,
    fault: MailError,
    refused: readonly Message[],
    notices: readonly NoticeEntity[],
  ): Promise<Message[]> {
    const now = this.clock.now();
    const byId = new Map(notices.map((notice) => [notice.id, notice]));
    const late = refused.filter((message) => {
      const notice = byId.get(message.noticeId);
      if (!notice || message.late) return false;
      return this.comesAfterNext(message, notice, now) || isOutOfPatience(message, notice.risk, now);
    });
    if (late.length === 0) return [];
    const itself = fault.blames === 'provider' && !fault.atRecipient;
    const spared = isDownForEverybody(await this.latelyTaken(tx, mailingId, now), itself);
    const given = late.filter(({ rung }) => !(spared && usesUpTheNext(rung)));
    await this.messages.markLate(
      tx,
      given.map(({ id }) => id),
      now,
    );
    return given;
  }

  /** Asked of each refusal of an outage, and the same for all of them: looked up once in a few seconds. */
  private async latelyTaken(tx: Tx, mailingId: string, now: Date): Promise<LatelyTaken> {
    const provider = await this.mailings.providerOf(tx, mailingId);
    const realNow = this.clock.realNow().getTime();
    const known = this.known.get(provider);
    if (known && Math.abs(realNow - known.realAt) < KNOWN_FOR_MS) return known.lately;
    const since = new Date(now.getTime() - TAKEN_WINDOW_MINUTES * 60_000);
    const lately = await this.mailings.latelyTaken(tx, provider, since);
    this.known.set(provider, { realAt: realNow, lately });
    return lately;
  }

  /** The notice's next timer would come before the next attempt: whoever it tells must not be waited for. */
  private comesAfterNext({ attempts }: RefusedForNow, { nextDueAt }: NoticeEntity, now: Date): boolean {
    if (!nextDueAt) return false;
    // The pause is real time.
    const pause =
      backoffMilliseconds(JOBS['delivery.send'].backoffSeconds, attempts, 0) * speedOf(this.clock);
    return nextDueAt.getTime() - now.getTime() <= pause;
  }
}
