// Writes the demonstration area's files, the same ones every time: node config/demonstration/generate.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { planCalendar, planHours } from './plan-calendar.mjs';
import { planNotifications } from './plan-notifications.mjs';
import { planContacts, slugOf } from './plan-people.mjs';
import { authorities, authorityCodes, planSettings, providers } from './plan-settings.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const prettierOptions = await prettier.resolveConfig(join(folder, 'forces.json'));

const { settings, links } = planSettings(randomFrom(20261122));
const contacts = planContacts(settings, randomFrom(20261123));
const found = (name) => {
  const setting = settings.find((one) => one.name.startsWith(name) && one.status === 1);
  if (!setting) throw new Error(`No open setting called ${name}`);
  return setting;
};
const urnOf = (name) => found(name).urn;
const contactOf = (name, role) => contacts.find((one) => one.urn === urnOf(name) && one.role === role);

const TRUST_CODES = { 'Staithes Learning Trust': '90001', 'Lantern Schools Trust': '90002' };
const HEADER = [
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
  'Boarders (name)',
  'NumberOfPupils',
  'Trusts (code)',
  'Trusts (name)',
  'UKPRN',
  'LastChangedDate',
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
  'HeadPreferredJobTitle',
  'GSSLACode (name)',
  'Country (name)',
];
const register = settings.map((one) => {
  const authority = authorities[one.authority];
  const [headFirst = '', ...headLast] = (one.head ?? '').split(' ');
  return [
    one.urn,
    one.authority,
    authority.name,
    one.estab,
    one.name,
    one.type,
    one.typeName,
    one.status,
    one.statusName,
    one.opened,
    one.closed,
    one.phase,
    one.phaseName,
    one.low,
    one.high,
    one.boarding ? 'Boarding school' : 'No boarders',
    one.status === 2 ? '' : 60 + (Number(one.urn) % 11) * 30,
    TRUST_CODES[one.trust] ?? '',
    one.trust,
    '',
    '20-11-2026',
    one.street,
    '',
    '',
    one.town,
    authority.name.replace(' (demonstration)', ''),
    one.postcode,
    one.domain ? `https://www.${one.domain}/` : '',
    one.telephone,
    one.head ? 'Mx' : '',
    headFirst,
    headLast.join(' '),
    one.head ? 'Headteacher' : '',
    authority.gss,
    authority.nation,
  ];
});
write('edubasealldata-demo.csv', windows1252(csv([HEADER, ...register], '\r\n', true)));
write(
  'links-demo.csv',
  windows1252(
    csv([['URN', 'LinkURN', 'LinkName', 'LinkType', 'LinkEstablishedDate'], ...links], '\r\n', true),
  ),
);

const ofsted = providers.map(([urn, name, authority], index) => [
  'Childcare on non-domestic premises',
  urn,
  name,
  'Active',
  authorities[authority].name,
  `${index + 1} Nursery Row`,
  authority === '999' ? 'Wexcombe' : 'Eastmarch',
  authority === '999' ? `ZZ1 2A${'BDE'[index]}` : `ZZ5 2A${'BDEFG'[index]}`,
  `01632 9608${10 + index}`,
]);
write(
  'early-years-demo.csv',
  csv(
    [
      ['Childcare providers and inspections (invented, for the demonstration area)'],
      ['As at 31 October 2026'],
      [
        'Provider type',
        'Provider URN',
        'Provider name',
        'Provider status',
        'Local authority',
        'Address line 1',
        'Town',
        'Postcode',
        'Telephone number',
      ],
      ...ofsted,
    ],
    '\r\n',
  ),
);

write(
  'contacts-demo.csv',
  csv([
    [
      'urn',
      'authority',
      'desk',
      'role',
      'name',
      'email',
      'mobile',
      'working days',
      'shared mailbox',
      'verified',
      'trained',
      'holiday contact',
    ],
    ...contacts.map((one) => [
      one.urn ?? '',
      one.authority ?? '',
      one.desk ?? '',
      one.role,
      one.name,
      one.email,
      one.mobile,
      one.days,
      one.shared,
      one.verified,
      one.trained,
      one.holiday,
    ]),
  ]),
);
write(
  'calendar-demo.csv',
  csv([['layer', 'key', 'from', 'to', 'state', 'kind', 'title', 'days'], ...planCalendar(urnOf)]),
);
write('school-hours-demo.csv', csv([['urn', 'bell', 'home'], ...planHours(settings)]));

await writeJson('forces.json', [
  {
    code: 'demo-north',
    name: 'Northshire (demonstration) Police',
    defaultAuthorityCode: '999',
    mailbox: 'encompass@northshire-police.example',
    telephone: '01632 960900',
    disclosureProfile: 'full',
    authorities: ['999', '990'],
  },
  {
    code: 'demo-west',
    name: 'Glasfryn (demonstration) Police',
    defaultAuthorityCode: '991',
    mailbox: 'encompass@glasfryn-police.example',
    telephone: '01632 960901',
    disclosureProfile: 'standard',
    authorities: ['991'],
  },
  {
    code: 'demo-rail',
    name: 'Railway (demonstration) Police',
    defaultAuthorityCode: null,
    mailbox: 'encompass@railway-police.example',
    telephone: '01632 960902',
    disclosureProfile: 'minimal',
    authorities: [],
  },
]);
const deskNames = {
  triage: 'triage desk',
  duty: 'education safeguarding duty desk',
  'home-education': 'home and missing education desk',
  'early-years': 'early years desk',
};
const authorityDesks = authorityCodes.flatMap((authorityCode) => {
  const name = authorities[authorityCode].name.replace(' (demonstration)', '');
  return Object.entries(deskNames).map(([desk, title]) => ({
    authorityCode,
    desk,
    name: `${name}: ${title}`,
    slug: slugOf(name),
  }));
});
const desks = [
  ...authorityDesks,
  { authorityCode: null, desk: 'operator', name: 'Operator of this installation', slug: 'operator' },
];
await writeJson(
  'desks.json',
  desks.map(({ slug, ...one }, index) => ({
    ...one,
    email: `${one.desk}@${slug}.example`,
    telephone: `01632 9609${10 + index}`,
  })),
);
await writeJson('people.json', [
  {
    role: 'administrator',
    name: 'Morwenna Keyholder',
    email: 'administrator@firstbell.example',
    force: null,
  },
  {
    role: 'force',
    name: 'Inspector Ottilie Wrenfield',
    email: 'inspector@northshire-police.example',
    force: 'demo-north',
  },
  {
    role: 'force',
    name: 'Sergeant Idwal Tarnhow',
    email: 'sergeant@glasfryn-police.example',
    force: 'demo-west',
  },
]);
for (const [name, body] of Object.entries(planNotifications({ urnOf, contactOf }))) {
  await writeJson(join('notifications', `${name}.json`), body);
}

function csv(rows, lineEnd = '\n', quoted = false) {
  const cell = (value) => {
    const text = String(value);
    return quoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(',') + lineEnd).join('');
}

/** GIAS files are Windows-1252; a character that it lacks would become a question mark in the real register. */
function windows1252(text) {
  return Buffer.from(
    text.replaceAll('’', '\x92').replace(/[^\x00-\xff]/g, (one) => {
      throw new Error(`Not in Windows-1252: ${one}`);
    }),
    'latin1',
  );
}

function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function write(name, content) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

async function writeJson(name, value) {
  write(name, await prettier.format(JSON.stringify(value, null, 2), { ...prettierOptions, parser: 'json' }));
}
