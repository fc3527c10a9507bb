import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import { BounceStorms } from '../../delivery/bounce-storms.service.js';
import type { Finding } from '../domain/finding.js';
import type { WatchCheck } from '../watch-check.js';

/** A provider that calls nearly everybody unknown takes every mail and delivers none: nothing else would look ill. */
@Injectable()
export class BouncesCheck implements WatchCheck {
  readonly name = 'bounces';

  constructor(private readonly storms: BounceStorms) {}

  async look(tx: Tx): Promise<Finding[]> {
    return (await this.storms.blowing(tx)).map(({ provider, channel, bounced, answered }) => ({
      kind: 'bounce-storm',
      subject: `${provider} ${channel}`,
      detail: { bounced, answered },
    }));
  }
}
