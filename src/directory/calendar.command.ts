import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CalendarReading } from '../calendar/calendar-reading.service.js';
import { ChangeCalendar } from '../calendar/change-calendar.service.js';
import { shortDate } from '../calendar/domain/iso-date.js';
import { ImportBankHolidays, type BankHolidaysReport } from '../calendar/import-bank-holidays.service.js';
import { systemActor } from '../common/actor.js';
import {
  CommandFailed,
  WrongUse,
  type CliContext,
  type CommandRegistration,
} from '../common/command-line.js';
import { CALENDAR_KINDS, CALENDAR_LAYERS, type CalendarLayer } from './domain/calendar-entry.js';
import { CALENDAR_COLUMNS } from './import/calendar-csv.js';
import { columnWords } from './import/csv-table.js';
import { explained, importFile, problemLines, section } from './import/import-file.js';
import { ImportCalendar } from './import-calendar.service.js';

const ACTOR = systemActor('command:calendar');

const WHY = {
  snow: 'Closed because of snow',
  closure: 'Closed',
  inset: 'INSET day',
  holiday: 'Holiday',
} as const;

const COLUMNS =
  `of a CSV: ${columnWords(CALENDAR_COLUMNS)}. layer: ${CALENDAR_LAYERS.join(', ')}; key: a nation, code or URN; state: open, closed; ` +
  `kind: ${CALENDAR_KINDS.join(', ')}; days: those of the range that count, Mon Fri. Dates are written dd-mm-yyyy`;

/** `firstbell calendar import|show|close|bank-holidays`: school days. */
export const calendarCommands: CommandRegistration = (program, context) => {
  const calendar = program.command('calendar').description('school days');
  importCommand(calendar, context);
  showCommand(calendar, context);
  closeCommand(calendar, context);
  bankHolidaysCommand(calendar, context);
};

interface ImportOptions {
  layer?: string;
  key?: string;
}

function importCommand(calendar: Command, context: CliContext): void {
  calendar
    .command('import')
    .description('add term dates, INSET days and closures from a CSV or iCalendar file')
    .argument('<calendar.csv|ics>', COLUMNS)
    .option('--layer <layer>', `whose days an iCalendar file has: ${CALENDAR_LAYERS.join(', ')}`)
    .option('--key <key>', 'which one: a URN, a trust code, an authority code or a nation')
    .action(async (path: string, options: ImportOptions) => {
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
}

/** An iCalendar file says what happens when, not whose days they are. */
function ownerOf({ layer, key }: ImportOptions): { layer: CalendarLayer; key: string } {
  const known = CALENDAR_LAYERS.find((one) => one === layer);
  if (!known || !key) {
    throw new WrongUse(
      'An iCalendar file does not say whose days it has: add for example --layer setting --key 900123, ' +
        'or --layer authority --key 999.',
    );
  }
  return { layer: known, key: known === 'nation' ? key.toLowerCase() : key.toUpperCase() };
}

function showCommand(calendar: Command, context: CliContext): void {
  calendar
    .command('show')
    .description('the school days of a setting, and which layer says so')
    .requiredOption('--setting <urn>')
    .option('--from <yyyy-mm-dd>', 'first day (default: today)')
    .option('--to <yyyy-mm-dd>', 'last day (default: eight weeks later)')
    .action(async ({ setting, from, to }: { setting: string; from?: string; to?: string }) => {
      const [first, last] = [dateOption('--from', from), dateOption('--to', to)];
      const { facts, days } = await context.withApplication((app) =>
        explained(() => app.get(CalendarReading, { strict: false }).days(ACTOR, setting, first, last)),
      );
      const { name, bell, homeTime } = facts;
      context.print({ setting, name, bell, homeTime, days }, [
        `${setting} ${name}, ${bell} to ${homeTime}`,
        ...days.map(
          ({ date, open, title, layer }) =>
            `  ${date} ${shortDate(date)}  ${open ? 'open  ' : 'closed'}  ${title}${layer ? ` (${layer})` : ''}`,
        ),
      ]);
    });
}

interface CloseOptions {
  setting: string;
  on: string;
  why: string;
  title?: string;
}

function closeCommand(calendar: Command, context: CliContext): void {
  calendar
    .command('close')
    .description('close a setting on one day; its open notices are planned anew')
    .requiredOption('--setting <urn>')
    .requiredOption('--on <yyyy-mm-dd>')
    .requiredOption('--why <why>', Object.keys(WHY).join(', '))
    .option('--title <words>', 'what colleagues read in the calendar')
    .action(async ({ setting, on, why, title }: CloseOptions) => {
      const date = dateOption('--on', on) ?? '';
      const kind = (Object.keys(WHY) as (keyof typeof WHY)[]).find((one) => one === why);
      if (!kind) throw new WrongUse(`--why is one of ${Object.keys(WHY).join(', ')}; it is "${why}".`);
      const owner = { layer: 'setting', key: setting } as const;
      const days = { from: date, to: date, open: false, kind, title: title ?? WHY[kind] };
      const entry = await context.withApplication((app) =>
        explained(() => app.get(ChangeCalendar, { strict: false }).add(ACTOR, owner, days, 'command')),
      );
      context.print({ setting, on: date, kind, added: entry !== null, entry }, [
        entry === null
          ? `${setting} was closed on ${shortDate(date)} already.`
          : `${setting} is closed on ${shortDate(date)}. Its open notices are planned anew.`,
      ]);
    });
}

function bankHolidaysCommand(calendar: Command, context: CliContext): void {
  calendar
    .command('bank-holidays')
    .description("merge gov.uk's bank-holidays.json into the calendars of the nations")
    .argument('<bank-holidays.json>')
    .action(async (path: string) => {
      const text = await readFile(path, 'utf8').catch(() => {
        throw new CommandFailed(`${path} cannot be read: there is no such file.`);
      });
      const report = await context.withApplication((app) =>
        explained(() => app.get(ImportBankHolidays, { strict: false }).fromJson(ACTOR, text)),
      );
      context.print(report, bankHolidayLines(report));
    });
}

function bankHolidayLines(report: BankHolidaysReport): string[] {
  const day = ({ nation, date, title }: { nation: string; date: string; title: string }): string =>
    `${date} ${title} (${nation})`;
  return [
    `${report.read} days read, ${report.added.length} new, ${report.confirmed} forecast days confirmed`,
    ...section('New', report.added.map(day)),
    ...section(
      'Renamed',
      report.retitled.map(({ nation, date, from, to }) => `${date} ${from} -> ${to} (${nation})`),
    ),
    ...section('Not in the file, left as they are: remove them if they are wrong', report.missing.map(day)),
    ...section('Left out', report.problems),
  ];
}

function dateOption(name: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(text).toJSON()?.slice(0, 10) === text) return text;
  throw new WrongUse(`${name} is not a date: write it as 2026-11-23.`);
}
