import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ImapFlow, type SearchObject } from 'imapflow';
import { Counter } from 'prom-client';
import { CONFIG, runsJobs, type Config } from '../../../config/config.js';
import type { DeliverySettings } from '../../../config/delivery.js';
import { LOGGER, type Logger } from '../../common/logger.js';
import { isConnectionLoss } from '../../database/database.js';
import { Metrics } from '../../health/metrics.js';
import { BounceIntake } from './bounce-intake.service.js';
import { BounceLooks } from './bounce-looks.service.js';

/** What became of one look: messages read and put away, and messages that would not be. */
interface Look {
  done: number;
  left: number;
}

type ImapSettings = NonNullable<DeliverySettings['bounces']['imap']>;

const LARGEST_BYTES = 1_000_000;
const PATIENCE_MS = 30_000;
/** A message of one look; the rest is taken by the next. */
const AT_ONCE = 200;
/** Our own mark: that a person has looked at a report must not hide it from us. */
const DONE = '$FirstbellDone';

/**
 * Reads bounce reports from a mailbox, message by message: first what it says is written down, then the message is moved or flagged.
 * A crash between the two, or a second worker, makes a message be read twice, which changes nothing. One that cannot be read, or not
 * put away, waits behind the others; while there is one, the mailbox does not count as read.
 */
@Injectable()
export class BounceMailbox implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<number> | undefined;
  private client: ImapFlow | undefined;
  private stopped = false;
  /** Uids that failed. They come last, or as many of them as one look takes would keep every other from being read. */
  private readonly failed = new Set<number>();
  private readonly outcomes: Counter<'outcome'>;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly intake: BounceIntake,
    private readonly looks: BounceLooks,
    metrics: Metrics,
  ) {
    this.outcomes = new Counter({
      name: 'firstbell_bounce_mailbox_looks_total',
      help: 'Looks into the bounce mailbox, by outcome.',
      labelNames: ['outcome'] as const,
      registers: [metrics.registry],
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.delivery.bounces.imap || !runsJobs(this.config)) return;
    await this.looks.allRead();
    this.lookAgainIn(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.client?.close();
    await this.looking?.catch(() => undefined);
  }

  /** One look. @returns how many messages were read and put away; never throws */
  async look(): Promise<number> {
    const { imap } = this.config.delivery.bounces;
    if (!imap) return 0;
    this.looking ??= this.readAll(imap)
      .then(async ({ done, left }) => {
        if (left === 0) await this.looks.allRead();
        this.outcomes.inc({ outcome: left === 0 ? 'ok' : 'partly' });
        return done;
      })
      .catch((err: unknown) => {
        this.outcomes.inc({ outcome: 'failed' });
        if (!this.stopped) {
          this.logger.warn(
            { event: 'bounces.mailbox', code: codeOf(err) },
            'the bounce mailbox could not be read; it is tried again',
          );
        }
        return 0;
      })
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  private lookAgainIn(milliseconds: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      const pause = (this.config.delivery.bounces.imap?.pollSeconds ?? 60) * 1_000;
      void this.look().then((count) => this.lookAgainIn(count >= AT_ONCE ? 0 : pause));
    }, milliseconds);
  }

  private async readAll(imap: ImapSettings): Promise<Look> {
    const url = new URL(imap.url);
    const client = new ImapFlow({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || (url.protocol === 'imaps:' ? 993 : 143)),
      secure: url.protocol === 'imaps:',
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
      logger: false,
      disableAutoIdle: true,
      connectionTimeout: PATIENCE_MS,
      greetingTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
    });
    // Without a listener a connection that breaks would end the process.
    client.on('error', () => undefined);
    this.client = client;
    try {
      await client.connect();
      const lock = await client.getMailboxLock(decodeURIComponent(url.pathname.slice(1)) || 'INBOX');
      try {
        return await this.readOpen(client, imap);
      } finally {
        lock.release();
      }
    } finally {
      this.client = undefined;
      await client.logout().catch(() => client.close());
    }
  }

  private async readOpen(client: ImapFlow, imap: ImapSettings): Promise<Look> {
    const mark = imap.doneFolder === null ? markOf(client) : null;
    const found = await client.search(queryFor(mark), { uid: true });
    // A server that refuses to search has not said that nothing is there.
    if (!found) throw fault('SEARCH');
    const look: Look = { done: 0, left: 0 };
    for (const uid of this.inTurn(found).slice(0, AT_ONCE)) {
      if (this.stopped) break;
      try {
        if (await this.readOne(client, uid, imap.doneFolder, mark)) look.done += 1;
        this.failed.delete(uid);
      } catch (err) {
        if (!client.usable || isConnectionLoss(err)) throw err;
        this.failed.add(uid);
        look.left += 1;
        this.logger.warn(
          { event: 'bounces.message', code: codeOf(err) },
          'a message in the bounce mailbox could not be read or put away; it is tried again',
        );
      }
    }
    return look;
  }

  private inTurn(found: readonly number[]): number[] {
    const again = found.filter((uid) => this.failed.has(uid));
    return [...found.filter((uid) => !this.failed.has(uid)), ...again];
  }

  /** @returns false when somebody else has put it away meanwhile */
  private async readOne(
    client: ImapFlow,
    uid: number,
    doneFolder: string | null,
    mark: string | null,
  ): Promise<boolean> {
    const query = { size: true, source: { maxLength: LARGEST_BYTES } };
    const message = await client.fetchOne(String(uid), query, { uid: true });
    if (!message || !message.source) return false;
    await this.intake.take('bounce-mailbox', message.source, null);
    if (!(await this.putAway(client, uid, doneFolder, mark))) throw fault('PUT-AWAY');
    return true;
  }

  private async putAway(
    client: ImapFlow,
    uid: number,
    doneFolder: string | null,
    mark: string | null,
  ): Promise<boolean> {
    if (mark !== null) {
      if (!(await client.messageFlagsAdd(String(uid), [mark, '\\Seen'], { uid: true }))) return false;
    }
    if (doneFolder === null || (await client.messageMove(String(uid), doneFolder, { uid: true })))
      return true;
    await client.mailboxCreate(doneFolder);
    return Boolean(await client.messageMove(String(uid), doneFolder, { uid: true }));
  }
}

/** Servers that keep no marks of others (Exchange) have only `\Seen`. */
function markOf(client: ImapFlow): string {
  const flags = client.mailbox ? client.mailbox.permanentFlags : undefined;
  return flags?.has('\\*') || flags?.has(DONE) ? DONE : '\\Seen';
}

function queryFor(mark: string | null): SearchObject {
  if (mark === null) return { all: true };
  return mark === DONE ? { unKeyword: DONE } : { seen: false };
}

const fault = (code: string): Error => Object.assign(new Error(code), { code });

/** Never the error itself: a server may quote what it was sent. */
function codeOf(err: unknown): string {
  const code = (err as { code?: unknown }).code;
  return typeof code === 'string' ? code : 'UNKNOWN';
}
