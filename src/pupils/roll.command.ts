import { CommandFailed, WrongUse, type CommandRegistration } from '../common/command-line.js';
import { explained, importFile, problemLines, progressLine } from '../directory/read-roll.service.js';
import { EraseRoll } from './erase-roll.service.js';
import { ImportRoll, TooManyLeavers, type RollReport } from './import-roll.service.js';

interface ImportOptions {
  setting?: string;
  add?: boolean;
  allowLeavers?: boolean;
}

/** `firstbell roll import`: who is on which school's roll. Names are never printed back. */
export const rollCommands: CommandRegistration = (program, context) => {
  const roll = program.command('roll').description('who is on which school’s roll');
  roll
    .command('import')
    .description('bring rolls up to date with a CSV file: every setting in it, as a whole')
    .argument(
      '<csv>',
      'Forename, Surname, DateOfBirth, and URN or LAESTAB; optional Postcode, UPN, StartDate, EndDate, AttendanceDays',
    )
    .option('--setting <urn>', 'the setting of lines that name none')
    .option('--add', 'the file is not a whole roll: who is not in it stays')
    .option(
      '--allow-leavers',
      'accept that more than half of a setting’s children are not in the file any more',
    )
    .action(async (path: string, options: ImportOptions) => {
      const source = await importFile(path);
      const report = await context.withApplication((app) =>
        explained(() =>
          app
            .get(ImportRoll, { strict: false })
            .run(source, {
              ...(options.setting !== undefined && { setting: options.setting }),
              additive: options.add === true,
              allowLeavers: options.allowLeavers === true,
              progress: progressLine('roll import'),
            })
            .catch(withSettings),
        ),
      );
      context.print(report, lines(report));
    });
  roll
    .command('erase')
    .description('take children off the rolls for good')
    .option('--setting <urn>', 'the whole roll of this setting')
    .option('--left-before <date>', 'lines that ended before this day (yyyy-mm-dd)')
    .action(async ({ setting, leftBefore }: { setting?: string; leftBefore?: string }) => {
      if (setting === undefined && leftBefore === undefined)
        throw new WrongUse('Say whose lines: --setting <urn>, --left-before <date>, or both.');
      if (leftBefore !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(leftBefore))
        throw new WrongUse('--left-before is a day, written 2026-08-31.');
      const erased = await context.withApplication((app) =>
        app.get(EraseRoll, { strict: false }).run({
          ...(setting !== undefined && { urn: setting }),
          ...(leftBefore !== undefined && { leftBefore }),
        }),
      );
      context.print({ erased }, [`${erased} lines erased`]);
    });
};

function withSettings(error: unknown): never {
  if (!(error instanceof TooManyLeavers)) throw error;
  const { code, settings } = error;
  const counts = settings.map(({ urn, leaving, of }) => `  ${urn}: ${leaving} of ${of}`);
  throw new CommandFailed([error.message, ...counts].join('\n'), { code, settings });
}

function lines(report: RollReport): string[] {
  const { read, added, changed, unchanged, left, settings, leaversNotMarked, problems } = report;
  return [
    `${read} children of ${settings} settings read: ${added} new, ${changed} changed, ${unchanged} as before, ${left} have left`,
    ...(leaversNotMarked.length > 0
      ? [`Nobody was taken to have left, because lines could not be read: ${leaversNotMarked.join(', ')}`]
      : []),
    ...problemLines(problems),
  ];
}
