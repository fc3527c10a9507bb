import { Injectable } from '@nestjs/common';
import type { NotificationDto } from './dto/notification.dto.js';
import { validateNotification, type Validated } from './dto/validate-notification.js';

/** Holds a notification against the contract without keeping it. */
@Injectable()
export class CheckNotification {
  /**
   * @param body parsed JSON; never throws, whatever it is
   * @param receivedAt the instant at which it would be received
   */
  check(body: unknown, receivedAt: Date): Validated<NotificationDto> {
    return validateNotification(body, receivedAt);
  }
}
