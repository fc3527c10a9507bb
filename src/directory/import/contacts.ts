import {
  DESK_KINDS,
  DESK_ROLES,
  SETTING_ROLES,
  type ContactPlace,
  type ContactRow,
} from '../domain/contact.js';
import { internationalNumber, isMailAddress } from '../domain/contact-address.js';
import { BadCell, dateCell, nullWhenEmpty, oneOf, readRow, shown, weekdaysCell, yesNoCell } from './cells.js';
import { tableRows } from './csv-table.js';
import { type ByteSource, type ImportLine } from './import-line.js';

export const CONTACT_COLUMNS = {
  needed: ['role', 'name', 'email'],
  optional: [
    'urn',
    'authority',
    'desk',
    'mobile',
    'working days',
    'shared mailbox',
    'verified',
    'trained',
    'holiday contact',
  ],
} as const;

type Cells = Record<(typeof CONTACT_COLUMNS)['needed' | 'optional'][number], string>;

/**
 * Reads contacts of settings (urn) and desks (authority and desk), one person or shared mailbox per line. Problems
 * name the column, never the person. Throws FileRefused.
 */
export async function* readContacts(source: ByteSource): AsyncGenerator<ImportLine<ContactRow>> {
  const seen = new Map<string, number>();
  for await (const row of tableRows(source, { ...CONTACT_COLUMNS, everyCell: false })) {
    if ('problem' in row) {
      yield row;
      continue;
    }
    yield readRow(row.line, () => {
      const contact = contactFrom(row.cells);
      const identity = JSON.stringify([
        contact.place,
        contact.email ?? contact.mobile,
        contact.name,
      ]).toLowerCase();
      const earlier = seen.get(identity);
      if (earlier !== undefined)
        throw new BadCell(`The same contact in the same role already stands on line ${earlier}.`);
      seen.set(identity, row.line);
      return contact;
    });
  }
}

function contactFrom(cells: Cells): ContactRow {
  const sharedMailbox = yesNoCell('shared mailbox', cells['shared mailbox']);
  const email = emailFrom(cells.email);
  const mobile = mobileFrom(cells.mobile);
  if (cells.name === '') throw new BadCell('"name" is empty.');
  if (email === null && mobile === null) throw new BadCell('Neither "email" nor "mobile" is filled in.');
  if (sharedMailbox && email === null) throw new BadCell('A shared mailbox needs an "email".');
  return {
    place: placeFrom(cells),
    name: cells.name,
    email,
    mobile,
    workingDays: weekdaysCell('working days', cells['working days']) ?? [1, 2, 3, 4, 5],
    sharedMailbox,
    verified: yesNoCell('verified', cells.verified),
    trainedOn: dateCell('trained', cells.trained),
    holidayContact: yesNoCell('holiday contact', cells['holiday contact']),
  };
}

function placeFrom(cells: Cells): ContactPlace {
  if (cells.urn !== '') {
    if (cells.authority !== '' || cells.desk !== '') {
      throw new BadCell('Fill in either "urn", or "authority" and "desk", not both.');
    }
    if (!/^[A-Z]{0,2}\d{5,12}$/i.test(cells.urn))
      throw new BadCell(`"urn" is not a URN: ${shown(cells.urn)}.`);
    return { kind: 'setting', urn: cells.urn.toUpperCase(), role: oneOf('role', cells.role, SETTING_ROLES) };
  }
  if (cells.desk === '') throw new BadCell('Either "urn", or "authority" and "desk", must be filled in.');
  const desk = oneOf('desk', cells.desk, DESK_KINDS);
  const role = oneOf('role', cells.role, DESK_ROLES);
  if (desk === 'operator') {
    if (cells.authority !== '')
      throw new BadCell('The operator desk belongs to no authority; leave "authority" empty.');
    return { kind: 'desk', authorityCode: null, desk, role };
  }
  if (!/^\d{3}$/.test(cells.authority)) {
    throw new BadCell(`"authority" is not a code of three digits: ${shown(cells.authority)}.`);
  }
  return { kind: 'desk', authorityCode: cells.authority, desk, role };
}

function emailFrom(text: string): string | null {
  if (text !== '' && !isMailAddress(text)) throw new BadCell('"email" is not a mail address.');
  return nullWhenEmpty(text);
}

function mobileFrom(text: string): string | null {
  if (text === '') return null;
  const number = internationalNumber(text);
  if (number === null) throw new BadCell('"mobile" is not a telephone number.');
  return number;
}
