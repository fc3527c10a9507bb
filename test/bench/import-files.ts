import { createWriteStream, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * Register files as large as the country's, of invented schools: `node --import ./test/support/typescript/register.mjs
 * test/bench/import-files.ts <folder> [rows] [links]`. Windows-1252, CRLF, 140 columns, quoted commas and line breaks.
 */
const USED = [
  'URN',
  'LA (code)',
  'LA (name)',
  'EstablishmentNumber',
  'EstablishmentName',
  'TypeOfEstablishment (code)',
  'TypeOfEstablishment (name)',
  'EstablishmentStatus (code)',
  'EstablishmentStatus (name)',
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
  'Trusts (code)',
  'Trusts (name)',
  'GSSLACode (name)',
  'Country (name)',
];
const UNKNOWN = Array.from({ length: 112 }, (_, i) => `Column nobody needs ${i + 1}`);
const SAINTS = [
  'St Bede’s',
  'St Chloë’s',
  'Larkspur',
  'Hillside',
  'Ysgol Bryn Môr',
  'Oak, Ash and Elm',
  'Riverside',
];
const KINDS = [
  'Primary School',
  'C of E Infant School',
  'Academy',
  'Junior School',
  'High School',
  'Nursery',
];

const LATIN: Record<string, number> = { '’': 0x92, ë: 0xeb, ô: 0xf4 };
const windows1252 = (text: string): Buffer =>
  Buffer.from([...text].map((c) => LATIN[c] ?? c.codePointAt(0) ?? 63));
const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function school(index: number): string[] {
  const urn = 930_000 + index;
  const closed = index % 2 === 1;
  const la = String(800 + (index % 153)).padStart(3, '0');
  const name = `${SAINTS[index % 7]} ${KINDS[index % 6]} ${index}`;
  return [
    String(urn),
    la,
    `Invented Authority ${la}`,
    String(1000 + (index % 9000)),
    name,
    '1',
    'Community school',
    closed ? '2' : '1',
    closed ? 'Closed' : 'Open',
    '01-09-1974',
    closed ? '31-08-2019' : '',
    '2',
    'Primary',
    '4',
    '11',
    '',
    index % 50 === 0 ? 'The Old Yard,\r\nHill Lane' : `${index % 200} Hill Lane`,
    '',
    '',
    `Exampleton ${index % 400}`,
    '',
    `ZZ${index % 90} ${index % 10}AA`,
    `www.school-${urn}.example`,
    '01632 960000',
    index % 3 === 0 ? String(index % 900) : '',
    index % 3 === 0 ? `Invented Trust ${index % 900}` : '',
    '',
    '',
  ];
}

async function write(path: string, lines: Iterable<string[]>): Promise<void> {
  const out = createWriteStream(path);
  for (const line of lines) {
    if (!out.write(windows1252(`${line.map(cell).join(',')}\r\n`))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

function* register(rows: number): Generator<string[]> {
  yield [...UNKNOWN.slice(0, 40), ...USED, ...UNKNOWN.slice(40)];
  const filler = UNKNOWN.map((_, i) => (i % 4 === 0 ? 'Not applicable' : ''));
  for (let index = 0; index < rows; index += 1)
    yield [...filler.slice(0, 40), ...school(index), ...filler.slice(40)];
}

function* links(count: number, rows: number): Generator<string[]> {
  yield ['URN', 'LinkURN', 'LinkName', 'LinkType', 'LinkEstablishedDate'];
  for (let index = 0; index < count; index += 1) {
    const from = 930_001 + ((index * 2) % (rows - 2));
    yield [
      String(from),
      String(from + 1 + 2 * Math.floor(index / (rows / 2))),
      'Invented',
      'Successor',
      index % 4 === 0 ? '' : '01-09-2019',
    ];
  }
}

const [folder = '/tmp/imports', rows = '52000', linkCount = '34000'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
await write(join(folder, 'register.csv'), register(Number(rows)));
await write(join(folder, 'links.csv'), links(Number(linkCount), Number(rows)));
