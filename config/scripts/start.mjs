// `npm start`: builds when needed, then becomes Firstbell in this same process, so that signals reach it directly.
// (npm runs no prestart script where ignore-scripts is set, and `a && b` would leave a shell in between.)
import { build } from './build.mjs';
import { noteNpm } from './stop-with-npm.mjs';

const stopWithNpm = noteNpm();
build({ ifStale: true });
await import('../../dist/src/main.js');
stopWithNpm();
