import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transpile } from './transpile.mjs';

export async function resolve(specifier, context, next) {
  const isOurs = context.parentURL !== undefined && !context.parentURL.includes('/node_modules/');
  if (isOurs && specifier.startsWith('.') && specifier.endsWith('.js')) {
    const source = new URL(`${specifier.slice(0, -3)}.ts`, context.parentURL);
    if (existsSync(source)) return next(source.href, context);
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const path = fileURLToPath(url);
  return { format: 'module', shortCircuit: true, source: transpile(await readFile(path, 'utf8'), path) };
}
