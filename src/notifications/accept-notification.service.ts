import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { CONFIG, type Config } from '../../config/config.js';
import { Clock } from '../common/clock.js';
import { LOGGER, type Logger } from '../common/logger.js';
import type { ForceClientIdentity } from '../identity/police/force-client.port.js';
import { Outbox } from '../jobs/outbox.js';
import { Sealer } from '../sealing/sealer.js';
import { canonicalContent } from './domain/canonical.js';
import { warningsFor } from './domain/warnings.js';
import type { NotificationDto } from './dto/notification.dto.js';
import { blindRowsOf } from './intake/blind-rows.js';
import { FlushRepository } from './intake/flush.repository.js';
import type { Incoming, IntakeResult } from './intake/incoming.js';
import { createIntakePool } from './intake/intake-connections.js';
import { IntakeQueue } from './intake/intake-queue.js';

/** Keeps a validated notification, or says why not. */
@Injectable()
export class AcceptNotification implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly queue: IntakeQueue;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) logger: Logger,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Sealer) private readonly sealer: Sealer,
    @Inject(Outbox) outbox: Outbox,
  ) {
    this.pool = createIntakePool(config.database.url, `firstbell-intake-${config.role}`, logger);
    const store = new FlushRepository(this.pool, sealer);
    const realNow = (): number => clock.realNow().getTime();
    this.queue = new IntakeQueue(store, sealer, logger, () => outbox.wake(), realNow);
  }

  /**
   * @param idempotencyKey as sent; only its digest is kept
   * @throws HttpProblem 503 when it was not, or perhaps not, kept
   */
  accept(
    client: ForceClientIdentity,
    notification: NotificationDto,
    idempotencyKey: string | null,
    correlationId: string,
  ): Promise<IntakeResult> {
    return this.queue.submit(this.prepare(client, notification, idempotencyKey, correlationId));
  }

  /** Requests that no flush has taken yet. */
  get waiting(): number {
    return this.queue.waiting;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.stop();
    await this.pool.end();
  }

  private prepare(
    { clientId, forceCode }: ForceClientIdentity,
    notification: NotificationDto,
    idempotencyKey: string | null,
    correlationId: string,
  ): Incoming {
    const canonicalText = canonicalContent(notification);
    return {
      clientId,
      forceCode,
      forceReference: notification.forceReference,
      version: notification.version ?? null,
      category: notification.category,
      risk: notification.incident.risk ?? 'not-assessed',
      receivedAt: this.clock.now(),
      correlationId,
      canonicalText,
      digest: this.sealer.contentDigest(canonicalText),
      keyDigest: idempotencyKey === null ? null : keyDigestOf(forceCode, idempotencyKey),
      warnings: JSON.stringify(warningsFor(notification)),
      childReferences: notification.children.map(({ reference }) => reference),
      blindRows: blindRowsOf(notification, this.sealer),
    };
  }
}

/** A key may be anything a force makes up, also something that names a person: it is never kept itself. */
function keyDigestOf(forceCode: string, key: string): Buffer {
  return createHash('sha256').update(`firstbell:idempotency-key\0${forceCode}\0${key}`).digest();
}
