import type { CommandRegistration } from '../common/command-line.js';
import { explained, importFile, problemLines, progressLine, section } from './import/import-file.js';
import { ImportContacts } from './import-contacts.service.js';

/** `firstbell contacts import`: people and shared mailboxes of settings and desks. */
export const contactsCommands: CommandRegistration = (program, context) => {
  program
    .command('contacts')
    .description('people and shared mailboxes of settings and desks')
    .command('import')
    .description('bring contacts up to date with a file; contacts that are not in it stay')
    .argument('<contacts.csv>')
    .action(async (path: string) => {
      const source = await importFile(path);
      const report = await context.withApplication((app) =>
        explained(() =>
          app
            .get(ImportContacts, { strict: false })
            .run(source, { progress: progressLine('contacts import') }),
        ),
      );
      context.print(report, [
        `${report.read} contacts read: ${report.added} new, ${report.changed} changed, ${report.unchanged} as before`,
        ...section('Desks created', report.desksCreated),
        ...problemLines(report.problems),
      ]);
    });
};
