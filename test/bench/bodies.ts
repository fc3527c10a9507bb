import type { NotificationJson } from '../support/notification-json.js';
import { AUTHORITY, SETTINGS, urnOf } from './area.js';

const FORENAMES = ['Ada', 'Björn', 'Chiara', 'Dafydd', 'Elin', 'Farid', 'Gwen', 'Hana', 'Idris', 'Josephine'];
const SURNAMES = ['Example', "O'Sample", 'Placeholder', 'Testerton', 'Specimen-Jones', 'Ffiction', 'Madeup'];

const two = (value: number): string => String(value).padStart(2, '0');
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const STARTED = ago(90);
const ATTENDED = ago(65);
const REFERRED = ago(5);

/** About 1.7 KB of JSON; every number is another incident, child and reference. Settings are taken in turn. */
export function bodyOf(prefix: string, n: number, urn = urnOf(n % SETTINGS)): string {
  const surname = `${SURNAMES[n % SURNAMES.length]}${n.toString(36)}`;
  const body: NotificationJson = {
    forceReference: `${prefix}-${n}`,
    version: 1,
    category: 'domestic-abuse',
    incident: {
      startedAt: STARTED,
      attendedAt: ATTENDED,
      risk: 'medium',
      circumstances:
        'Neighbours reported shouting and breaking glass from about half past nine. Officers were let in by the mother, ' +
        'who was tearful and had a reddened cheek. Broken plates lay on the kitchen floor. The child was on the stairs ' +
        'throughout and had heard everything. No injuries to the child were seen or reported to officers.',
      policeAction:
        'One adult arrested to prevent a breach of the peace. Safeguarding referral made the same night.',
    },
    officer: {
      name: 'PC Ivy Invented',
      collarNumber: `X${1000 + (n % 9000)}`,
      teamEmail: 'safeguarding@force.example',
      teamPhone: '01632 960123',
    },
    adults: [
      {
        role: 'suspect',
        forename: 'Gareth',
        surname,
        relationshipToChild: 'father',
        schoolConnection: 'none',
        mayCollect: 'no',
        orders: [{ kind: 'non-molestation', terms: 'Not to attend the school.', until: '2099-01-31' }],
      },
      { role: 'victim', forename: 'Marian', surname, relationshipToChild: 'mother', mayCollect: 'yes' },
    ],
    children: [
      {
        reference: '1',
        forename: FORENAMES[n % FORENAMES.length],
        surname,
        dateOfBirth: `${2012 + (n % 8)}-${two(1 + (n % 12))}-${two(1 + (n % 28))}`,
        homePostcode: 'ZZ1 1AA',
        homeAuthorityCode: AUTHORITY,
        education: 'registered',
        presence: 'present',
        settings: [{ urn }],
        voice: {
          spokenTo: true,
          alone: true,
          words: 'I hid under the table and covered my ears until it stopped.',
          demeanour: 'Quiet, holding a toy, watching the door.',
        },
      },
    ],
    restrictions: { doNotDiscloseTo: [], safeAddress: false, activeInvestigation: true },
    referrals: [{ to: 'children-social-care', at: REFERRED }],
  };
  return JSON.stringify(body);
}
