import { normalisePostcode, type RegisterSetting, type SettingStatus } from '../domain/setting.js';
import { BadCell, readRow, shown } from './cells.js';
import { tableRows } from './csv-table.js';
import { type ByteSource, type ImportLine } from './import-line.js';

const WITHHELD = 'A childminder whose name Ofsted withholds; add it by hand if needed.';

/**
 * Streams Ofsted's register of childcare providers: title lines above the header, letter case changing between
 * releases, childminders' names REDACTED. `authorityCodeOf` turns the authority's name (all the file has) into its
 * code, undefined when the installation does not know it.
 */
export async function* readOfsted(
  source: ByteSource,
  authorityCodeOf: (name: string) => string | undefined,
): AsyncGenerator<ImportLine<RegisterSetting>> {
  const layout = {
    needed: ['Provider URN', 'Provider name', 'Provider status', 'Local authority'],
    optional: ['Provider type', 'Provider subtype', 'Address line 1', 'Town', 'Postcode', 'Telephone number'],
    everyCell: false,
  } as const;
  for await (const row of tableRows(source, layout)) {
    if ('problem' in row) yield row;
    else if (/^redacted$/i.test(row.cells['Provider name']))
      yield { line: row.line, problem: WITHHELD, withheld: true };
    else yield readRow(row.line, () => providerFrom(row.cells, authorityCodeOf));
  }
}

type Column =
  | 'Provider URN'
  | 'Provider name'
  | 'Provider status'
  | 'Local authority'
  | 'Provider type'
  | 'Address line 1'
  | 'Town'
  | 'Postcode'
  | 'Telephone number';

function providerFrom(
  cells: Record<Column, string>,
  authorityCodeOf: (name: string) => string | undefined,
): RegisterSetting {
  const urn = cells['Provider URN'].toUpperCase();
  if (!/^(EY|RP|VC)?\d{5,12}$/.test(urn))
    throw new BadCell(`"Provider URN" is not a provider's number: ${shown(urn)}.`);
  if (cells['Provider name'] === '') throw new BadCell('"Provider name" is empty.');
  const authorityCode = authorityCodeOf(cells['Local authority']);
  if (!authorityCode)
    throw new BadCell(
      `"Local authority" is not one of this installation: ${shown(cells['Local authority'])}.`,
    );
  return {
    urn,
    kind: 'early-years',
    name: cells['Provider name'],
    status: statusOf(cells['Provider status']),
    authorityCode,
    authorityName: cells['Local authority'],
    laestab: null,
    ukprn: null,
    typeCode: 'EY',
    typeName: cells['Provider type'] || 'Childcare provider',
    phaseCode: '1',
    phaseName: 'Nursery',
    routable: true,
    nation: 'england',
    gssCode: null,
    openedOn: null,
    closedOn: null,
    lowAge: 0,
    highAge: 5,
    street: cells['Address line 1'],
    locality: '',
    town: cells.Town,
    county: '',
    postcode: normalisePostcode(cells.Postcode),
    telephone: cells['Telephone number'],
    website: '',
    headName: '',
    trustCode: null,
    trustName: null,
  };
}

function statusOf(text: string): SettingStatus {
  if (/^active$/i.test(text)) return 'open';
  if (/^(inactive|suspended|resigned|cancelled|closed)/i.test(text)) return 'closed';
  throw new BadCell(`"Provider status" is not known: ${shown(text)}.`);
}
