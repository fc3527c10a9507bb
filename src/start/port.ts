import { createServer } from 'node:net';
import { StartRefused } from '../../config/problems.js';

/** Says which port and how to choose another; other errors are returned as they are. */
export function explainListenError(error: Error, host: string, port: number): Error {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') {
    return new StartRefused([
      `Port ${port} of ${host} is in use by another program. Choose another with PORT, for example ` +
        `"PORT=${port === 65_535 ? 3_000 : port + 1} npm start"; PORT=0 takes any free one.`,
    ]);
  }
  if (code === 'EACCES') {
    return new StartRefused([`Port ${port} may not be used by this user. Choose one above 1023 with PORT.`]);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartRefused([`HOST names ${host}, which is not an address of this machine.`]);
  }
  return error;
}

/**
 * Looks whether the port can be had before anything slow is started, and chooses one for 0, because links in
 * mails name the port before the server listens.
 * @throws StartRefused
 */
export function choosePort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(explainListenError(error, host, port)));
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
