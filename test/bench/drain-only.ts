// node --import ./test/support/typescript/register.mjs test/bench/drain-only.ts [notices]: how fast one worker works off a backlog, and
// what of a processor each notice costs it and PostgreSQL. NODE_OPTIONS=--cpu-prof reaches the programs as well.
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf } from './bodies.js';
import { cpuMs } from './cpu.js';
import { MailSink } from './mail-sink.js';
import { Caller } from './measure.js';
import { tokensFor } from './tokens.js';
import { World } from './world.js';

const NOTICES = Number(process.argv[2] ?? 1_500);
const READERS = 3;

const world = await World.open();
try {
  const database = await world.areaDatabase('drain');
  const sink = await MailSink.start();
  world.onClose(() => sink.close());
  const web = await world.program('web', database, sink.url);
  const caller = new Caller(web.url, 16);
  world.onClose(async () => caller.close());
  const tokens = await tokensFor(web.url, world.clients);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < NOTICES) {
      next += 1;
      await caller.post({ body: bodyOf('DRAIN', next), token: tokens[next % tokens.length] });
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  const sinkBefore = process.cpuUsage();
  const postgres = (): number => cpuMs(world.postgres.postmasterPid() ?? 0) ?? 0;
  const postgresBefore = postgres();
  const began = performance.now();
  const worker = await world.program('worker', database, sink.url, web.url);
  const ready = performance.now() - began;
  const started = cpuMs(worker.child.pid ?? 0) ?? 0;
  while (sink.arrivals.size < NOTICES * READERS && performance.now() - began < 180_000) await sleep(50);
  const seconds = (performance.now() - began) / 1_000;
  const used = process.cpuUsage(sinkBefore);
  const each = (ms: number): string => `${(ms / NOTICES).toFixed(1)} ms`;
  console.log(
    `${sink.arrivals.size} of ${NOTICES * READERS} messages in ${sink.mails} mails, ${seconds.toFixed(1)} s ` +
      `(${(NOTICES / seconds).toFixed(0)} notices/s; ready after ${(ready / 1_000).toFixed(1)} s)\n` +
      `per notice: worker ${each((cpuMs(worker.child.pid ?? 0) ?? 0) - started)}, PostgreSQL ${each(postgres() - postgresBefore)}, ` +
      `the mail server here ${each((used.user + used.system) / 1_000)}`,
  );
} finally {
  await world.close();
}
