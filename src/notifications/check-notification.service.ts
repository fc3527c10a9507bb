import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { NotificationDto } from './dto/notification.dto.js';
import { validateNotification, type Validated } from './dto/validate-notification.js';

/** Holds a notification against the contract without keeping it. */
@Injectable()
export class CheckNotification {
  constructor(private readonly clock: Clock) {}

  /** @param body parsed JSON; never throws, whatever it is */
  check(body: unknown): Validated<NotificationDto> {
    return validateNotification(body, this.clock.now());
  }
}
