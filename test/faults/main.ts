// npm run faults [-- --quick] [-- --backend redis|postgres] [-- --seed n]: everything dies, and every promise is counted
// afterwards. Starts what it needs on 127.0.0.1 in a temporary home and removes it. Exit 0: every promise held, 1: one
// broke, 2: wrong use. Leaves test/faults/results/<date>-<kind>-<backend>.json.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findRedisServer, root } from '../support/run/facts.js';
import type { FaultKind } from './faults.js';
import { readOptions, USAGE, WrongUse, type Plan } from './options.js';
import { keep, makeReport, printed } from './report.js';
import { reconcile } from './reconcile/reconcile.js';
import { runPhase } from './run-phase.js';
import { World } from './world.js';

const began = performance.now();
const seconds = (): number => (performance.now() - began) / 1_000;
const tell = (line: string): void => console.log(`[${seconds().toFixed(1).padStart(6)} s] ${line}`);

function plan(): Plan {
  try {
    return readOptions(process.argv.slice(2), findRedisServer() !== null);
  } catch (error) {
    if (!(error instanceof WrongUse)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

async function run(wanted: Plan): Promise<boolean> {
  tell(`${wanted.notices} notices, queue in ${wanted.backend}, seed ${wanted.seed}`);
  const world = await World.open(wanted);
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      stopped = true;
      void world.close().finally(() => process.exit(1));
    });
  }
  try {
    const phases = [];
    const done = new Set<FaultKind>();
    for (const [number, name] of wanted.phases.entries()) {
      const evidence = await runPhase(world, name, { number, done }, tell, () => stopped);
      for (const { kind } of evidence.windows) done.add(kind);
      phases.push({ evidence, findings: reconcile(evidence) });
      await world.stopPhase();
    }
    const report = makeReport(wanted, phases, seconds());
    const path = await keep(report);
    console.log(printed(report));
    tell(`kept in ${path}`);
    return report.kept;
  } finally {
    await world.close();
  }
}

const wanted = plan();
const build = spawnSync(process.execPath, [join(root, 'config/scripts/build.mjs'), '--if-stale'], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(1);
process.exitCode = (await run(wanted)) ? 0 : 1;
