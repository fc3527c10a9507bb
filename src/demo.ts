import 'reflect-metadata';
import { readDemonstrationNotifications } from './demonstration/demonstration-files.js';
import { Lifecycle } from './start/lifecycle.js';
import { whereToGoLines } from './start/start-steps.js';
import { londonMinute } from './story/london.js';
import type { PostedNotification } from './story/police.js';
import { isHeld } from './story/promises/finding.js';
import { runStory, STORY_STARTS_AT } from './story/run-story.js';
import { setStage, type Stage } from './story/stage.js';
import { promiseTable } from './story/tell.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const lifecycle = new Lifecycle();
lifecycle.handleSignals();
const startedAt = performance.now();
const seconds = (): string => ((performance.now() - startedAt) / 1_000).toFixed(1);

async function play(stage: Stage): Promise<boolean> {
  say(`The stage is set in ${seconds()} s: PostgreSQL, mail catcher and pages at ${stage.url}`);
  say('One night and two mornings in Northshire, an invented place. Times are London’s.\n');
  const files = await readDemonstrationNotifications();
  const findings = await runStory(
    stage,
    files.map(({ body }) => body as PostedNotification),
    say,
  );
  const broken = findings.filter((finding) => !isHeld(finding)).length;
  say(
    `\nPromises, checked against what is stored, caught, logged and seen (not against what the code says):\n`,
  );
  for (const line of promiseTable(findings)) say(line);
  say(`\n${findings.length - broken} promises held, ${broken} broken, in ${seconds()} s.`);
  return broken === 0;
}

async function keepUp(stage: Stage): Promise<void> {
  const { app, config, clock } = stage;
  say(`\nThe pages stay as they are: it is ${londonMinute(clock.now())} there. Stop with Ctrl-C.`);
  say(`  Start here: ${stage.url}/    The mailboxes: ${stage.url}/mail`);
  for (const lines of whereToGoLines) {
    for (const line of await lines({ app, config, home: config.home ?? '', say })) say(line);
  }
  await new Promise(() => setInterval(() => undefined, 60_000));
}

try {
  const stage = await setStage(STORY_STARTS_AT, lifecycle);
  process.exitCode = (await play(stage)) ? 0 : 1;
  if (process.argv.includes('--keep')) await keepUp(stage);
} catch (error) {
  say(`\nThe story broke off: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error) say(error.stack ?? '');
  process.exitCode = 1;
}
await lifecycle.stop();
process.exit();
