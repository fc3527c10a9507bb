import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The same place below the sources and below dist/, where the build copies config/. */
export const DEMONSTRATION_FOLDER = new URL('../../config/demonstration/', import.meta.url);

/** The demonstration area's files, each as a person would import it. */
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

export type DemonstrationFile = keyof typeof DEMONSTRATION_FILES;

export function demonstrationPath(file: DemonstrationFile): string {
  return fileURLToPath(new URL(DEMONSTRATION_FILES[file], DEMONSTRATION_FOLDER));
}

export function demonstrationSource(file: DemonstrationFile): () => AsyncIterable<Uint8Array> {
  return () => createReadStream(demonstrationPath(file)) as AsyncIterable<Buffer>;
}

export function demonstrationText(file: DemonstrationFile): Promise<string> {
  return readFile(demonstrationPath(file), 'utf8');
}

/** Notifications that tell a story each, in order of their names ("1-acknowledged-at-once"). */
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
