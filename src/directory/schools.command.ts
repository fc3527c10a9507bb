import type { Command } from 'commander';
import { systemActor } from '../common/actor.js';
import {
  CommandFailed,
  WrongUse,
  type CliContext,
  type CommandRegistration,
} from '../common/command-line.js';
import { chainWords } from './domain/successor-chain.js';
import { explained, importFile, progressLine } from './import/import-file.js';
import { ImportSettings, TooManyClosures, type SettingsReport } from './import-settings.service.js';
import { RegisterReading, type RegisterEntry } from './register-reading.service.js';
import { closingLines, settingLines } from './register-report.js';

interface Options {
  links?: string;
  allowClosures?: boolean;
  register: string;
}

const REGISTERS = ['gias', 'ofsted', 'wales'] as const;

/** `firstbell schools import|show`: the register of schools, as often as it is published. */
export const schoolsCommands: CommandRegistration = (program, context) => {
  const schools = program.command('schools').description('the register of schools');
  importCommand(schools, context);
  showCommand(schools, context);
};

function importCommand(schools: Command, context: CliContext): void {
  schools
    .command('import')
    .description('bring the settings up to date with a register file (edubasealldata.csv of GIAS)')
    .argument('<gias.csv>')
    .option('--links <links.csv>', 'also the links between closed schools and their successors')
    .option('--allow-closures', 'accept that the file closes more than 5 % of the open settings in it')
    .option('--register <register>', `what the file is: ${REGISTERS.join(', ')}`, 'gias')
    .action(async (path: string, options: Options) => {
      const register = REGISTERS.find((one) => one === options.register);
      if (!register) throw new WrongUse(`--register is one of ${REGISTERS.join(', ')}.`);
      if (options.links !== undefined && register !== 'gias')
        throw new WrongUse('--links belongs to the register gias.');
      const source = await importFile(path);
      const links = options.links === undefined ? null : await importFile(options.links);
      const how = {
        allowClosures: options.allowClosures === true,
        progress: progressLine('schools import'),
      };
      const report = await context.withApplication((app) => {
        const settings = app.get(ImportSettings, { strict: false });
        const run = {
          gias: () => settings.fromGias(source, { ...how, links }),
          ofsted: () => settings.fromOfsted(source, how),
          wales: () => settings.fromWales(source, how),
        }[register];
        return explained(() => withClosuresExplained(run));
      });
      context.print(report, settingLines(report));
    });
}

async function withClosuresExplained(work: () => Promise<SettingsReport>): Promise<SettingsReport> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TooManyClosures)) throw error;
    const { code, closing, openInFile } = error;
    throw new CommandFailed(closingLines(error).join('\n'), { code, closing, openInFile });
  }
}

function showCommand(schools: Command, context: CliContext): void {
  schools
    .command('show')
    .description('what the register knows of a setting, and what followed it')
    .argument('<urn>')
    .action(async (urn: string) => {
      const entry = await context.withApplication((app) =>
        explained(() =>
          app.get(RegisterReading, { strict: false }).read(systemActor('command:schools'), urn.toUpperCase()),
        ),
      );
      context.print(entry, entryLines(entry));
    });
}

function entryLines({ facts, changes, chain, predecessors }: RegisterEntry): string[] {
  const address = [facts.street, facts.locality, facts.town, facts.county, facts.postcode];
  return [
    `${facts.urn} ${facts.name} (${facts.status}${facts.routable ? '' : ', never receives notices'})`,
    `  authority ${facts.authorityCode} ${facts.authorityName}${facts.served ? '' : ' (not served here)'}`,
    ...(facts.trustCode ? [`  trust ${facts.trustCode} ${facts.trustName ?? ''}`] : []),
    `  ${[facts.typeName, facts.phaseName, facts.laestab && `LAESTAB ${facts.laestab}`].filter(Boolean).join(', ')}`,
    `  ${address.filter(Boolean).join(', ')}`,
    ...(facts.telephone ? [`  telephone ${facts.telephone}`] : []),
    `  bell ${facts.bell}, end of day ${facts.homeTime}`,
    `  opened ${facts.openedOn ?? 'not known'}, closed ${facts.closedOn ?? 'no'}`,
    ...changes.map(
      ({ at, what, was, became }) => `  ${at.toISOString().slice(0, 10)} ${what}: ${was} -> ${became}`,
    ),
    ...predecessors.map(({ urn, name, linkType }) => `  follows ${urn} ${name ?? ''} (${linkType})`),
    ...chain.steps.map(
      ({ step, from, urn, name, status, linkType, establishedOn, seenBefore }) =>
        `  ${'  '.repeat(step - 1)}${from} -> ${urn} ${name ?? 'not in the register'} ` +
        `(${[status, linkType, establishedOn ?? 'date not given', seenBefore ? 'seen before' : null].filter(Boolean).join(', ')})`,
    ),
    `  ${chainWords(chain)}`,
  ];
}
