import { readFile } from 'node:fs/promises';
import { CommandFailed, type CliContext, type CommandRegistration } from '../common/command-line.js';
import type { Command } from 'commander';
import { explained } from './import/import-file.js';
import { DESK_MEMBERS, FORCE_MEMBERS, memberWords, PERSON_MEMBERS } from './import/json-lists.js';
import { ImportLists } from './import-lists.service.js';

/** `firstbell forces|desks|people import`: the short lists with which an installation begins. */
export const listsCommands: CommandRegistration = (program, context) => {
  const add = list(program, context);
  add('forces', 'police forces that may send', FORCE_MEMBERS, (lists, text) => lists.forces(text));
  add('desks', 'desks of authorities; an authority with a desk is served', DESK_MEMBERS, (lists, text) =>
    lists.deskList(text),
  );
  add('people', 'administrators and force users', PERSON_MEMBERS, (lists, text) => lists.people(text));
};

type Import = (lists: ImportLists, text: string) => Promise<number>;

const list =
  (program: Command, context: CliContext) =>
  (what: string, description: string, members: Readonly<Record<string, string>>, run: Import): void => {
    program
      .command(what)
      .description(description)
      .command('import')
      .description(`add ${what} from a JSON list, or bring them up to date`)
      .argument(`<${what}.json>`, `a JSON array of objects with ${memberWords(members)}`)
      .action(async (path: string) => {
        const text = await readFile(path, 'utf8').catch(() => {
          throw new CommandFailed(`${path} cannot be read: there is no such file.`);
        });
        const read = await context.withApplication((app) =>
          explained(() => run(app.get(ImportLists, { strict: false }), text)),
        );
        context.print({ read }, [`${read} ${what} imported`]);
      });
  };
