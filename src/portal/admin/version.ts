import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let known: string | undefined;

/** The version in package.json, from the sources as well as from the compiled copy. */
export function version(): string {
  known ??= read(dirname(fileURLToPath(import.meta.url)));
  return known;
}

function read(directory: string): string {
  const path = join(directory, 'package.json');
  if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  const parent = dirname(directory);
  if (parent === directory) throw new Error('package.json is missing');
  return read(parent);
}
