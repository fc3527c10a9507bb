import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Stored {
  uid: number;
  raw: Buffer;
  flags: Set<string>;
}

export interface ImapOptions {
  /** False: a server that keeps no marks but its own (`\Seen`), as Exchange. */
  keywords?: boolean;
}

/** A small IMAP server: one INBOX, folders that can be made, the commands that reading and putting away a message takes. */
export class ImapStandIn {
  readonly folders = new Map<string, Stored[]>([['INBOX', []]]);
  readonly password = 'mailbox-password';
  logins = 0;
  /** Breaks the connection when this command comes, once. */
  breakAt: 'FETCH' | 'STORE' | 'MOVE' | null = null;
  /** Uids of messages that it does not give out. */
  readonly spoilt = new Set<number>();
  /** Says no to every search. */
  searchless = false;
  private nextUid = 1;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly options: ImapOptions,
  ) {}

  static async start(options: ImapOptions = {}): Promise<ImapStandIn> {
    const server = createServer((socket) => standIn.serve(socket));
    const standIn = new ImapStandIn(server, options);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get url(): string {
    return `imap://bounces:${this.password}@127.0.0.1:${(this.server.address() as AddressInfo).port}/INBOX`;
  }

  arrive(raw: string | Buffer): number {
    const uid = this.nextUid++;
    this.folders.get('INBOX')?.push({ uid, raw: Buffer.from(raw), flags: new Set() });
    return uid;
  }

  folder(name: string): Stored[] {
    return this.folders.get(name) ?? [];
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.write('* OK [CAPABILITY IMAP4rev1 UIDPLUS MOVE] ready\r\n');
    let pending = '';
    socket.on('data', (chunk: Buffer) => {
      pending += chunk.toString('latin1');
      for (let end = pending.indexOf('\r\n'); end >= 0; end = pending.indexOf('\r\n')) {
        const line = pending.slice(0, end);
        pending = pending.slice(end + 2);
        this.command(socket, line);
      }
    });
  }

  private command(socket: Socket, line: string): void {
    const [, tag = '*', name = '', rest = ''] = /^(\S+) (\S+) ?(.*)$/.exec(line) ?? [];
    const ok = (text = 'done'): void => void socket.write(`${tag} OK ${text}\r\n`);
    const say = (text: string): void => void socket.write(`* ${text}\r\n`);
    switch (name.toUpperCase()) {
      case 'LOGIN':
        this.logins += 1;
        return rest.includes(this.password)
          ? ok()
          : void socket.write(`${tag} NO [AUTHENTICATIONFAILED] no\r\n`);
      case 'CAPABILITY':
        say('CAPABILITY IMAP4rev1 UIDPLUS MOVE');
        return ok();
      case 'LIST':
        if (rest.endsWith('""')) say('LIST (\\Noselect) "/" ""');
        else for (const folder of this.folders.keys()) say(`LIST (\\HasNoChildren) "/" ${folder}`);
        return ok();
      case 'SELECT':
        return this.select(say, ok);
      case 'CREATE':
        this.folders.set(rest.replaceAll('"', ''), []);
        return ok();
      case 'UID':
        return this.byUid(socket, tag, rest, say, ok);
      case 'LOGOUT':
        say('BYE');
        ok();
        return void socket.end();
      default:
        return ok();
    }
  }

  private select(say: (text: string) => void, ok: (text?: string) => void): void {
    const kept = this.options.keywords === false ? '\\Seen \\Deleted' : '\\Seen \\Deleted \\*';
    say('FLAGS (\\Seen \\Deleted)');
    say(`${this.folder('INBOX').length} EXISTS`);
    say('OK [UIDVALIDITY 1] valid');
    say(`OK [UIDNEXT ${this.nextUid}] next`);
    say(`OK [PERMANENTFLAGS (${kept})] kept`);
    ok('[READ-WRITE] selected');
  }

  private byUid(
    socket: Socket,
    tag: string,
    rest: string,
    say: (text: string) => void,
    ok: (text?: string) => void,
  ): void {
    const [, verb = '', args = ''] = /^(\S+) (.*)$/.exec(rest) ?? [];
    const inbox = this.folder('INBOX');
    if (this.breakAt === verb.toUpperCase()) {
      this.breakAt = null;
      return void socket.destroy();
    }
    const message = inbox.find(({ uid }) => uid === Number(/^\d+/.exec(args)?.[0]));
    switch (verb.toUpperCase()) {
      case 'SEARCH':
        if (this.searchless) return void socket.write(`${tag} NO not now\r\n`);
        say(`SEARCH ${this.search(inbox, args).join(' ')}`.trim());
        return ok();
      case 'FETCH':
        if (message && this.spoilt.has(message.uid)) return void socket.write(`${tag} NO spoilt\r\n`);
        if (message) {
          const { uid, raw } = message;
          const head = `* ${inbox.indexOf(message) + 1} FETCH (UID ${uid} RFC822.SIZE ${raw.length} BODY[]<0> {${raw.length}}\r\n`;
          socket.write(Buffer.concat([Buffer.from(head), raw, Buffer.from(')\r\n')]));
        }
        return ok();
      case 'STORE':
        for (const flag of /\((.*)\)/.exec(args)?.[1]?.split(' ') ?? []) message?.flags.add(flag);
        return ok();
      case 'MOVE': {
        const target = this.folders.get(args.replace(/^\d+ /, '').replaceAll('"', ''));
        if (!target) return void socket.write(`${tag} NO [TRYCREATE] no such folder\r\n`);
        if (message) {
          target.push(message);
          say(`${inbox.indexOf(message) + 1} EXPUNGE`);
          inbox.splice(inbox.indexOf(message), 1);
        }
        return ok();
      }
      default:
        return ok();
    }
  }

  private search(inbox: readonly Stored[], args: string): number[] {
    const keyword = /UNKEYWORD (\S+)/.exec(args)?.[1];
    return inbox
      .filter(({ flags }) => {
        if (keyword) return !flags.has(keyword);
        return /UNSEEN/.test(args) ? !flags.has('\\Seen') : true;
      })
      .map(({ uid }) => uid);
  }
}
