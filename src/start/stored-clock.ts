import { join } from 'node:path';
import { StartRefused } from '../../config/problems.js';
import { parseClockSetting, type ClockSetting } from '../common/clock.js';
import { createFileAtomic, readJsonFile } from '../embedded/files.js';

interface StoredClock {
  /** null: real time. */
  setting: ClockSetting | null;
}

const sameHands = (a: ClockSetting | null, b: ClockSetting): boolean =>
  a !== null && a.startsAt === b.startsAt && a.speed === b.speed;

/**
 * The home's clock. Every process in a home must tell the same time, also after a restart, so the first start writes it
 * down and later ones read it; a different wish is refused rather than half followed.
 * @param wanted FIRSTBELL_CLOCK, already checked
 * @param store false for a command, which must not decide for the first start
 * @throws StartRefused
 */
export async function homeClock(
  home: string,
  wanted: string | undefined,
  store: boolean,
): Promise<ClockSetting | null> {
  const path = join(home, 'clock.json');
  const wish = wanted ? parseClockSetting(wanted, new Date()) : null;
  const stored = await readJsonFile<StoredClock>(path);
  if (!stored) {
    if (store) await createFileAtomic(path, `${JSON.stringify({ setting: wish } satisfies StoredClock)}\n`);
    return wish;
  }
  if (wish && !sameHands(stored.setting, wish)) {
    const kept = stored.setting ? `"${stored.setting.startsAt} x${stored.setting.speed}"` : 'real time';
    throw new StartRefused([
      `FIRSTBELL_CLOCK differs from the clock with which the home ${home} was started (${kept}): to change it, use a ` +
        'fresh home (set FIRSTBELL_HOME to a new folder), or remove FIRSTBELL_CLOCK to go on with the stored one.',
    ]);
  }
  return stored.setting;
}
