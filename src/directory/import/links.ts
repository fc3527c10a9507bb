import { type SettingLink } from '../domain/setting.js';
import { BadCell, dateCell, readRow, shown } from './cells.js';
import { tableRows } from './csv-table.js';
import { type ByteSource, type ImportLine } from './import-line.js';

/** Streams GIAS's links file ("URN","LinkURN","LinkName","LinkType","LinkEstablishedDate"). Throws FileRefused. */
export async function* readLinks(source: ByteSource): AsyncGenerator<ImportLine<SettingLink>> {
  const layout = {
    needed: ['URN', 'LinkURN', 'LinkType'],
    optional: ['LinkName', 'LinkEstablishedDate'],
    everyCell: true,
  } as const;
  for await (const row of tableRows(source, layout)) {
    if ('problem' in row) yield row;
    else yield readRow(row.line, () => linkFrom(row.cells));
  }
}

function linkFrom(
  cells: Record<'URN' | 'LinkURN' | 'LinkType' | 'LinkEstablishedDate', string>,
): SettingLink {
  for (const column of ['URN', 'LinkURN'] as const) {
    if (!/^\d{5,7}$/.test(cells[column])) {
      throw new BadCell(`"${column}" is not a number of six digits: ${shown(cells[column])}.`);
    }
  }
  if (cells.URN === cells.LinkURN) throw new BadCell(`URN ${cells.URN} is linked to itself.`);
  return {
    urn: cells.URN,
    linkedUrn: cells.LinkURN,
    kind: kindOf(cells.LinkType),
    linkType: cells.LinkType,
    establishedOn: dateCell('LinkEstablishedDate', cells.LinkEstablishedDate),
  };
}

/**
 * Successor, Successor - merged, - amalgamated, - Split School; the same four for Predecessor. "Result of
 * Amalgamation" stands on the new school and names an old one. The rest (sixth form centres, changes of age
 * range) does not say that one school follows another.
 */
function kindOf(linkType: string): SettingLink['kind'] {
  if (/^successor/i.test(linkType)) return 'successor';
  if (/^(predecessor|result of amalgamation)/i.test(linkType)) return 'predecessor';
  return 'other';
}
