import { parseWeekdays } from '../../calendar/domain/iso-date.js';
import { BadCell, dateCell, nullWhenEmpty, readRow } from './cells.js';
import { tableRows } from './csv-table.js';
import type { ByteSource, ImportLine } from './import-line.js';

/** One child on a roll, as the file has it. */
export interface RollRow {
  forename: string;
  surname: string;
  /** YYYY-MM-DD */
  dateOfBirth: string;
  postcode: string | null;
  upn: string | null;
  urn: string | null;
  laestab: string | null;
  /** First and last day at the setting, YYYY-MM-DD. */
  startsOn: string | null;
  endsOn: string | null;
  /** ISO weekdays on which a part-time child comes; null: every day on which the setting opens. */
  attends: number[] | null;
  /** The cell names something else than weekdays: the child counts as coming every day. */
  daysUnreadable: boolean;
}

const NEEDED = ['Surname', 'Forename', 'DateOfBirth'] as const;
const OPTIONAL = ['Postcode', 'UPN', 'URN', 'LAESTAB', 'StartDate', 'EndDate', 'AttendanceDays'] as const;
type Cells = Record<(typeof NEEDED)[number] | (typeof OPTIONAL)[number], string>;

/** Streams a roll. What it says of a bad line never repeats a cell: every one of them may tell who the child is. */
export async function* readRoll(
  source: ByteSource,
): AsyncGenerator<ImportLine<RollRow> & { setting?: string }> {
  for await (const row of tableRows(source, { needed: NEEDED, optional: OPTIONAL, everyCell: false })) {
    if ('problem' in row) {
      yield row;
      continue;
    }
    const read = readRow(row.line, () => rollRow(row.cells));
    // Whose roll a bad line belongs to is said where it can be read: only there nobody is taken to have left.
    yield 'problem' in read ? { ...read, setting: row.cells.URN || row.cells.LAESTAB } : read;
  }
}

function rollRow(cells: Cells): RollRow {
  for (const column of NEEDED) if (cells[column] === '') throw new BadCell(`"${column}" is empty.`);
  const row = {
    forename: cells.Forename,
    surname: cells.Surname,
    dateOfBirth: date('DateOfBirth', cells) ?? '',
    postcode: nullWhenEmpty(cells.Postcode),
    upn: nullWhenEmpty(cells.UPN),
    urn: nullWhenEmpty(cells.URN),
    laestab: nullWhenEmpty(cells.LAESTAB),
    startsOn: date('StartDate', cells),
    endsOn: date('EndDate', cells),
    attends: cells.AttendanceDays === '' ? null : parseWeekdays(cells.AttendanceDays),
    daysUnreadable: cells.AttendanceDays !== '' && parseWeekdays(cells.AttendanceDays) === null,
  };
  if (row.startsOn && row.endsOn && row.endsOn < row.startsOn)
    throw new BadCell('"EndDate" is before "StartDate".');
  return row;
}

function date(column: 'DateOfBirth' | 'StartDate' | 'EndDate', cells: Cells): string | null {
  try {
    return dateCell(column, cells[column]);
  } catch {
    throw new BadCell(`"${column}" is not a date (dates are written dd-mm-yyyy).`);
  }
}
