import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tokensFor } from '../bench/tokens.js';
import { Seeded } from '../support/random.js';
import { notificationFor, type Planned } from './bodies.js';
import type { Stage } from './world.js';

/** What the police system knows of one notification when the run is over. */
export interface Posting {
  reference: string;
  urn: string | null;
  /** `kept`: 202, or 200 to a repeat. `not-kept`: 503 and never repeated. `unknown`: no answer and never repeated. */
  outcome: 'kept' | 'not-kept' | 'unknown' | 'refused';
  notificationId: string | null;
  status: number;
  tries: number;
  /** Real milliseconds since the epoch, at the last answer. */
  at: number;
}

/** Shares of the notifications in the night of the change, on Sunday, and from Monday morning on. */
const SHARES = { night: 0.4, sunday: 0.05 };
const TO_DESK = 0.04;
/** A police system that gets no answer repeats; one in four here does not, to see what becomes of those. */
const GIVES_UP = 0.25;
const REPEAT_WITHIN_MS = 60_000;
const TOKENS_HOLD_MS = 5 * 60_000;

/** Posts at seeded instants, and writes every answer down before the next thing is done with it. */
export class Load {
  readonly postings: Posting[] = [];
  sent = 0;
  private readonly file: number;
  private tokens: string[] = [];
  private tokensFrom = 0;
  private renewing: Promise<void> | null = null;

  constructor(
    private readonly stage: Stage,
    private readonly count: number,
    private readonly seed: number,
  ) {
    this.file = openSync(join(stage.world.home, `answers-${stage.timeline.phase}.jsonl`), 'as', 0o600);
  }

  /** Before the first post, and again before the ten minutes of a token are over. */
  async prepare(): Promise<void> {
    this.tokens = await tokensFor(this.stage.webs[0].url, this.stage.area.clients);
    this.tokensFrom = Date.now();
  }

  /** Returns when the last answer is in. */
  async run(stopped: () => boolean): Promise<void> {
    const random = new Seeded(this.seed);
    const open: Promise<void>[] = [];
    for (const [index, at] of this.instants(random).entries()) {
      const wait = at - Date.now();
      if (wait > 0) await sleep(wait);
      if (stopped()) break;
      if (Date.now() > this.tokensFrom + TOKENS_HOLD_MS) this.renew();
      this.sent += 1;
      const reference = `FAULTS-${this.stage.timeline.phase}-${index}`;
      const toDesk = random.next() < TO_DESK;
      const planned = notificationFor(
        reference,
        this.stage.area.settings.length,
        random,
        this.stage.timeline.domainNow(),
        toDesk,
      );
      open.push(this.post(planned, index, random.next() < GIVES_UP));
    }
    await Promise.all(open);
  }

  /** Tried again until it works: both webs may be away. */
  private renew(): void {
    this.renewing ??= this.prepare()
      .catch(() => undefined)
      .then(() => void (this.renewing = null));
  }

  private instants(random: Seeded): number[] {
    const { start, sunday, morning, end } = this.stage.timeline.at;
    const within = (from: number, to: number): number => from + random.next() * (to - from);
    // A ladder of an hour should still have time to end.
    const last = morning + (end - morning) * 0.7;
    const instants = Array.from({ length: this.count }, () => {
      const share = random.next();
      if (share < SHARES.night) return within(start, sunday);
      return share < SHARES.night + SHARES.sunday ? within(sunday, morning) : within(morning, last);
    });
    return instants.sort((a, b) => a - b);
  }

  private async post(planned: Planned, index: number, givesUp: boolean): Promise<void> {
    const limit = Date.now() + REPEAT_WITHIN_MS;
    let posting: Posting = {
      reference: planned.reference,
      urn: planned.urn,
      outcome: 'unknown',
      notificationId: null,
      status: 0,
      tries: 0,
      at: 0,
    };
    for (let tries = 1; ; tries += 1) {
      posting = { ...posting, tries, ...(await this.once(planned, index + tries)), at: Date.now() };
      const settled = posting.outcome === 'kept' || posting.outcome === 'refused';
      if (settled || givesUp || Date.now() > limit) break;
      await sleep(250 + tries * 100);
    }
    writeSync(this.file, `${JSON.stringify(posting)}\n`);
    this.postings.push(posting);
  }

  private async once(
    planned: Planned,
    turn: number,
  ): Promise<Pick<Posting, 'outcome' | 'status' | 'notificationId'>> {
    const web = this.stage.webs[turn % this.stage.webs.length];
    try {
      const answer = await fetch(`${web.url}/v1/notifications`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${this.tokens[turn % this.tokens.length]}`,
        },
        body: planned.body,
        signal: AbortSignal.timeout(15_000),
      });
      const text = await answer.text();
      if (answer.status === 202 || answer.status === 200) {
        const { id } = JSON.parse(text) as { id: string };
        return { outcome: 'kept', status: answer.status, notificationId: id };
      }
      const outcome = answer.status === 503 || answer.status === 429 ? 'not-kept' : 'refused';
      return {
        outcome: answer.status >= 500 && outcome === 'refused' ? 'unknown' : outcome,
        status: answer.status,
        notificationId: null,
      };
    } catch {
      return { outcome: 'unknown', status: 0, notificationId: null };
    }
  }
}
