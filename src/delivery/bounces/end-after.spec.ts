import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { endAfter } from './end-after.js';

describe('the time of a connection', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    endAfter(server, 200);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => void server.close());

  const open = () => connect((server.address() as AddressInfo).port, '127.0.0.1');

  it('ends also for one that never stops talking', async () => {
    const socket = open();
    const closed = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
    // Each answer is answered.
    socket.on('data', () => socket.write('NOOP\r\n'));
    socket.write('NOOP\r\n');
    await closed;
    expect(socket.bytesRead).toBeGreaterThan(6);
  });

  it('is not cut short', async () => {
    const socket = open();
    socket.write('QUIT');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toBe('QUIT');
    socket.end();
    await once(socket, 'close');
  });
});
