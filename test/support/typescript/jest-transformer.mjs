import { createHash } from 'node:crypto';
import { compilerOptions, compilerVersion, transpile } from './transpile.mjs';

const constantPart = JSON.stringify([compilerOptions, compilerVersion, process.version]);

export default {
  getCacheKey: (source, path) =>
    createHash('sha256').update([constantPart, path, source].join('\0')).digest('hex'),
  process: (source, path) => ({ code: transpile(source, path) }),
};
