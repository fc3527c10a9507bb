// node --import ./test/support/typescript/register.mjs test/bench/corpus/main.ts [seed ...]: the corpus alone, at the standard
// threshold only.
import { measureCorpus, printedCorpus } from './measure.js';

const seeds = process.argv.slice(2).map(Number).filter(Number.isFinite);
console.log(printedCorpus(measureCorpus(seeds.length > 0 ? seeds : undefined, undefined, [0.9])));
