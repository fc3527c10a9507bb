import { systemActor } from '../common/actor.js';
import { CommandFailed, type CommandRegistration } from '../common/command-line.js';
import { Database } from '../database/database.js';
import { OpenAlerts } from './open-alerts.service.js';

const ACTOR = systemActor('command:alerts');
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `firstbell alerts list | acknowledge <id> | close <id>`. */
export const alertsCommands: CommandRegistration = (program, context) => {
  const alerts = program.command('alerts').description('what the operator was told, and what became of it');
  alerts
    .command('list')
    .description('open alerts, those that nobody is at first')
    .action(() =>
      context.withApplication(async (app) => {
        const open = app.get(OpenAlerts, { strict: false });
        const rows = await app.get(Database, { strict: false }).transaction(ACTOR, (tx) => open.list(tx));
        const lines = rows.map(({ id, kind, subject, what, times, notices, acknowledgedAt, raisedAt }) =>
          [
            id,
            acknowledgedAt ? 'seen' : 'NEW ',
            raisedAt.toISOString(),
            `x${times}`,
            kind,
            subject,
            [what, ...notices].join(' '),
          ].join('  '),
        );
        context.print({ alerts: rows }, rows.length === 0 ? ['No alert is open.'] : lines);
      }),
    );
  const change = (name: 'acknowledge' | 'close', description: string): void => {
    alerts
      .command(`${name} <id>`)
      .description(description)
      .action((id: string) =>
        context.withApplication(async (app) => {
          const done = UUID.test(id) && (await app.get(OpenAlerts, { strict: false })[name](ACTOR, id));
          if (!done) throw new CommandFailed(`There is no open alert ${id} to ${name}.`);
          context.print({ id, done: name }, [`${name === 'close' ? 'Closed' : 'Acknowledged'}: ${id}`]);
        }),
      );
  };
  change(
    'acknowledge',
    'somebody is at it: the daily mails stop, the alert stays open and mails for another notice only',
  );
  change('close', 'done with; what goes on raises a new one');
};
