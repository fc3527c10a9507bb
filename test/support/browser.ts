import { describe } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';
import { testFact } from './run/facts.js';

/** Starts Debian's chromium without a window. @throws Error where the machine has none */
export async function startBrowser(): Promise<Browser> {
  const executablePath = testFact('BROWSER');
  if (executablePath === null) throw new Error('This machine has no chromium');
  // As root, as in most containers, chromium refuses its sandbox; it only ever sees pages of 127.0.0.1.
  const args = ['--disable-dev-shm-usage', '--no-sandbox'];
  return chromium.launch({ executablePath, args, headless: true });
}

/** A suite that needs a real browser; without one it is skipped, and the run says so. */
export function describeInBrowser(name: string, suite: () => void): void {
  (testFact('BROWSER') === null ? describe.skip : describe)(name, suite);
}
