import { Inject, Injectable } from '@nestjs/common';
import type { ForceClientIdentity } from '../identity/police/force-client.port.js';
import { Clock } from '../common/clock.js';
import type { HttpProblem } from '../common/http/http-problem.js';
import { AcceptNotification } from './accept-notification.service.js';
import { apiProblem, cannotKeep } from './api-problem.js';
import { ClientRateLimit } from './client-rate-limit.js';
import { readIdempotencyKey } from './domain/idempotency-key.js';
import { readForceReference } from './dto/force-reference.js';
import type { NotificationDto } from './dto/notification.dto.js';
import { validateNotification } from './dto/validate-notification.js';
import type { KeptAnswer } from './intake/incoming.js';
import { RefusedNotifications } from './refused-notifications.service.js';

export interface PostedNotification {
  /** Parsed JSON; undefined when nothing was sent. */
  body: unknown;
  idempotencyKey: string | string[] | undefined;
  correlationId: string;
}

export interface Received {
  replayed: boolean;
  answer: KeptAnswer;
}

/** One posted notification from its parsed body to its answer, by the rows of the answer table and in their order. */
@Injectable()
export class ReceiveNotification {
  constructor(
    @Inject(AcceptNotification) private readonly acceptance: AcceptNotification,
    @Inject(RefusedNotifications) private readonly refused: RefusedNotifications,
    @Inject(ClientRateLimit) private readonly limit: ClientRateLimit,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws HttpProblem; a 4xx whose forceReference can be read has left its row by then, within the client's rate */
  async receive(client: ForceClientIdentity, posted: PostedNotification): Promise<Received> {
    const wait = this.limit.take(client.clientId);
    if (posted.body === undefined)
      throw apiProblem('wrong-media-type', 'Send the notification as application/json.');
    const key = await this.keyOf(client, posted);
    const notification = await this.valid(client, posted.body);
    if (wait > 0) {
      const headers = { 'retry-after': String(wait) };
      const problem = apiProblem('too-many-requests', 'Too many requests: wait, then repeat this one.', {
        headers,
      });
      return this.refuse(client, posted.body, problem, [problem.code]);
    }
    const result = await this.acceptance.accept(client, notification, key, posted.correlationId);
    if (result.kind === 'conflict') {
      return this.refuse(client, posted.body, apiProblem(result.code, result.detail), [result.code]);
    }
    if (result.kind === 'unkeepable') {
      // Our fault, and repeating may not help: the refused row sees to it that somebody looks.
      const problem = cannotKeep('The notification could not be kept. The operator has been told.', 60);
      return this.refuse(client, posted.body, problem, [problem.code]);
    }
    return { replayed: result.kind === 'replayed', answer: result.answer };
  }

  /** A body that is not JSON at all, from a client whose token was looked at. */
  async unreadable(client: ForceClientIdentity, text: string): Promise<void> {
    this.limit.take(client.clientId);
    // What stands for bytes that are not UTF-8 would make it another reference.
    const body = readForceReference(text)?.includes('\ufffd') ? null : text;
    await this.remember(client, body, 400, ['malformed-json']);
  }

  /** A client whose token does not carry the scope: it was set up wrongly, and what it sends reaches nobody. */
  async notAllowed(client: ForceClientIdentity, body: unknown): Promise<void> {
    // No more rows than its rate allows: nothing else stands before this one.
    if (this.limit.take(client.clientId) > 0) return;
    await this.remember(client, body, 403, ['wrong-scope']);
  }

  private async keyOf(client: ForceClientIdentity, posted: PostedNotification): Promise<string | null> {
    try {
      return readIdempotencyKey(posted.idempotencyKey);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const detail = 'An Idempotency-Key has 1 to 255 printable ASCII characters.';
      const problem = apiProblem('invalid-idempotency-key', detail);
      return this.refuse(client, posted.body, problem, ['invalid-idempotency-key']);
    }
  }

  private async valid(client: ForceClientIdentity, body: unknown): Promise<NotificationDto> {
    const checked = validateNotification(body, this.clock.now());
    if (checked.ok) return checked.value;
    const detail = 'Nothing was kept. Mend every error listed and send the notification again.';
    const problem = apiProblem('invalid-content', detail, { errors: checked.errors });
    return this.refuse(
      client,
      body,
      problem,
      checked.errors.map(({ code }) => code),
    );
  }

  private async refuse(
    client: ForceClientIdentity,
    body: unknown,
    problem: HttpProblem,
    codes: readonly string[],
  ): Promise<never> {
    await this.remember(client, body, problem.status, codes);
    throw problem;
  }

  /** Rows have the client's rate for a bound, too: who goes on past it has left enough for a person to look. */
  private async remember(
    client: ForceClientIdentity,
    body: unknown,
    status: number,
    codes: readonly string[],
  ): Promise<void> {
    const forceReference = readForceReference(body);
    if (forceReference === null || !this.limit.takeRow(client.clientId)) return;
    await this.refused.record(client, { forceReference, status, codes });
  }
}
