import { systemActor } from '../common/actor.js';
import { CommandFailed, WrongUse, type CommandRegistration } from '../common/command-line.js';
import { Database } from '../database/database.js';
import { ForceFeeds, type ForceFeed } from './force-feeds.service.js';

const ACTOR = systemActor('command:feeds');
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** `firstbell feeds list | expect <force> --by 07:00 --days Mon,Tue | ignore <force>`. */
export const feedsCommands: CommandRegistration = (program, context) => {
  const feeds = program.command('feeds').description('by when each force is expected to have sent something');
  feeds
    .command('list')
    .description('each force, by when it is expected, and when it was last heard')
    .action(() =>
      context.withApplication(async (app) => {
        const rows = await app
          .get(Database, { strict: false })
          .transaction(ACTOR, (tx) => app.get(ForceFeeds, { strict: false }).all(tx));
        context.print({ feeds: rows }, rows.length === 0 ? ['No force is expected yet.'] : rows.map(line));
      }),
    );
  feeds
    .command('expect <force>')
    .description('alert when neither a notification nor a heartbeat has come by this time')
    .option('--by <time>', 'London time', '07:00')
    .option('--days <days>', 'weekdays, e.g. Mon,Tue,Wed', DAYS.join(','))
    .option('--within <hours>', 'what came in so many hours before counts', '12')
    .action((force: string, options: { by: string; days: string; within: string }) =>
      context.withApplication(async (app) => {
        const expectation = { ...read(options), watched: true };
        await known(() => app.get(ForceFeeds, { strict: false }).expect(ACTOR, force, expectation), force);
        context.print({ force, ...expectation }, [`${force} is expected by ${expectation.expectedBy}.`]);
      }),
    );
  feeds
    .command('ignore <force>')
    .description('never alert for this force')
    .action((force: string) =>
      context.withApplication(async (app) => {
        const expectation = {
          expectedBy: '07:00',
          days: [1, 2, 3, 4, 5, 6, 7],
          withinHours: 12,
          watched: false,
        };
        await known(() => app.get(ForceFeeds, { strict: false }).expect(ACTOR, force, expectation), force);
        context.print({ force, watched: false }, [`${force} is not watched any more.`]);
      }),
    );
};

function read({ by, days, within }: { by: string; days: string; within: string }) {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(by)) throw new WrongUse('--by is a time, for example 07:00');
  const numbers = days
    .split(',')
    .map((day) => DAYS.findIndex((name) => name.toLowerCase() === day.trim().toLowerCase()) + 1);
  if (numbers.some((day) => day === 0)) throw new WrongUse(`--days are of ${DAYS.join(', ')}`);
  const withinHours = Number(within);
  if (!Number.isInteger(withinHours) || withinHours < 1 || withinHours > 96) {
    throw new WrongUse('--within is a number of hours from 1 to 96');
  }
  return { expectedBy: by, days: numbers, withinHours };
}

async function known(run: () => Promise<void>, force: string): Promise<void> {
  try {
    await run();
  } catch (error) {
    if ((error as { code?: string; driverError?: { code?: string } }).driverError?.code !== '23503')
      throw error;
    throw new CommandFailed(`There is no force ${force}.`);
  }
}

function line(feed: ForceFeed): string {
  const days = feed.days.map((day) => DAYS[day - 1]).join(',');
  const expected = feed.watched ? `by ${feed.expectedBy} on ${days}` : 'not watched';
  return `${feed.forceCode}  ${expected}  last heard ${feed.lastHeardAt?.toISOString() ?? 'never'}  (${feed.learntFrom})`;
}
