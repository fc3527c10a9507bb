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
import { Metrics } from '../../health/metrics.js';
import { BounceIntake } from './bounce-intake.service.js';

type ImapSettings = NonNullable<DeliverySettings['bounces']['imap']>;

const LARGEST_BYTES = 1_000_000;
const PATIENCE_MS = 30_000;
/** A message of one look; the rest is taken by the next. */
const AT_ONCE = 200;
/** Our own mark: that a person has looked at a report must not hide it from us. */
const DONE = '$FirstbellDone';

/**
 * Reads bounce reports from a mailbox, message by message: first what it says is written down, then the message is moved or flagged.
 * A crash between the two, or a second worker, makes a message be read twice, which changes nothing.
 */
@Injectable()
export class BounceMailbox implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<number> | undefined;
  private client: ImapFlow | undefined;
  private stopped = false;
  private readonly looks: Counter<'outcome'>;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly intake: BounceIntake,
    metrics: Metrics,
  ) {
    this.looks = new Counter({
      name: 'firstbell_bounce_mailbox_looks_total',
      help: 'Looks into the bounce mailbox, by outcome.',
      labelNames: ['outcome'] as const,
      registers: [metrics.registry],
    });
  }

  onApplicationBootstrap(): void {
    if (this.config.delivery.bounces.imap && runsJobs(this.config)) this.lookAgainIn(0);
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
      .then((count) => {
        this.looks.inc({ outcome: 'ok' });
        return count;
      })
      .catch((err: unknown) => {
        this.looks.inc({ outcome: 'failed' });
        if (!this.stopped) {
          // Never the error itself: a server may quote what it was sent.
          const code = (err as { code?: unknown }).code;
          const why = typeof code === 'string' ? code : 'UNKNOWN';
          this.logger.warn(
            { event: 'bounces.mailbox', code: why },
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

  private async readAll(imap: ImapSettings): Promise<number> {
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

  private async readOpen(client: ImapFlow, imap: ImapSettings): Promise<number> {
    const mark = imap.doneFolder === null ? markOf(client) : null;
    const found = await client.search(queryFor(mark), { uid: true });
    const uids = (found || []).slice(0, AT_ONCE);
    let count = 0;
    for (const uid of uids) {
      if (this.stopped) break;
      const message = await client.fetchOne(
        String(uid),
        { size: true, source: { maxLength: LARGEST_BYTES } },
        { uid: true },
      );
      // Somebody else has put it away meanwhile.
      if (!message || !message.source) continue;
      await this.intake.take('bounce-mailbox', message.source, null);
      if (await this.putAway(client, uid, imap.doneFolder, mark)) count += 1;
    }
    return count;
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
