// `npm run demo [-- --keep]`: builds when needed, then plays the story in this same process, so that Ctrl-C reaches it directly.
import { build } from './build.mjs';

build({ ifStale: true });
await import('../../dist/src/demo.js');
