import { readEnvironment } from '../../config/environment.js';
import { StartRefused } from '../../config/problems.js';
import { CommandFailed, type CommandRegistration } from '../common/command-line.js';
import { examine, type Finding } from './doctor.js';

/** `firstbell doctor`: everything that keeps this installation from its work, with how to mend it. */
export const doctorCommand: CommandRegistration = (program, context) => {
  program
    .command('doctor')
    .description('look at configuration, database, queue, mail and desks; exit 1 when something is wrong')
    .action(async () => {
      const findings = await configuration();
      if (findings.every((finding) => finding.ok)) {
        findings.push(...(await application(() => context.withApplication(examine))));
      }
      const lines = findings.map(({ check, ok, text }) => `${ok ? 'ok   ' : 'WRONG'}  ${check}: ${text}`);
      context.print({ ok: findings.every((finding) => finding.ok), findings }, lines);
      const wrong = findings.filter((finding) => !finding.ok).length;
      if (wrong > 0) throw new CommandFailed(`${wrong} of ${findings.length} checks found something wrong.`);
    });
};

async function configuration(): Promise<Finding[]> {
  try {
    const { DATABASE_URL: url } = readEnvironment(process.env);
    return [{ check: 'configuration', ok: true, text: url ? 'in order' : 'the embedded default' }];
  } catch (error) {
    return refusals('configuration', error);
  }
}

async function application(run: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await run();
  } catch (error) {
    return refusals('start', error);
  }
}

function refusals(check: string, error: unknown): Finding[] {
  if (!(error instanceof StartRefused)) throw error;
  return error.problems.map((text) => ({ check, ok: false, text }));
}
