import {
  DEMONSTRATION_FILES,
  demonstrationSource,
  demonstrationText,
} from '../../src/demonstration/demonstration-files.js';
import { type CalendarEntry, type SchoolHours } from '../../src/directory/domain/calendar-entry.js';
import { type ContactRow } from '../../src/directory/domain/contact.js';
import { type RegisterSetting, type SettingLink } from '../../src/directory/domain/setting.js';
import { readCalendarCsv, readSchoolHours } from '../../src/directory/import/calendar-csv.js';
import { readContacts } from '../../src/directory/import/contacts.js';
import { readGias } from '../../src/directory/import/gias.js';
import { collect, type ImportLine } from '../../src/directory/import/import-line.js';
import {
  readDesks,
  readForces,
  readPeople,
  type DeskRow,
  type ForceRow,
  type PersonRow,
} from '../../src/directory/import/json-lists.js';
import { readLinks } from '../../src/directory/import/links.js';
import { readOfsted } from '../../src/directory/import/ofsted.js';

/** The invented area, read by the readers of real files: what its files must hold is tested without a database. */
export interface DemonstrationArea {
  /** Riverside Primary (900123) first; early-years providers last. */
  settings: RegisterSetting[];
  links: SettingLink[];
  contacts: ContactRow[];
  calendar: CalendarEntry[];
  schoolHours: SchoolHours[];
  forces: ForceRow[];
  desks: DeskRow[];
  people: PersonRow[];
}

/** Throws when a shipped file has a bad line: that is a fault of the build, not of a person's file. */
export async function readDemonstrationArea(): Promise<DemonstrationArea> {
  const schools = await rowsOf('gias', readGias(demonstrationSource('gias')()));
  const codes = new Map(schools.map((setting) => [setting.authorityName, setting.authorityCode]));
  return {
    settings: [
      ...schools,
      ...(await rowsOf(
        'earlyYears',
        readOfsted(demonstrationSource('earlyYears')(), (name) => codes.get(name)),
      )),
    ],
    links: await rowsOf('links', readLinks(demonstrationSource('links')())),
    contacts: await rowsOf('contacts', readContacts(demonstrationSource('contacts')())),
    calendar: await rowsOf('calendar', readCalendarCsv(demonstrationSource('calendar')())),
    schoolHours: await rowsOf('schoolHours', readSchoolHours(demonstrationSource('schoolHours')())),
    forces: readForces(await demonstrationText('forces')),
    desks: readDesks(await demonstrationText('desks')),
    people: readPeople(await demonstrationText('people')),
  };
}

async function rowsOf<Row>(
  file: keyof typeof DEMONSTRATION_FILES,
  lines: AsyncIterable<ImportLine<Row>>,
): Promise<Row[]> {
  const { rows, problems } = await collect(lines);
  const [first] = problems;
  if (first) throw new Error(`${DEMONSTRATION_FILES[file]}, line ${first.line}: ${first.problem}`);
  return rows;
}
