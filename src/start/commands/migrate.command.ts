import { readEnvironment } from '../../../config/environment.js';
import { CommandFailed, type CommandRegistration } from '../../common/command-line.js';
import { migrateAll } from '../migrate-all.js';

/** `firstbell migrate`: for installations whose running processes are not given the owner's password. */
export const migrateCommand: CommandRegistration = (program, context) => {
  program
    .command('migrate')
    .description('bring the database up to date, as the role of DATABASE_OWNER_URL')
    .action(async () => {
      const { DATABASE_OWNER_URL: ownerUrl } = readEnvironment(process.env);
      if (!ownerUrl) {
        throw new CommandFailed(
          'DATABASE_OWNER_URL is missing. The embedded default brings its database up to date at npm start.',
        );
      }
      const applied = await migrateAll(ownerUrl);
      context.print(
        { applied },
        applied.length > 0 ? applied.map((name) => `applied ${name}`) : ['Nothing to do.'],
      );
    });
};
