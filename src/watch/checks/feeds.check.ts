import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import { isSilent, lastExpectedAt } from '../domain/feed-expectation.js';
import type { Finding } from '../domain/finding.js';
import { ForceFeeds } from '../force-feeds.service.js';
import type { Round, WatchCheck } from '../watch-check.js';

/** "Expected by 07:00, nothing came": a night without incidents sends heartbeats, a broken feed sends nothing. */
@Injectable()
export class FeedsCheck implements WatchCheck {
  readonly name = 'feeds';

  constructor(private readonly feeds: ForceFeeds) {}

  async look(tx: Tx, { now, mend }: Round): Promise<Finding[]> {
    if (mend) await this.feeds.learn(tx);
    const feeds = await this.feeds.watched(tx);
    return feeds
      .filter((feed) => isSilent(feed, feed.lastHeardAt, now))
      .map((feed) => ({
        kind: 'feed-silent' as const,
        subject: feed.forceCode,
        forceCode: feed.forceCode,
        detail: {
          expectedAt: lastExpectedAt(feed, now)?.toISOString() ?? null,
          lastHeardAt: feed.lastHeardAt?.toISOString() ?? null,
        },
      }));
  }
}
