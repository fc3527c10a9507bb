// Draws the import graph and holds it against config/dependency-cruiser.cjs.
//   node test/architecture/import-graph.mjs [folder with src/, config/, test/]   prints JSON {files, imports, wrong}
// By the library: its command refuses Node 20, which runs it as well.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { forbidden, options } = createRequire(import.meta.url)(join(root, 'config', 'dependency-cruiser.cjs'));

/** Names of the rules. */
export const rules = forbidden.map(({ name }) => name);

/** @returns {Promise<{files: number, imports: number, wrong: {rule: string, from: string, to: string, why: string}[]}>} */
export async function drawImportGraph(folder = root) {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const folders = ['src', 'config', 'test'].filter((name) => existsSync(name));
    const tsConfigFile = join(root, 'tsconfig.json');
    const tsConfig = extractTSConfig(tsConfigFile);
    const ruleSet = {
      ...options,
      tsConfig: { fileName: tsConfigFile },
      ruleSet: { forbidden },
      validate: true,
    };
    const { output } = await cruise(folders, ruleSet, undefined, { tsConfig });
    const { violations, totalCruised, totalDependenciesCruised } = output.summary;
    const comment = new Map(forbidden.map((rule) => [rule.name, rule.comment ?? '']));
    const wrong = violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from,
      to,
      why: comment.get(rule.name) ?? '',
    }));
    return { files: totalCruised, imports: totalDependenciesCruised, wrong };
  } finally {
    process.chdir(before);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const graph = await drawImportGraph(resolve(process.argv[2] ?? root));
  process.stdout.write(JSON.stringify({ rules, ...graph }));
}
