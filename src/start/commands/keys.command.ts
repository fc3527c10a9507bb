import { newKeysJson } from '../../../config/keys.js';
import type { CommandRegistration } from '../../common/command-line.js';

/** `firstbell keys new`: what FIRSTBELL_KEYS_FILE names. Needs no database and no configuration. */
export const keysCommands: CommandRegistration = (program) => {
  const keys = program.commands.find((command) => command.name() === 'keys') ?? program.command('keys');
  keys.description('the keys that seal what is written about people');
  keys
    .command('new')
    .description('print a fresh set of keys; keep it outside the database, and a copy elsewhere')
    .action(() => {
      process.stdout.write(newKeysJson(new Date()));
    });
};
