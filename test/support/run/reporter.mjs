// Counts what ran. Jest's own lines go to standard error as usual; the run's closing line is made from this.
import { writeFileSync } from 'node:fs';

export default class CountingReporter {
  constructor(_globalConfig, options) {
    this.file = options.file;
  }

  onRunComplete(_contexts, results) {
    const skippedSuites = results.testResults
      .map(({ testFilePath, testResults }) => ({
        path: testFilePath,
        names: testResults
          .filter(({ status }) => status === 'pending' || status === 'todo')
          .map((t) => t.fullName),
      }))
      .filter(({ names }) => names.length > 0);
    const summary = {
      passed: results.numPassedTests,
      // A suite that could not be loaded ran none of its tests: that is one failure, not none.
      failed: results.numFailedTests + results.testResults.filter((suite) => suite.testExecError).length,
      skipped: results.numPendingTests + results.numTodoTests,
      skippedSuites,
    };
    writeFileSync(this.file, JSON.stringify(summary));
  }
}
