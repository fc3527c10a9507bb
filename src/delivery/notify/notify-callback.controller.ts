import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../../config/config.js';
import { NotFound } from '../../common/errors.js';
import { Access, Audited } from '../../common/http/route-declarations.js';
import { DeliveryReports } from '../delivery-reports.service.js';
import { NOTIFY_STATUSES, notifyVerdict, type NotifyStatus } from '../domain/notify-outcome.js';
import { bears } from './bears.js';

/**
 * GOV.UK Notify's delivery receipts. The bearer token is the one that was entered at Notify; the body's address is neither read nor
 * kept. Anything but 2xx makes Notify send the receipt again, so a receipt that means nothing to us is answered 200 too.
 */
@Controller('delivery')
export class NotifyCallbackController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DeliveryReports) private readonly reports: DeliveryReports,
  ) {}

  @Post('notify/receipts')
  @Access('public')
  @Audited('message.delivered', 'message.bounced', 'message.failed')
  async receipt(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = this.config.delivery.notify?.callbackToken;
    if (!token) throw new NotFound();
    if (!bears(request.headers.authorization, token)) {
      void reply.status(401).header('www-authenticate', 'Bearer').send();
      return;
    }
    const { reference, status } = (request.body ?? {}) as { reference?: unknown; status?: unknown };
    const known = NOTIFY_STATUSES.find((each): each is NotifyStatus => each === status);
    if (typeof reference !== 'string' || !known) {
      this.reports.ignore('notify', 'not-a-report');
    } else {
      await this.reports.take({
        mailingId: reference.toLowerCase(),
        source: 'notify',
        says: notifyVerdict(known),
      });
    }
    void reply.status(200).send();
  }
}
