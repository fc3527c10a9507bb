// A mail server in a process of its own, with one port for each worker. It writes every mail down before it says yes,
// and does what it is told: be away, slow, refuse for now, refuse for good, or take a mail and never answer.
import { openSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerAddress } from 'smtp-server';
import { isRefusedAddress } from './area.js';
import { MARKERS } from './bodies.js';
import type { SinkMail, SinkMode, SinkOrder, SinkReady } from './sink.js';

const SLOW_MS = 2_500;
const [file = '', ports = '1'] = process.argv.slice(2);
const record = openSync(file, 'a');
let mode: SinkMode = 'normal';

class Refusal extends Error {
  constructor(
    readonly responseCode: number,
    text: string,
  ) {
    super(text);
  }
}

function note(content: string, to: string, port: number): void {
  const text = content.replace(/=\r?\n/g, '');
  const mailing = /^X-Firstbell-Mailing: (\S+)/im.exec(text)?.[1] ?? '';
  const listed = /\bReferences? ([A-Z0-9, \r\n]+)\./.exec(text)?.[1] ?? '';
  const mail: SinkMail = {
    at: Date.now(),
    port,
    mailing,
    to,
    references: listed.split(/[,\s]+/).filter(Boolean),
    leaks: MARKERS.filter((marker) => text.toLowerCase().includes(marker.toLowerCase())),
  };
  writeSync(record, `${JSON.stringify(mail)}\n`);
}

class Port {
  private server: SMTPServer | null = null;
  private readonly sockets = new Set<Socket>();
  number = 0;

  constructor(private readonly index: number) {}

  async open(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 50,
      onRcptTo: ({ address }, _session, done) => done(this.refusal(address)),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.once('end', () => {
          void this.take(Buffer.concat(chunks).toString('utf8'), session.envelope.rcptTo).then(done, done);
        });
      },
    });
    server.on('error', () => undefined);
    server.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.number, '127.0.0.1', () => resolve()));
    this.number = (server.server.address() as { port: number }).port;
    this.server = server;
  }

  /** Nobody listens any more; a yes on its way out still gets out. */
  async shut(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server?.close(() => resolve()));
    await sleep(150);
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private refusal(address: string): Refusal | null {
    if (mode === 'refuses-for-now') return new Refusal(451, 'Try again later');
    if (mode === 'refuses-for-good' && isRefusedAddress(address)) return new Refusal(550, 'No such mailbox');
    return null;
  }

  private async take(content: string, to: readonly SMTPServerAddress[]): Promise<null> {
    if (mode === 'away') throw new Refusal(421, 'Going away');
    if (mode === 'refuses-for-good') throw new Refusal(554, 'Not accepted');
    if (mode === 'silent') await new Promise(() => undefined);
    if (mode === 'slow') await sleep(SLOW_MS);
    for (const { address } of to) note(content, address, this.index);
    return null;
  }
}

const all = Array.from({ length: Number(ports) }, (_, index) => new Port(index));

async function obey(order: SinkOrder): Promise<void> {
  const before = mode;
  mode = order.mode;
  if (mode === 'away' && before !== 'away') await Promise.all(all.map((port) => port.shut()));
  if (mode !== 'away' && before === 'away') await Promise.all(all.map((port) => port.open()));
}

process.on('message', (order: SinkOrder) => {
  void obey(order).then(() => process.send?.({ done: order.number }));
});
process.on('disconnect', () => process.exit(0));
await Promise.all(all.map((port) => port.open()));
process.send?.({ ports: all.map(({ number }) => number) } satisfies SinkReady);
