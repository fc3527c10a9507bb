import { normalisePostcode, type RegisterSetting, type SettingStatus } from '../domain/setting.js';
import { BadCell, readRow, shown } from './cells.js';
import { tableRows } from './csv-table.js';
import { type ByteSource, type ImportLine } from './import-line.js';

const NEEDED = ['School number', 'School name', 'Authority code'] as const;
const OPTIONAL = [
  'URN',
  'Authority name',
  'Status',
  'Sector',
  'Address 1',
  'Address 2',
  'Town',
  'Postcode',
  'Telephone',
  'Lowest age',
  'Highest age',
] as const;

type Cells = Record<(typeof NEEDED)[number] | (typeof OPTIONAL)[number], string>;

/** GIAS "Welsh establishment". */
const WELSH_TYPE = '30';

/**
 * Streams a plain list of schools in Wales, for what GIAS leaves out. "School number" is the seven digits of authority and
 * school (660 2130). `urnOf` gives the URN under which a number is known already; a school without one is kept as "W" and its number.
 */
export async function* readWales(
  source: ByteSource,
  urnOf: (laestab: string) => string | undefined,
): AsyncGenerator<ImportLine<RegisterSetting>> {
  for await (const row of tableRows(source, { needed: NEEDED, optional: OPTIONAL, everyCell: false })) {
    if ('problem' in row) yield row;
    else yield readRow(row.line, () => schoolFrom(row.cells, urnOf));
  }
}

function schoolFrom(cells: Cells, urnOf: (laestab: string) => string | undefined): RegisterSetting {
  const number = cells['School number'].replace(/[\s/-]/g, '');
  if (!/^\d{7}$/.test(number))
    throw new BadCell(`"School number" is not a number of seven digits: ${shown(cells['School number'])}.`);
  const authorityCode = cells['Authority code'];
  if (!/^\d{3}$/.test(authorityCode))
    throw new BadCell(`"Authority code" is not a code of three digits: ${shown(authorityCode)}.`);
  if (!number.startsWith(authorityCode))
    throw new BadCell(`School number ${number} does not belong to authority ${authorityCode}.`);
  if (cells['School name'] === '') throw new BadCell('"School name" is empty.');
  if (cells.URN !== '' && !/^\d{5,7}$/.test(cells.URN))
    throw new BadCell(`"URN" is not a number of six digits: ${shown(cells.URN)}.`);
  return {
    urn: cells.URN || (urnOf(number) ?? `W${number}`),
    kind: 'school',
    name: cells['School name'],
    status: statusOf(cells.Status),
    authorityCode,
    authorityName: cells['Authority name'] || `Authority ${authorityCode}`,
    laestab: number,
    ukprn: null,
    typeCode: WELSH_TYPE,
    typeName: cells.Sector || 'Welsh establishment',
    phaseCode: '',
    phaseName: cells.Sector,
    routable: true,
    nation: 'wales',
    gssCode: null,
    openedOn: null,
    closedOn: null,
    lowAge: age('Lowest age', cells['Lowest age']),
    highAge: age('Highest age', cells['Highest age']),
    street: cells['Address 1'],
    locality: cells['Address 2'],
    town: cells.Town,
    county: '',
    postcode: normalisePostcode(cells.Postcode),
    telephone: cells.Telephone,
    website: '',
    headName: '',
    trustCode: null,
    trustName: null,
  };
}

/** The list has open schools only unless it says otherwise. */
function statusOf(text: string): SettingStatus {
  if (text === '' || /^open/i.test(text)) return 'open';
  if (/^closed/i.test(text)) return 'closed';
  if (/^proposed to open/i.test(text)) return 'proposed-to-open';
  throw new BadCell(`"Status" is not open or closed: ${shown(text)}.`);
}

function age(column: string, text: string): number | null {
  if (text === '') return null;
  if (!/^\d{1,2}$/.test(text)) throw new BadCell(`"${column}" is not an age in years: ${shown(text)}.`);
  return Number(text);
}
