import { Browser, type AroundGet } from './browser.js';
import { Cast } from './cast.js';
import { Clockwork } from './clockwork.js';
import { day } from './day.js';
import { Ledger } from './ledger.js';
import { london } from './london.js';
import { morning } from './morning.js';
import { Narrator } from './narrator.js';
import { night } from './night.js';
import { PoliceSystem, type PostedNotification } from './police.js';
import { checkPromises } from './promises/check-promises.js';
import type { Finding } from './promises/finding.js';
import { nobodysNotices } from './promises/kept.js';
import { fingerprint } from './sql.js';
import type { Stage } from './stage.js';
import { readMailbox } from './staff.js';
import { Story } from './story.js';

export const STORY_STARTS_AT = london('2026-11-22 23:05');
export const STORY_ENDS_AT = london('2026-11-24 09:15');

/** Plays the whole story on a stage, told line by line, and then checks every promise. */
export async function runStory(
  stage: Stage,
  notifications: readonly PostedNotification[],
  print: (line: string) => void,
): Promise<Finding[]> {
  const { sql, clock, url, log } = stage;
  const ledger = new Ledger();
  const narrator = new Narrator(clock, sql, print);
  await narrator.prepare();
  const clockwork = new Clockwork(clock, sql, async (acting) => {
    // What somebody causes is told after what they did.
    if (!acting) await narrator.observe();
    ledger.nobodys.push(...(await nobodysNotices(sql, clock.now())));
    ledger.looksForNobodys += 1;
  });
  const settle = (): Promise<void> => clockwork.settle();
  const aroundGet: AroundGet = async (address, work) => {
    await settle();
    const before = await fingerprint(sql);
    const result = await work();
    ledger.gets.push({ address, changed: before !== (await fingerprint(sql)) });
    return result;
  };
  const cast = await Cast.read(stage.config.home ?? '');
  const police = new PoliceSystem(url, cast.force('demo-north'), aroundGet);
  const around = { url, ledger, aroundGet, settle };
  const story = new Story(cast, police, ledger, narrator, notifications, around, new Browser(url, aroundGet));
  await clockwork.play([...night(story), ...morning(story), ...day(story)], STORY_ENDS_AT);
  const mails = await readMailbox(url);
  return checkPromises({ sql, mails, log, ledger, notifications, endsAt: STORY_ENDS_AT });
}
