import type { Command } from 'commander';
import type { INestApplicationContext } from '@nestjs/common';
import { systemActor } from '../common/actor.js';
import { CommandFailed, WrongUse, type CommandRegistration } from '../common/command-line.js';
import { DomainError } from '../common/errors.js';
import { TestNotices, type NotTold, type TestReport } from './test-notices.service.js';
import { TestSchedule } from './test-schedule.service.js';

const ACTOR = systemActor('command:test-notice');

interface Whose {
  setting?: string;
  authority?: string;
}

/** `firstbell test-notice --setting <urn> | --authority <code>`, `test-notice report ...`, `test-notice schedule ...`. */
export const testNoticeCommand: CommandRegistration = (program, context) => {
  const whose = (command: Command): Command =>
    command
      .option('--setting <urn>', 'one setting')
      .option('--authority <code>', 'every open setting of an authority that has a contact');
  const command = whose(program.command('test-notice'))
    .description('send a test notice: the real way, to the real people, marked TEST, counted nowhere')
    .action((options: Whose) =>
      context.withApplication(async (app) => {
        const tests = app.get(TestNotices, { strict: false });
        const { urn, authorityCode } = one(options);
        const sent = await plainly(async () =>
          urn ? [await tests.send(ACTOR, urn)] : tests.sendToAll(ACTOR, authorityCode ?? ''),
        );
        const lines = sent.map(
          ({ urn: of, settingName, reference }) => `${reference}  ${of}  ${settingName}`,
        );
        context.print({ sent }, sent.length === 0 ? ['Nothing was sent: no setting to test.'] : lines);
      }),
    );
  whose(command.command('report'))
    .description('who answered, how fast, on which step, and which addresses failed')
    .action((_: Whose, self: Command) =>
      context.withApplication(async (app) => {
        const { urn, authorityCode } = one(self.optsWithGlobals<Whose>());
        const where = urn ? { urn } : { authorityCode: authorityCode ?? '' };
        const reports = await app.get(TestNotices, { strict: false }).reports(ACTOR, where);
        context.print(
          { tests: reports.map(withMinutes) },
          reports.length === 0 ? ['No test yet.'] : reports.map(line),
        );
      }),
    );
  whose(command.command('schedule'))
    .description('a test each term, on a day and at a minute of its own, in school hours')
    .option('--off', 'no more')
    .action((_: Whose & { off?: boolean }, self: Command) =>
      context.withApplication((app) => schedule(app, self.optsWithGlobals(), context.print)),
    );
};

async function schedule(
  app: INestApplicationContext,
  options: Whose & { off?: boolean },
  print: (value: unknown, lines: readonly string[]) => void,
): Promise<void> {
  const { urn, authorityCode } = one(options);
  const plan = app.get(TestSchedule, { strict: false });
  const urns = urn
    ? [urn]
    : await app.get(TestNotices, { strict: false }).settingsOf(ACTOR, authorityCode ?? '');
  if (options.off) {
    await plan.switchOff(ACTOR, urns);
    print({ urns, scheduled: false }, [`${urns.length} settings are not tested by themselves any more.`]);
    return;
  }
  const planned = await plan.switchOn(ACTOR, urns);
  print(
    { planned },
    planned.map(
      ({ urn: of, nextAt }) => `${of}  ${nextAt?.toISOString() ?? 'no fitting day in its calendar'}`,
    ),
  );
}

function one({ setting, authority }: Whose): { urn?: string; authorityCode?: string } {
  if ((setting === undefined) === (authority === undefined)) {
    throw new WrongUse('say either --setting <urn> or --authority <code>');
  }
  return setting === undefined ? { authorityCode: authority ?? '' } : { urn: setting };
}

async function plainly<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof DomainError ? new CommandFailed(error.message, { code: error.code }) : error;
  }
}

function withMinutes(report: TestReport): TestReport & { minutesToAnswer: number | null } {
  const { acknowledgedAt, sentAt } = report;
  const minutes = acknowledgedAt ? Math.round((acknowledgedAt.getTime() - sentAt.getTime()) / 60_000) : null;
  return { ...report, minutesToAnswer: minutes };
}

function line(report: TestReport): string {
  const { minutesToAnswer } = withMinutes(report);
  const answer = report.acknowledgedAt
    ? `answered by ${report.acknowledgedBy ?? 'somebody'} (${report.acknowledgedRole ?? '-'}) after ${minutesToAnswer} min, step ${report.rung ?? '-'}`
    : report.endedAt
      ? `NOT answered, last step ${report.rung ?? '-'}`
      : `running, step ${report.rung ?? '-'}`;
  const failed = report.failed.map(
    ({ name, channel, code }) => `${channel} of ${name} failed (${code ?? '-'})`,
  );
  const nobody = report.nobodyTold
    ? ['NOBODY at this setting could be told: no contact here has a verified address that works']
    : [];
  return [
    report.sentAt.toISOString(),
    report.urn,
    report.settingName,
    report.reference,
    answer,
    ...nobody,
    ...failed,
    ...report.notTold.map(notToldWords),
  ].join('  ');
}

function notToldWords({ name, channel, why, since }: NotTold): string {
  if (why === 'no-address') return `${name} not told (no address)`;
  return `${channel} of ${name} not used (${since ? `bounced ${since.toISOString()}` : 'never verified'})`;
}
