import { systemActor } from '../common/actor.js';
import { CommandFailed, type CommandRegistration } from '../common/command-line.js';
import { NotFound } from '../common/errors.js';
import { Database } from '../database/database.js';
import { Coverage, type CoverageReport } from './coverage.service.js';
import { gapWords } from './domain/consequences.js';
import { FINDING_KINDS, FINDING_WORDS } from './domain/coverage-findings.js';

/** `firstbell coverage`: settings of an authority with nobody, before it matters. */
export const coverageCommand: CommandRegistration = (program, context) => {
  program
    .command('coverage')
    .description('who could not be told in the next 7 days: settings and desks of an authority')
    .requiredOption('--authority <code>', 'code of the authority, three digits')
    .action(async ({ authority }: { authority: string }) => {
      const report = await context.withApplication(async (app) => {
        const database = app.get(Database, { strict: false });
        const coverage = app.get(Coverage, { strict: false });
        return database
          .transaction(systemActor('coverage-command'), (tx) => coverage.ofAuthority(tx, authority))
          .catch(unknownAuthority);
      });
      context.print(toJson(report), lines(report));
    });
};

function unknownAuthority(error: unknown): never {
  if (error instanceof NotFound)
    throw new CommandFailed('There is no such authority: import its schools first.');
  throw error;
}

function toJson({ authority, at, settings, counts, desks }: CoverageReport): object {
  return {
    authority: authority.code,
    at,
    settings: settings.length,
    counts,
    findings: settings.flatMap(({ urn, name, findings }) =>
      findings.map(({ kind, words, from, to, names }) => ({
        urn,
        name,
        kind,
        words,
        from,
        to,
        people: names,
      })),
    ),
    desks: desks.map(({ kind, id, contacts, reachable }) => ({
      kind,
      there: id !== null,
      contacts,
      reachable,
    })),
  };
}

function lines({ authority, settings, counts, desks, at }: CoverageReport): string[] {
  const found = FINDING_KINDS.flatMap((kind) => {
    const there = settings.filter(({ findings }) => findings.some((finding) => finding.kind === kind));
    if (there.length === 0) return [];
    return [
      `${FINDING_WORDS[kind]}: ${counts[kind]}`,
      ...there.flatMap(({ urn, name, findings }) =>
        findings
          .filter((finding) => finding.kind === kind)
          .map(({ words, from, to, names }) => {
            const what = from && to ? gapWords({ from, to, why: words }, at) : `${words}.`;
            return `  ${urn} ${name}: ${what}${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
          }),
      ),
    ];
  });
  return [
    `${authority.name} (${authority.code}): ${settings.length} open settings`,
    ...desks.map(({ kind, id, contacts, reachable }) =>
      id === null
        ? `  ${kind} desk: not set up`
        : `  ${kind} desk: ${reachable} of ${contacts} can be reached`,
    ),
    ...(found.length > 0 ? found : ['Nothing is missing.']),
  ];
}
