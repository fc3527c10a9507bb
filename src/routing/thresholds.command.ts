import { CommandFailed, type CommandRegistration } from '../common/command-line.js';
import { DomainError } from '../common/errors.js';
import { RoutingPolicies, type RoutingChoices } from './routing-policy.service.js';

/** `firstbell thresholds`: how certain routing must be in one authority before it sends without a person. */
export const thresholdsCommand: CommandRegistration = (program, context) => {
  program
    .command('thresholds')
    .description('show or change how certain routing must be before it sends without a person')
    .requiredOption('--authority <code>', 'whose children')
    .option(
      '--automatic <score>',
      'a school named in words is told by itself from this score (0.85 to 1.01; standard 0.9)',
      Number,
    )
    .option('--margin <score>', 'and when it is so far ahead of the next (0.1 to 1; standard 0.15)', Number)
    .option(
      '--school-age <years>',
      'younger children without a school belong to the early-years desk (2 to 6; standard 4)',
      Number,
    )
    .option(
      '--number-contradicted-by-name <send|desk>',
      'where the stated name belongs to another school than the stated number: "send" to the number’s (standard), or leave it to the "desk"',
    )
    .action(async ({ authority, ...change }: { authority: string } & Partial<RoutingChoices>) => {
      const report = await context.withApplication(async (app) => {
        try {
          return await app.get(RoutingPolicies, { strict: false }).thresholds(authority, change);
        } catch (error) {
          if (error instanceof DomainError) throw new CommandFailed(error.message, { code: error.code });
          throw error;
        }
      });
      const { thresholds, before } = report;
      const line = (name: keyof RoutingChoices, words: string): string =>
        `${words}: ${thresholds[name]}${before[name] === thresholds[name] ? '' : ` (was ${before[name]})`}`;
      context.print(report, [
        `Authority ${authority}`,
        `  ${line('automatic', 'score needed to go by itself')}`,
        `  ${line('margin', 'and ahead of the next by')}`,
        `  ${line('schoolAge', 'school age')}`,
        `  ${line('numberContradictedByName', 'a number that the stated name contradicts')}`,
      ]);
    });
};
