import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import type { CliContext } from '../common/command-line.js';
import { calendarCommands } from './calendar.command.js';
import { contactsCommands } from './contacts.command.js';
import { CALENDAR_COLUMNS } from './import/calendar-csv.js';
import { CONTACT_COLUMNS } from './import/contacts.js';
import { DESK_MEMBERS, FORCE_MEMBERS, PERSON_MEMBERS } from './import/json-lists.js';
import { listsCommands } from './lists.command.js';

const program = new Command();
for (const register of [calendarCommands, contactsCommands, listsCommands])
  register(program, {} as CliContext);

/** Without the line ends, which depend on the terminal's width. */
function helpOf(list: string): string {
  const found = program.commands.find((command) => command.name() === list);
  const imported = found?.commands.find((command) => command.name() === 'import');
  return (imported?.helpInformation() ?? '').replaceAll(/\s+/g, ' ');
}

describe('--help of an import', () => {
  it.each([
    ['contacts', [...CONTACT_COLUMNS.needed, ...CONTACT_COLUMNS.optional, 'deputy', 'out-of-hours', 'duty']],
    ['calendar', [...CALENDAR_COLUMNS.needed, ...CALENDAR_COLUMNS.optional, 'nation', 'closed', 'inset']],
    ['forces', [...Object.keys(FORCE_MEMBERS), 'minimal']],
    ['desks', [...Object.keys(DESK_MEMBERS), 'home-education']],
    ['people', [...Object.keys(PERSON_MEMBERS), 'administrator']],
  ])('%s names what the file must have', (list, words) => {
    const help = helpOf(list);
    for (const word of words) expect(help).toContain(word);
  });
});
