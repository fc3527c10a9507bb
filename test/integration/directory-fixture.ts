import { Readable } from 'node:stream';
import type { ImportSource } from '../../src/directory/import-settings.service.js';

/** A file that exists only here. */
export const file = (...lines: string[]): ImportSource => {
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  return () => Readable.from([bytes]);
};

const GIAS_COLUMNS = [
  'URN',
  'LA (code)',
  'LA (name)',
  'EstablishmentNumber',
  'EstablishmentName',
  'TypeOfEstablishment (code)',
  'EstablishmentStatus (code)',
  'Postcode',
] as const;

export interface GiasRow {
  urn: number | string;
  la?: string;
  laName?: string;
  number?: string;
  name?: string;
  type?: string;
  /** 1 open, 2 closed, 3 proposed to close, 4 proposed to open. */
  status?: string;
  postcode?: string;
}

const giasLine = (row: GiasRow): string =>
  [
    row.urn,
    row.la ?? '801',
    row.laName ?? 'Testshire',
    row.number ?? '2001',
    row.name ?? `School ${row.urn}`,
    row.type ?? '1',
    row.status ?? '1',
    row.postcode ?? 'ZZ1 1AA',
  ]
    .map((cell) => `"${cell}"`)
    .join(',');

export const giasText = (...rows: GiasRow[]): string =>
  [GIAS_COLUMNS.map((column) => `"${column}"`).join(','), ...rows.map(giasLine), ''].join('\n');

export const gias = (...rows: GiasRow[]): ImportSource => {
  const bytes = Buffer.from(giasText(...rows));
  return () => Readable.from([bytes]);
};

/** As many open schools as asked, from URN 940000 on. */
export const schools = (count: number, change: (urn: number) => Partial<GiasRow> = () => ({})): GiasRow[] =>
  Array.from({ length: count }, (_, index) => ({ urn: 940_000 + index, ...change(940_000 + index) }));

export const contacts = (...lines: string[]): ImportSource =>
  file(
    'urn,authority,desk,role,name,email,mobile,working days,shared mailbox,verified,trained,holiday contact',
    ...lines,
  );
