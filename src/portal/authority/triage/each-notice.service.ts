import { Injectable } from '@nestjs/common';
import { DomainError, NotFound } from '../../../common/errors.js';
import { DeskReadings } from '../desk-reading.service.js';
import type { DeskScope } from '../desk-scope.js';

/** More than a page shows. */
export const MOST_AT_ONCE = 300;

/** Said alike of what has gone elsewhere and of what the officer must not know of. */
export const NOT_HERE = 'This one is not at your desk any more.';

export interface EachResult {
  readonly done: readonly string[];
  /** Notice -> why nothing happened to it. */
  readonly problems: ReadonlyMap<string, string>;
}

/** One command for several notices: each in a transaction of its own, so that one that fails takes nothing with it. */
@Injectable()
export class EachNotice {
  constructor(private readonly readings: DeskReadings) {}

  async run(
    scope: DeskScope,
    noticeIds: readonly string[],
    command: (noticeId: string) => Promise<unknown>,
  ): Promise<EachResult> {
    const done: string[] = [];
    const problems = new Map<string, string>();
    for (const noticeId of [...new Set(noticeIds)].slice(0, MOST_AT_ONCE)) {
      try {
        // The commands see what row-level security shows; a child who only lives here is not this desk's.
        await this.readings.assertMine(scope, noticeId);
        await command(noticeId);
        done.push(noticeId);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const words = error instanceof NotFound ? NOT_HERE : error.message;
        problems.set(noticeId, words);
      }
    }
    return { done, problems };
  }
}
