import type { INestApplicationContext } from '@nestjs/common';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import { createFileAtomic, readJsonFile } from '../embedded/files.js';
import { demonstrationLines, loadDemonstration, writeDemoFile } from './demonstration-steps.js';

export interface StartContext {
  /** `app.get(SomeService, { strict: false })`. */
  readonly app: INestApplicationContext;
  readonly config: Config;
  readonly home: string;
  /** A line for the person at the terminal. */
  readonly say: (line: string) => void;
}

/** May run again after a kill in the middle of it, and must then end in the same state. */
export interface StartStep {
  readonly name: string;
  run(context: StartContext): Promise<void>;
}

/** Embedded default, until all of them finished once in this home: the demonstration area. */
export const firstRunSteps: StartStep[] = [loadDemonstration];

/** Embedded default, at every start, before anything listens: `<home>/demo.json`, whose addresses change with the port. */
export const everyStartSteps: StartStep[] = [writeDemoFile];

/** What the terminal shows below the addresses: how to sign in, a curl to paste. */
export const whereToGoLines: ((context: StartContext) => Promise<string[]>)[] = [demonstrationLines];

export async function runStartSteps(context: StartContext): Promise<void> {
  const marker = join(context.home, 'first-run.json');
  if ((await readJsonFile(marker)) === null) {
    for (const step of firstRunSteps) await step.run(context);
    await createFileAtomic(marker, `${JSON.stringify({ steps: firstRunSteps.map((step) => step.name) })}\n`);
  }
  for (const step of everyStartSteps) await step.run(context);
}
