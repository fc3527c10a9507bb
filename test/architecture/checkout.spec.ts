import { describe, expect, it } from '@jest/globals';
import { linesOf, trackedFiles } from './tracked-files.js';

// Written in pieces, so that this file does not find itself.
const MACHINE_PATH = new RegExp(`(^|[^\\w./-])/(${['work', 'home', 'root', 'Users'].join('|')})/[A-Za-z]`);
const REGISTRY = new RegExp(
  ['registry\\.npm', 'js\\.org|"resol', 'ved": "http|registry\\.yarn', 'pkg'].join(''),
);
const MAIL = /[\w.%+-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}\b/g;
const URL_HOST = /\bhttps?:\/\/([^/\s"'`,:)<>]+)/g;

const INVENTED_HOST = /(^|\.)(example|invalid|test|localhost)$|(^|\.)example\.(org|net|com)$|^127\.0\.0\.1$/i;
/** Published sources of reference data, named where the data is explained. */
const PUBLISHED = /(^|\.)(gov\.uk|w3\.org|ons\.gov\.uk)$/;

const isCode = (path: string): boolean => /^(src|test|config)\//.test(path);
const isDemonstration = (path: string): boolean => /^config\/demonstration\/.*\.(csv|json)$/.test(path);

function matchesIn(
  pattern: RegExp,
  wanted: (path: string) => boolean,
): { at: string; found: RegExpMatchArray }[] {
  return linesOf(wanted).flatMap(({ at, text }) =>
    [...text.matchAll(pattern)].map((found) => ({ at, found })),
  );
}

describe('what is checked in', () => {
  it('names no path of the machine it was written on', () => {
    const lines = linesOf((path) => path !== 'package-lock.json').filter(({ text }) =>
      MACHINE_PATH.test(text),
    );
    expect(lines.map(({ at, text }) => `${at}: ${text.trim().slice(0, 120)}`)).toEqual([]);
  });

  it('names no registry: the lock file installs from whichever registry npm uses', () => {
    const lines = linesOf(() => true).filter(({ text }) => REGISTRY.test(text));
    expect(lines.map(({ at }) => at)).toEqual([]);
    expect(trackedFiles()).toContain('package-lock.json');
  });

  it('writes to invented people only', () => {
    const mails = matchesIn(MAIL, isCode).filter(
      ({ found }) => !INVENTED_HOST.test(found[0].split('@')[1] ?? ''),
    );
    expect(mails.map(({ at, found }) => `${at}: ${found[0]}`)).toEqual([]);
  });

  it('points demonstration data at invented or published addresses only', () => {
    const links = matchesIn(URL_HOST, isDemonstration).filter(({ found }) => {
      const host = found[1] ?? '';
      return !INVENTED_HOST.test(host) && !PUBLISHED.test(host);
    });
    expect(links.map(({ at, found }) => `${at}: ${found[0]}`)).toEqual([]);
  });

  it.each([
    ['see /wo' + 'rk/main/src', MACHINE_PATH, true],
    ["'/ho" + "me/someone/file'", MACHINE_PATH, true],
    ['src/work/order.ts', MACHINE_PATH, false],
    ['"resolved": "ht' + 'tps://mirror.example/x.tgz"', REGISTRY, true],
    ['"resolved": "x.tgz"', REGISTRY, false],
  ])('would be found: %s', (text, pattern, found) => {
    expect(pattern.test(text)).toBe(found);
  });
});
