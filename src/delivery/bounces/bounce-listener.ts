import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { CONFIG, runsJobs, type Config } from '../../../config/config.js';
import { LOGGER, type Logger } from '../../common/logger.js';
import { mailingIdOf } from '../domain/return-path.js';
import { BounceIntake } from './bounce-intake.service.js';
import { endAfter } from './end-after.js';

/** A report returns our own short mail at most; whatever is larger is something else. */
const LARGEST_BYTES = 1_000_000;
const CLIENTS = 100;
/** As many as a relay of our own opens at once by default (Postfix). Whoever holds more keeps other senders' reports out. */
const CLIENTS_PER_ADDRESS = 20;
/** A report takes seconds, a slow one a minute; what is cut off is brought again. */
const LONGEST_MS = 2 * 60_000;

type Done = (error?: Error | null) => void;

/** Takes bounce reports by SMTP, for return paths of ours and nothing else. Runs where jobs run. */
@Injectable()
export class BounceListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private server: SMTPServer | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly intake: BounceIntake,
  ) {}

  /** @throws Error when the port is taken: a listener that does not listen would be believed in */
  async onApplicationBootstrap(): Promise<void> {
    const { listen } = this.config.delivery.bounces;
    if (!listen || !runsJobs(this.config)) return;
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      banner: 'Firstbell takes delivery reports only',
      size: LARGEST_BYTES,
      maxClients: CLIENTS,
      socketTimeout: 60_000,
      closeTimeout: 2_000,
      onConnect: ({ remoteAddress }, done) => done(refusalOf(server, remoteAddress)),
      onRcptTo: ({ address }, session, done) => this.onRecipient(address, session, done),
      onData: (stream, session, done) => void this.onMessage(stream, session).then(() => done(), done),
    });
    // A remote side that breaks off is its own affair.
    server.on('error', (err: unknown) =>
      this.logger.debug({ event: 'bounces.client', err }, 'a client broke off'),
    );
    endAfter(server.server, LONGEST_MS);
    await new Promise<void>((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(listen.port, listen.host, () => {
        server.server.off('error', reject);
        resolve();
      });
    });
    this.server = server;
  }

  /** The port that is listened on; null when nothing is. */
  get port(): number | null {
    return this.server ? (this.server.server.address() as AddressInfo).port : null;
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private onRecipient(address: string, session: SMTPServerSession, done: Done): void {
    const bounceAddress = this.config.delivery.bounces.address ?? '';
    if (!mailingIdOf(bounceAddress, address)) return done(reply(550, '5.1.1 No such return path'));
    if (session.envelope.rcptTo.length > 0) return done(reply(452, '4.5.3 One report at a time'));
    done();
  }

  private async onMessage(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stream) {
      bytes += (chunk as Buffer).length;
      if (bytes <= LARGEST_BYTES) chunks.push(chunk as Buffer);
    }
    if (bytes > LARGEST_BYTES) throw reply(552, '5.3.4 Too large for a report');
    try {
      await this.intake.take(
        'bounce-listener',
        Buffer.concat(chunks),
        session.envelope.rcptTo[0]?.address ?? null,
      );
    } catch (err) {
      this.logger.warn(
        { event: 'bounces.not-kept', err },
        'a report could not be kept; the sender tries again',
      );
      throw reply(451, '4.3.0 Not now, try again');
    }
  }
}

function refusalOf({ connections }: SMTPServer, address: string): Error | null {
  const held = [...(connections as Set<{ remoteAddress: string }>)].filter(
    ({ remoteAddress }) => remoteAddress === address,
  );
  return held.length > CLIENTS_PER_ADDRESS
    ? reply(421, '4.7.0 Too many connections from your address')
    : null;
}

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
