// node --import ./test/support/typescript/register.mjs test/bench/timers-only.ts [--million]: the timers' part of `npm run bench` alone.
import { loadavg } from 'node:os';
import { timersBench } from './timers.js';
import { timersPrinted } from './timers-report.js';
import { World } from './world.js';

const armed = process.argv.includes('--million') ? [100_000, 1_000_000] : [100_000];
const world = await World.open();
try {
  const figure = await timersBench(
    world,
    {
      armed: 100_000,
      bursts: [
        { timers: 2_000, overSeconds: 0 },
        { timers: 6_000, overSeconds: 30 },
      ],
      idle: { seconds: 20, armed },
    },
    console.log,
  );
  console.log(timersPrinted(figure).join('\n'));
  console.log(JSON.stringify({ loadNow: loadavg(), ...figure }));
} finally {
  await world.close();
}
