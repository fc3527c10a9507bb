import { problemLines, section } from './import/import-file.js';
import type { LinksReport } from './import-links.service.js';
import type { SettingsReport, TooManyClosures } from './import-settings.service.js';

const named = (settings: readonly { urn: string; name: string }[]): string[] =>
  settings.map(({ urn, name }) => `${urn} ${name}`);

/** What an import of the register did, for a terminal. */
export function settingLines(report: SettingsReport): string[] {
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
    ...(report.withheld > 0 ? [`Withheld by the register itself (REDACTED): ${report.withheld}`] : []),
    ...problemLines(report.problems),
    ...linkLines(report.links),
  ];
}

function linkLines(links: LinksReport | undefined): string[] {
  if (!links) return [];
  return [
    `${links.read} links read, ${links.added} new or changed, ${links.removed} taken back`,
    ...problemLines(links.problems),
  ];
}

export function closingLines({ message, closing }: TooManyClosures): string[] {
  return [message, ...section('It would close', named(closing))];
}
