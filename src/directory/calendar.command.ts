import { WrongUse, type CommandRegistration } from '../common/command-line.js';
import { CALENDAR_LAYERS, type CalendarLayer } from './domain/calendar-entry.js';
import { explained, importFile, problemLines } from './import/import-file.js';
import { ImportCalendar } from './import-calendar.service.js';

interface Options {
  layer?: string;
  key?: string;
}

/** `firstbell calendar import`: term dates, INSET days and closures. */
export const calendarCommands: CommandRegistration = (program, context) => {
  program
    .command('calendar')
    .description('school days')
    .command('import')
    .description('add term dates, INSET days and closures from a CSV or iCalendar file')
    .argument('<calendar.csv|ics>')
    .option('--layer <layer>', `whose days an iCalendar file has: ${CALENDAR_LAYERS.join(', ')}`)
    .option('--key <key>', 'which one: a URN, a trust code, an authority code or a nation')
    .action(async (path: string, options: Options) => {
      const owner = /\.ics$/i.test(path) ? ownerOf(options) : null;
      const source = await importFile(path);
      const report = await context.withApplication((app) => {
        const calendars = app.get(ImportCalendar, { strict: false });
        return explained(() => (owner ? calendars.fromICalendar(source, owner) : calendars.fromCsv(source)));
      });
      context.print(report, [
        `${report.read} entries read, ${report.added} of them new or changed`,
        ...problemLines(report.problems),
      ]);
    });
};

/** An iCalendar file says what happens when, not whose days they are. */
function ownerOf({ layer, key }: Options): { layer: CalendarLayer; key: string } {
  const known = CALENDAR_LAYERS.find((one) => one === layer);
  if (!known || !key) {
    throw new WrongUse(
      'An iCalendar file does not say whose days it has: add for example --layer setting --key 900123, ' +
        'or --layer authority --key 999.',
    );
  }
  return { layer: known, key: known === 'nation' ? key.toLowerCase() : key.toUpperCase() };
}
