// npm test [-- paths or Jest options]: starts one real PostgreSQL (and Redis where there is one), runs the suites against
// it, stops it. The last line is `N passed, N failed`. `--serve` instead keeps the services up for many later runs.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const support = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'test', 'support');
await import(pathToFileURL(join(support, 'typescript', 'register.mjs')).href);
const { main } = await import(pathToFileURL(join(support, 'run', 'main.ts')).href);
await main(process.argv.slice(2));
