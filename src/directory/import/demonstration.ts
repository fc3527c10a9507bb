import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type CalendarEntry, type SchoolHours } from '../domain/calendar-entry.js';
import { type ContactRow } from '../domain/contact.js';
import { type RegisterSetting, type SettingLink } from '../domain/setting.js';
import { readCalendarCsv, readSchoolHours } from './calendar-csv.js';
import { readContacts } from './contacts.js';
import { readGias } from './gias.js';
import { collect, type ImportLine } from './import-line.js';
import {
  readDesks,
  readForces,
  readPeople,
  type DeskRow,
  type ForceRow,
  type PersonRow,
} from './json-lists.js';
import { readLinks } from './links.js';
import { readOfsted } from './ofsted.js';

/** The invented area that an embedded installation starts with, read by the same readers as real files. */
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

/** The same place below the sources and below dist/, where the build copies config/. */
export const DEMONSTRATION_FOLDER = new URL('../../../config/demonstration/', import.meta.url);

/** Paths of the demonstration area's files, for whoever imports them as a person would. */
export const DEMONSTRATION_FILES = {
  gias: 'edubasealldata-demo.csv',
  links: 'links-demo.csv',
  earlyYears: 'early-years-demo.csv',
  contacts: 'contacts-demo.csv',
  calendar: 'calendar-demo.csv',
  schoolHours: 'school-hours-demo.csv',
  forces: 'forces.json',
  desks: 'desks.json',
  people: 'people.json',
} as const;

export function demonstrationFile(file: keyof typeof DEMONSTRATION_FILES): string {
  return fileURLToPath(new URL(DEMONSTRATION_FILES[file], DEMONSTRATION_FOLDER));
}

/** Throws when a shipped file has a bad line: that is a fault of the build, not of a person's file. */
export async function readDemonstrationArea(): Promise<DemonstrationArea> {
  const schools = await rowsOf('gias', readGias(stream('gias')));
  const codes = new Map(schools.map((setting) => [setting.authorityName, setting.authorityCode]));
  return {
    settings: [
      ...schools,
      ...(await rowsOf(
        'earlyYears',
        readOfsted(stream('earlyYears'), (name) => codes.get(name)),
      )),
    ],
    links: await rowsOf('links', readLinks(stream('links'))),
    contacts: await rowsOf('contacts', readContacts(stream('contacts'))),
    calendar: await rowsOf('calendar', readCalendarCsv(stream('calendar'))),
    schoolHours: await rowsOf('schoolHours', readSchoolHours(stream('schoolHours'))),
    forces: readForces(await readFile(demonstrationFile('forces'), 'utf8')),
    desks: readDesks(await readFile(demonstrationFile('desks'), 'utf8')),
    people: readPeople(await readFile(demonstrationFile('people'), 'utf8')),
  };
}

/** The notifications of `npm run demo`, in order of their names ("1-acknowledged-at-once"). */
export async function readDemonstrationNotifications(): Promise<{ name: string; body: unknown }[]> {
  const folder = new URL('notifications/', DEMONSTRATION_FOLDER);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => ({
      name: file.replace(/\.json$/, ''),
      body: JSON.parse(await readFile(new URL(file, folder), 'utf8')) as unknown,
    })),
  );
}

function stream(file: keyof typeof DEMONSTRATION_FILES): AsyncIterable<Uint8Array> {
  return createReadStream(demonstrationFile(file)) as AsyncIterable<Buffer>;
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
