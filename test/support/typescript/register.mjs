// `node --import ./test/support/typescript/register.mjs some-tool.mjs`: the tool may import our .ts sources.
import { register } from 'node:module';

register('./loader.mjs', import.meta.url);
