// The one way TypeScript becomes JavaScript in tests: each file by itself, no type check (`npm run check` does that).
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);

/** What decides the output besides the source itself; part of every cache key. */
export const compilerOptions = {
  ...ts.convertCompilerOptionsFromJson(config.compilerOptions, root).options,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  incremental: false,
  sourceMap: false,
  inlineSourceMap: true,
  inlineSources: true,
};
export const compilerVersion = ts.version;

/** @throws SyntaxError naming file and line: TypeScript itself would emit something that fails in a stranger place */
export function transpile(source, fileName) {
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    fileName,
    compilerOptions,
    reportDiagnostics: true,
  });
  const errors = diagnostics.filter((diagnostic) => diagnostic.category === ts.DiagnosticCategory.Error);
  if (errors.length > 0) {
    const host = {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    };
    throw new SyntaxError(ts.formatDiagnostics(errors, host));
  }
  return outputText;
}
