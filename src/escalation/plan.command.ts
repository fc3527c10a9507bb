import { parseWeekdays } from '../calendar/domain/iso-date.js';
import { WrongUse, type CommandRegistration } from '../common/command-line.js';
import { policyFile, saysWhatIsWrong } from './policy-file.js';
import { planToJson, planToText } from './domain/plan-output.js';
import { RISK_GRADES, type RiskGrade } from './domain/risk.js';
import { PlanAhead } from './plan-ahead.service.js';

interface Options {
  setting: string;
  received: string;
  risk: string;
  mustNotCollect?: true;
  readAt?: string;
  policy?: string;
  attends?: string;
}

/** `firstbell plan`: the deadline and every rung of a notification that might come, with who and why. */
export const planCommand: CommandRegistration = (program, context) => {
  program
    .command('plan')
    .description('print the deadline and every rung for a setting, an instant and a grade; sends nothing')
    .requiredOption('--setting <urn>', 'the setting')
    .requiredOption('--received <iso>', 'when the notification is received, e.g. 2026-11-22T23:10:00Z')
    .requiredOption('--risk <grade>', `the police grade: ${RISK_GRADES.join(', ')}`)
    .option('--read-at <iso>', 'also the clock that reading it starts, when it is read at this instant')
    .option(
      '--must-not-collect',
      'the same, where an adult must not collect the child (default: read at the deadline)',
    )
    .option(
      '--attends <days>',
      'the child comes on these days only, e.g. "Mon Wed" (the roll says so for a real one)',
    )
    .option('--policy <file.json>', 'try these members of a policy instead of those in force')
    .action(async (options: Options) => {
      const receivedAt = instantFrom(options.received, '--received');
      const read =
        options.readAt === undefined && !options.mustNotCollect
          ? undefined
          : {
              at: options.readAt === undefined ? null : instantFrom(options.readAt, '--read-at'),
              mustNotCollect: options.mustNotCollect === true,
            };
      if (read?.at && read.at < receivedAt) throw new WrongUse('--read-at is before --received.');
      const policy = options.policy === undefined ? undefined : await policyFile(options.policy);
      const attends = options.attends === undefined ? null : weekdaysFrom(options.attends);
      const risk = gradeFrom(options.risk);
      const urn = options.setting.trim().toUpperCase();
      const planned = await context.withApplication((app) =>
        saysWhatIsWrong(() =>
          app.get(PlanAhead, { strict: false }).forSetting(urn, { receivedAt, risk, policy, read, attends }),
        ),
      );
      if (!planned) {
        throw new WrongUse(
          `--setting ${urn}: no setting here has this URN. Look it up on get-information-schools.service.gov.uk, ` +
            'or import the register first: firstbell schools import <gias.csv>.',
        );
      }
      if (!planned.open) {
        process.stderr.write(
          `Setting ${urn} is not open: a notification would go elsewhere (route --explain).\n`,
        );
      }
      // Whoever plans at the terminal runs the installation: nothing is left out for them.
      const text = planToText(planned.plan, 'desk', planned.action).trimEnd();
      context.print(planToJson(planned.plan, 'desk', planned.action), [text]);
    });
};

const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/i;

/** An instant without an offset would have to be guessed, twice a year by an hour. */
function instantFrom(text: string, option: string): Date {
  const match = INSTANT.exec(text.trim());
  const instant = new Date(match ? text.trim().toUpperCase() : Number.NaN);
  const [, year, month, day] = match ?? [];
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const exists = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= lastDay;
  if (!exists || Number.isNaN(instant.getTime())) {
    throw new WrongUse(
      `${option} is not an instant. Write a date, a time and an offset, for example 2026-11-22T23:10:00Z or ` +
        '2026-06-22T23:10:00+01:00.',
    );
  }
  return instant;
}

function gradeFrom(text: string): RiskGrade {
  const grade = RISK_GRADES.find((one) => one === text.trim().toLowerCase());
  if (!grade) throw new WrongUse(`--risk is one of ${RISK_GRADES.join(', ')}.`);
  return grade;
}

function weekdaysFrom(text: string): number[] {
  const days = parseWeekdays(text);
  if (!days) throw new WrongUse('--attends is a list of weekdays, written "Mon Wed Fri".');
  return days;
}
