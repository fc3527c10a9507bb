import type { CommandRegistration } from '../common/command-line.js';
import { DESK_KINDS, DESK_ROLES, SETTING_ROLES } from './domain/contact.js';
import { CONTACT_COLUMNS } from './import/contacts.js';
import { columnWords } from './import/csv-table.js';
import { explained, importFile, problemLines, progressLine, section } from './import/import-file.js';
import { ImportContacts } from './import-contacts.service.js';

const COLUMNS =
  `${columnWords(CONTACT_COLUMNS)}. A line has a urn (role: ${SETTING_ROLES.join(', ')}), or an authority and a desk ` +
  `(${DESK_KINDS.join(', ')}; role: ${DESK_ROLES.join(', ')}). Days are written Mon Tue, dates dd-mm-yyyy, the rest yes or no`;

/** `firstbell contacts import`: people and shared mailboxes of settings and desks. */
export const contactsCommands: CommandRegistration = (program, context) => {
  program
    .command('contacts')
    .description('people and shared mailboxes of settings and desks')
    .command('import')
    .description('bring contacts up to date with a file; contacts that are not in it stay')
    .argument('<contacts.csv>', COLUMNS)
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
