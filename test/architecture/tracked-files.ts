import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const TEXT =
  /\.(ts|mjs|cjs|js|json|md|csv|njk|css|yml|yaml|txt|sh|svg|env|ics)$|(^|\/)(Dockerfile|LICENSE|run|\.[a-z]+)$/;

/** Paths that git knows or would take, relative to the root. */
export function trackedFiles(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
}

export interface Line {
  /** `path:number` */
  at: string;
  path: string;
  text: string;
}

/** Every line of the text files that `wanted` accepts. A file that is deleted but not yet committed has none. */
export function linesOf(wanted: (path: string) => boolean): Line[] {
  return trackedFiles()
    .filter((path) => TEXT.test(path) && wanted(path))
    .flatMap((path) =>
      readIfThere(join(root, path))
        .split('\n')
        .map((text, i) => ({ at: `${path}:${i + 1}`, path, text })),
    );
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
