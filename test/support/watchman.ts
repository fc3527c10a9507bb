import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The outside watchman: a real HTTP server that counts who calls. */
export class Watchman {
  calls = 0;
  status = 200;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Watchman> {
    const server = createServer((_request, response) => {
      watchman.calls += 1;
      response.writeHead(watchman.status).end();
    });
    const watchman = new Watchman(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return watchman;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/ping/secret`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
