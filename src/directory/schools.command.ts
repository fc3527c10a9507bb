import { CommandFailed, type CommandRegistration } from '../common/command-line.js';
import { explained, importFile, problemLines, progressLine, section } from './import/import-file.js';
import { ImportLinks, type LinksReport } from './import-links.service.js';
import { ImportSettings, TooManyClosures, type SettingsReport } from './import-settings.service.js';

interface Options {
  links?: string;
  allowClosures?: boolean;
}

/** `firstbell schools import`: the register of schools, as often as it is published. */
export const schoolsCommands: CommandRegistration = (program, context) => {
  program
    .command('schools')
    .description('the register of schools')
    .command('import')
    .description('bring the settings up to date with a register file (edubasealldata.csv of GIAS)')
    .argument('<gias.csv>')
    .option('--links <links.csv>', 'also the links between closed schools and their successors')
    .option('--allow-closures', 'accept that the file closes more than 5 % of the open settings in it')
    .action(async (path: string, options: Options) => {
      const source = await importFile(path);
      const linksSource = options.links === undefined ? null : await importFile(options.links);
      const { report, links } = await context.withApplication((app) =>
        explained(async () => ({
          report: await withClosuresExplained(() =>
            app.get(ImportSettings, { strict: false }).fromGias(source, {
              allowClosures: options.allowClosures === true,
              progress: progressLine('schools import'),
            }),
          ),
          links: linksSource && (await app.get(ImportLinks, { strict: false }).fromGias(linksSource)),
        })),
      );
      context.print(links ? { ...report, links } : report, [...settingLines(report), ...linkLines(links)]);
    });
};

async function withClosuresExplained(work: () => Promise<SettingsReport>): Promise<SettingsReport> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TooManyClosures)) throw error;
    const { code, closing, openInFile } = error;
    throw new CommandFailed([error.message, ...section('It would close', named(closing))].join('\n'), {
      code,
      closing,
      openInFile,
    });
  }
}

const named = (settings: readonly { urn: string; name: string }[]): string[] =>
  settings.map(({ urn, name }) => `${urn} ${name}`);

function settingLines(report: SettingsReport): string[] {
  return [
    `${report.read} settings read, ${report.added} of them new`,
    ...section(
      'Authorities created',
      report.authoritiesCreated.map(({ code, name }) => `${code} ${name} (served as soon as it has a desk)`),
    ),
    ...section('Opened', named(report.opened)),
    ...section('Closed', named(report.closed)),
    ...section(
      'Renamed',
      report.renamed.map(({ urn, from, to }) => `${urn} ${from} -> ${to}`),
    ),
    ...section(
      'Moved to another authority',
      report.movedAuthority.map(({ urn, name, from, to }) => `${urn} ${name}: ${from} -> ${to}`),
    ),
    ...section('Left open, though "proposed to open" in the file', named(report.leftOpen)),
    ...section(
      'Not in the file, left as they are',
      report.absent.map(({ urn, name, status }) => `${urn} ${name} (${status})`),
    ),
    ...problemLines(report.problems),
  ];
}

function linkLines(links: LinksReport | null): string[] {
  if (!links) return [];
  return [
    `${links.read} links read, ${links.added} new or changed, ${links.removed} taken back`,
    ...problemLines(links.problems),
  ];
}
