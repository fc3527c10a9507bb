/** The start stops here: what is wrong and how to mend it, for the person at the terminal. No stack trace helps. */
export class StartRefused extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'StartRefused';
  }
}

/** As printed on standard error. Holds no secret: problems name variables, never the values of URLs. */
export function describeProblems(problems: readonly string[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const list = problems.map((problem) => `  - ${problem.replaceAll('\n', '\n    ')}`);
  return [`Firstbell does not start: ${count}.`, ...list, ''].join('\n');
}
