// The built program, started as `npm start` starts it with DATABASE_URL, but with the clock of the fault harness. The
// product itself refuses any clock but the real one there; this is the only way in, and it is not part of the product.
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { configured } from '../../../dist/config/config.js';
import { readEnvironment } from '../../../dist/config/environment.js';
import { Clock } from '../../../dist/src/common/clock.js';
import { createLogger } from '../../../dist/src/common/logger.js';
import { createApplication } from '../../../dist/src/start/create-application.js';
import { Lifecycle } from '../../../dist/src/start/lifecycle.js';
import { domainAt, realAt } from './domain-time.mjs';

class HarnessClock extends Clock {
  constructor(pieces) {
    super();
    this.pieces = pieces;
  }
  now() {
    return new Date(domainAt(this.pieces, Date.now()));
  }
  realNow() {
    return new Date();
  }
  realMillisecondsUntil(instant) {
    return Math.max(0, realAt(this.pieces, instant.getTime()) - Date.now());
  }
}

// The harness holds the other end: when it is gone, however it ended, this process goes too.
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
process.stdin.resume();

const [clockFile] = process.argv.slice(2);
const lifecycle = new Lifecycle();
lifecycle.handleFaults();
lifecycle.handleSignals();
await lifecycle.run(async () => {
  const environment = readEnvironment(process.env);
  const config = configured(environment);
  const logger = createLogger({ level: config.logLevel, role: config.role });
  lifecycle.logger = logger;
  const clock = new HarnessClock(JSON.parse(readFileSync(clockFile, 'utf8')));
  const app = await createApplication({ config, logger, clock });
  lifecycle.onStop('application', () => app.close());
  await app.listen({ port: config.http.port, host: config.http.host });
});
