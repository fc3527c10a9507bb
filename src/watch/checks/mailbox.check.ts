import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import type { Tx } from '../../database/database.js';
import { BounceLooks } from '../../delivery/bounces/bounce-looks.service.js';
import type { Finding } from '../domain/finding.js';
import type { Round, WatchCheck } from '../watch-check.js';

const UNREAD_MINUTES = 15;
/** Where it is looked into seldom, one look that fails is no outage. */
const LOOKS = 3;

/** Reports that nobody reads: whoever's mail came back counts as told, and nothing else looks ill. */
@Injectable()
export class MailboxCheck implements WatchCheck {
  readonly name = 'bounce-mailbox';

  constructor(
    private readonly looks: BounceLooks,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async look(tx: Tx, { realNow }: Round): Promise<Finding[]> {
    const { imap } = this.config.delivery.bounces;
    const readUntil = imap ? await this.looks.readUntil(tx) : null;
    if (!imap || !readUntil) return [];
    const minutes = Math.floor((realNow.getTime() - readUntil.getTime()) / 60_000);
    if (minutes < Math.max(UNREAD_MINUTES, (LOOKS * imap.pollSeconds) / 60)) return [];
    return [{ kind: 'bounces-unread', subject: 'mailbox', detail: { minutes } }];
  }
}
