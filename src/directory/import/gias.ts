import {
  NEVER_ROUTED_TYPES,
  normalisePostcode,
  type Nation,
  type RegisterSetting,
  type SettingStatus,
} from '../domain/setting.js';
import { BadCell, dateCell, nullWhenEmpty, readRow, shown } from './cells.js';
import { tableRows } from './csv-table.js';
import { type ByteSource, type ImportLine } from './import-line.js';

/** Column names exactly as in DfE's edubasealldata download (Get Information About Schools). */
const NEEDED = [
  'URN',
  'LA (code)',
  'EstablishmentName',
  'EstablishmentStatus (code)',
  'TypeOfEstablishment (code)',
] as const;

const OPTIONAL = [
  'LA (name)',
  'EstablishmentNumber',
  'TypeOfEstablishment (name)',
  'OpenDate',
  'CloseDate',
  'PhaseOfEducation (code)',
  'PhaseOfEducation (name)',
  'StatutoryLowAge',
  'StatutoryHighAge',
  'UKPRN',
  'Street',
  'Locality',
  'Address3',
  'Town',
  'County (name)',
  'Postcode',
  'SchoolWebsite',
  'TelephoneNum',
  'HeadTitle (name)',
  'HeadFirstName',
  'HeadLastName',
  'Trusts (code)',
  'Trusts (name)',
  'GSSLACode (name)',
  'Country (name)',
  'Easting',
  'Northing',
] as const;

type Cells = Record<(typeof NEEDED)[number] | (typeof OPTIONAL)[number], string>;

const STATUSES: Readonly<Record<string, SettingStatus>> = {
  '1': 'open',
  '2': 'closed',
  '3': 'proposed-to-close',
  '4': 'proposed-to-open',
};

/**
 * Streams the schools register. Windows-1252 or UTF-8, CRLF or LF, columns in any order; unknown columns are
 * ignored. Yields every line in file order; throws FileRefused when a needed column is missing.
 */
export async function* readGias(source: ByteSource): AsyncGenerator<ImportLine<RegisterSetting>> {
  const lineOfUrn = new Map<string, number>();
  for await (const row of tableRows(source, { needed: NEEDED, optional: OPTIONAL, everyCell: true })) {
    if ('problem' in row) {
      yield row;
      continue;
    }
    yield readRow(row.line, () => {
      const setting = settingFrom(row.cells);
      const earlier = lineOfUrn.get(setting.urn);
      if (earlier !== undefined) throw new BadCell(`URN ${setting.urn} already stands on line ${earlier}.`);
      lineOfUrn.set(setting.urn, row.line);
      return setting;
    });
  }
}

function settingFrom(cells: Cells): RegisterSetting {
  const urn = cells.URN;
  if (!/^\d{5,7}$/.test(urn)) throw new BadCell(`"URN" is not a number of six digits: ${shown(urn)}.`);
  const authorityCode = cells['LA (code)'].padStart(3, '0');
  if (!/^\d{3}$/.test(authorityCode)) {
    throw new BadCell(`"LA (code)" is not a code of three digits: ${shown(cells['LA (code)'])}.`);
  }
  if (cells.EstablishmentName === '') throw new BadCell('"EstablishmentName" is empty.');
  const status = STATUSES[cells['EstablishmentStatus (code)']];
  if (!status) {
    throw new BadCell(
      `"EstablishmentStatus (code)" is not 1 to 4: ${shown(cells['EstablishmentStatus (code)'])}.`,
    );
  }
  const typeCode = cells['TypeOfEstablishment (code)'];
  if (!/^\d{1,3}$/.test(typeCode))
    throw new BadCell(`"TypeOfEstablishment (code)" is not a code: ${shown(typeCode)}.`);
  const gssCode = /[EW]\d{8}/.exec(cells['GSSLACode (name)'])?.[0] ?? null;
  return {
    urn,
    kind: 'school',
    name: cells.EstablishmentName,
    status,
    authorityCode,
    authorityName: cells['LA (name)'] || `Authority ${authorityCode}`,
    laestab: /^\d{1,4}$/.test(cells.EstablishmentNumber)
      ? authorityCode + cells.EstablishmentNumber.padStart(4, '0')
      : null,
    ukprn: nullWhenEmpty(cells.UKPRN),
    typeCode,
    typeName: cells['TypeOfEstablishment (name)'],
    phaseCode: cells['PhaseOfEducation (code)'],
    phaseName: cells['PhaseOfEducation (name)'],
    routable: !NEVER_ROUTED_TYPES.has(typeCode),
    nation: nationOf(gssCode, cells['Country (name)'], typeCode),
    gssCode,
    openedOn: dateCell('OpenDate', cells.OpenDate),
    closedOn: dateCell('CloseDate', cells.CloseDate),
    lowAge: age('StatutoryLowAge', cells.StatutoryLowAge),
    highAge: age('StatutoryHighAge', cells.StatutoryHighAge),
    street: cells.Street,
    locality: cells.Locality || cells.Address3,
    town: cells.Town,
    county: cells['County (name)'],
    postcode: normalisePostcode(cells.Postcode),
    ...gridReference(cells.Easting, cells.Northing),
    telephone: cells.TelephoneNum,
    website: cells.SchoolWebsite,
    headName: [cells['HeadTitle (name)'], cells.HeadFirstName, cells.HeadLastName].filter(Boolean).join(' '),
    trustCode: nullWhenEmpty(cells['Trusts (code)']),
    trustName: nullWhenEmpty(cells['Trusts (name)']),
  };
}

/** Metres on the Ordnance Survey grid; the register has zeros or nothing where the place is not known. */
function gridReference(
  easting: string,
  northing: string,
): { easting: number | null; northing: number | null } {
  const known = /^[1-9]\d{0,6}$/;
  if (!known.test(easting) || !known.test(northing)) return { easting: null, northing: null };
  return { easting: Number(easting), northing: Number(northing) };
}

// The GSS code is the reliable one: "Country (name)" is part of the postal address and often blank.
function nationOf(gssCode: string | null, country: string, typeCode: string): Nation {
  if (gssCode) return gssCode.startsWith('W') ? 'wales' : 'england';
  return /wales|cymru/i.test(country) || typeCode === '30' ? 'wales' : 'england';
}

function age(column: string, text: string): number | null {
  if (text === '') return null;
  if (!/^\d{1,2}$/.test(text)) throw new BadCell(`"${column}" is not an age in years: ${shown(text)}.`);
  return Number(text);
}
