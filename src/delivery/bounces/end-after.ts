import type { Server } from 'node:net';

/** Ends every connection of a server after its time, whatever comes over it: an idle limit alone is renewed by each byte. */
export function endAfter(server: Server, milliseconds: number): void {
  server.on('connection', (socket) => {
    const timer = setTimeout(() => socket.destroy(), milliseconds).unref();
    socket.once('close', () => clearTimeout(timer));
  });
}
