// Which settings the demonstration area has: one row per setting, in the register's terms.
import { primaries, secondaries, towns, welsh, districts } from './names.mjs';

const TYPES = {
  1: 'Community school',
  2: 'Voluntary aided school',
  3: 'Voluntary controlled school',
  5: 'Foundation school',
  7: 'Community special school',
  10: 'Other independent special school',
  11: 'Other independent school',
  14: 'Pupil referral unit',
  15: 'Local authority nursery school',
  18: 'Further education',
  28: 'Academy sponsor led',
  29: 'Higher education institutions',
  30: 'Welsh establishment',
  34: 'Academy converter',
  35: 'Free schools',
  36: 'Free schools special',
  37: 'British schools overseas',
  38: 'Free schools alternative provision',
  39: 'Free schools 16 to 19',
  40: 'University technical college',
  45: 'Academy 16-19 converter',
};
const PHASES = {
  0: 'Not applicable',
  1: 'Nursery',
  2: 'Primary',
  4: 'Secondary',
  6: '16 plus',
  7: 'All-through',
};
const STATUSES = { 1: 'Open', 2: 'Closed', 3: 'Open, but proposed to close', 4: 'Proposed to open' };
const PRIMARY = { phase: 2, low: 4, high: 11 };
const INFANT = { phase: 2, low: 4, high: 7 };
const JUNIOR = { phase: 2, low: 7, high: 11 };
const SECONDARY = { phase: 4, low: 11, high: 16 };
const UPPER = { phase: 4, low: 11, high: 18 };

export const authorities = {
  999: { name: 'Northshire (demonstration)', gss: 'E06999999', nation: 'England', firstUrn: 900101 },
  990: { name: 'Eastmarch (demonstration)', gss: 'E06999990', nation: 'England', firstUrn: 910101 },
  991: { name: 'Glasfryn (demonstration)', gss: 'W06999991', nation: 'Wales', firstUrn: 920101 },
};

/** In the order of the demonstration: an object's own order would put 990 first. */
export const authorityCodes = ['999', '990', '991'];

export function planSettings(random) {
  const settings = [];
  const links = [];
  const nextUrn = Object.fromEntries(Object.entries(authorities).map(([code, one]) => [code, one.firstUrn]));
  const nextEstab = { 999: 2001, 990: 2001, 991: 2001 };

  function add(authority, name, type, ages, more = {}) {
    if (nextUrn[authority] === 900123) nextUrn[authority] += 1;
    const urn = String(more.urn ?? nextUrn[authority]++);
    const index = Number(urn) % 7;
    const town = more.town ?? towns[authority][index % towns[authority].length];
    const district = districts[authority][towns[authority].indexOf(town) % districts[authority].length];
    const letters = 'ABDEFGHJLNPQRSTUWXYZ';
    const letter = () => letters[Math.floor(random() * letters.length)];
    const setting = {
      authority,
      name,
      type,
      typeName: TYPES[type],
      ...ages,
      phaseName: PHASES[ages.phase],
      town,
      status: 1,
      estab: String(nextEstab[authority]++),
      postcode: `${district} ${1 + Math.floor(random() * 8)}${letter()}${letter()}`,
      street: `${1 + Math.floor(random() * 90)} ${['School Lane', 'Mill Street', 'The Green', 'Church Road', 'Harbour View'][index % 5]}`,
      opened: '01-09-1998',
      closed: '',
      trust: '',
      ...more,
      urn,
    };
    setting.statusName = STATUSES[setting.status];
    setting.telephone = `01632 960${String(settings.length % 1000).padStart(3, '0')}`;
    settings.push(setting);
    return setting;
  }
  const close = (authority, name, type, ages, closed, more = {}) =>
    add(authority, name, type, ages, { status: 2, closed, opened: '01-09-1975', ...more });
  // Real links stand twice, once on either setting; `oneWay` ones lack the mirror, as 193 real ones do.
  function link(from, to, kind = '', { date = '', oneWay = false } = {}) {
    links.push([from.urn, to.urn, to.name, `Successor${kind}`, date]);
    if (!oneWay) links.push([to.urn, from.urn, from.name, `Predecessor${kind}`, date]);
  }

  add(
    '999',
    'Riverside Primary School',
    1,
    { ...PRIMARY, low: 3 },
    { urn: 900123, town: 'Wexcombe', postcode: 'ZZ1 1AB' },
  );

  // The namesakes that make "St Mary's" a question for a person.
  add('999', "St Mary's Catholic Primary School", 2, PRIMARY, { town: 'Wexcombe' });
  add('999', 'St Mary’s CofE Primary School', 3, PRIMARY, { town: 'Thornwick' });
  add('999', "St. Mary's C of E (VC) Infant School", 3, INFANT, { town: 'Castle Ember' });
  add('990', "St Mary's RC High School", 2, UPPER, { town: 'Eastmarch' });
  add('990', "Saint Mary's Church of England Junior School", 2, JUNIOR, { town: 'Tolling Cross' });
  add('990', 'St Mary’s Primary School', 34, PRIMARY, {
    town: 'Fernley Bridge',
    trust: 'Staithes Learning Trust',
  });
  add('991', 'Ysgol Santes Fair', 30, PRIMARY, { town: 'Aberllyn' });

  const kinds = [
    [1, 'Primary School'],
    [34, 'Primary Academy'],
    [1, 'Community Primary School'],
    [3, 'CofE Primary School'],
    [5, 'Primary School'],
    [35, 'Free School'],
  ];
  primaries.forEach((name, index) => {
    const [type, ending] = kinds[index % kinds.length];
    const trust = type === 34 ? 'Lantern Schools Trust' : '';
    add(index < 19 ? '999' : '990', `${name} ${ending}`, type, PRIMARY, { trust });
  });
  for (const authority of ['999', '990']) {
    for (const town of towns[authority])
      add(authority, `${town} Community Primary School`, 1, PRIMARY, { town });
    for (const saint of ['St Giles', 'Holy Trinity', 'St Ottoline’s', 'All Hallows']) {
      const catholic = saint === 'St Ottoline’s';
      add(authority, `${saint} ${catholic ? 'Catholic' : 'CofE'} Primary School`, catholic ? 2 : 3, PRIMARY);
    }
    add(authority, authority === '999' ? 'Oakfield Infant School' : 'Ash Grove Infant School', 1, INFANT);
    add(authority, authority === '999' ? 'Oakfield Junior School' : 'Ash Grove Junior School', 1, JUNIOR);
  }
  secondaries.forEach((name, index) => {
    const [type, ending] = [
      [1, 'School'],
      [34, 'Academy'],
      [28, 'Academy'],
      [5, 'High School'],
    ][index % 4];
    add(index < 6 ? '999' : '990', `${name} ${ending}`, type, index % 3 ? SECONDARY : UPPER, {
      trust: type === 34 || type === 28 ? 'Lantern Schools Trust' : '',
    });
  });
  welsh.forEach((name) => {
    const ages = /Babanod/.test(name) ? INFANT : /Iau/.test(name) ? JUNIOR : PRIMARY;
    add('991', name, 30, { ...ages, low: Math.min(ages.low, /Iau/.test(name) ? 7 : 3) });
  });
  for (const name of ['Ysgol Uwchradd Glasfryn', 'Ysgol Gyfun Dyffryn Llyn', 'Aberllyn High School'])
    add('991', name, 30, UPPER);
  for (const name of ['Glasfryn Community Primary School', "St David's Church in Wales Primary School"])
    add('991', name, 30, PRIMARY);

  add('999', 'Oak, Ash and Thorn Federation Primary School', 5, PRIMARY);
  add('999', 'Lantern House School', 7, { phase: 0, low: 3, high: 19 });
  add('999', 'The Moorings School', 36, { phase: 0, low: 5, high: 16 });
  add('990', 'Starfish School', 7, { phase: 0, low: 2, high: 19 });
  add('990', 'Cobweb Hall', 10, { phase: 0, low: 8, high: 18 });
  add('991', 'Ysgol Pont y Seren', 30, { phase: 0, low: 3, high: 19 });
  add('999', 'The Bridge Pupil Referral Unit', 14, { phase: 0, low: 5, high: 16 });
  add('990', 'Compass Point', 38, { phase: 0, low: 11, high: 16 });
  add('991', 'Canolfan Addysg y Bont', 30, { phase: 0, low: 7, high: 16 });
  add('999', 'Little Wexcombe Nursery School', 15, { phase: 1, low: 2, high: 5 });
  add('990', 'Eastmarch Nursery School', 15, { phase: 1, low: 2, high: 5 });
  add('999', 'Northshire College', 18, { phase: 6, low: 16, high: 99 });
  add('990', 'Eastmarch and District College', 18, { phase: 6, low: 16, high: 99 });
  add('991', 'Coleg Glasfryn', 18, { phase: 6, low: 16, high: 99 });
  add('999', 'Wexcombe Sixth Form College', 45, { phase: 6, low: 16, high: 19 });
  add('990', 'The Staithes Sixth Form', 39, { phase: 6, low: 16, high: 19 });
  add('999', 'Northshire University Technical College', 40, { phase: 4, low: 14, high: 19 });
  add('999', 'Castle Ember Preparatory School', 11, { phase: 0, low: 3, high: 13 });
  add('999', 'Dame Ottoline’s School', 11, { phase: 0, low: 11, high: 18 }, { boarding: true });
  add('990', 'Grainthorpe Abbey College', 11, { phase: 0, low: 11, high: 18 });
  add(
    '990',
    'Longstaithe All-Through Academy',
    34,
    { phase: 7, low: 3, high: 18 },
    { trust: 'Staithes Learning Trust' },
  );
  add('991', 'Ysgol Bro Cwmwl', 30, { phase: 7, low: 3, high: 18 });
  add('999', 'University of Northshire (demonstration)', 29, { phase: 6, low: 18, high: 99 });
  add('990', 'The British School of Farlandia (demonstration)', 37, { phase: 0, low: 3, high: 18 });

  planChanges({ add, close, link, settings });
  return { settings, links };
}

// Closed settings and what became of them: every shape that the real links file has.
function planChanges({ add, close, link, settings }) {
  const named = (name) => settings.find((one) => one.name === name);
  const academy = named('Larkspur Primary Academy');
  // A converter keeps its number, so this LAESTAB stands twice, closed and open.
  link(
    close('999', 'Larkspur Primary School', 1, PRIMARY, '31-08-2021', { estab: academy.estab }),
    academy,
    '',
    { date: '01-09-2021' },
  );

  const merged = add('999', 'Saltmarsh Primary School', 1, PRIMARY, {
    town: 'Saltmarsh End',
    opened: '01-09-2024',
  });
  for (const [name, ages] of [
    ['Saltmarsh Infant School', INFANT],
    ['Saltmarsh Junior School', JUNIOR],
  ]) {
    link(close('999', name, 1, ages, '31-08-2024', { town: 'Saltmarsh End' }), merged, ' - merged', {
      date: '01-09-2024',
    });
  }
  const split = close('990', 'Great Grainthorpe School', 1, UPPER, '31-08-2023');
  for (const name of ['Grainthorpe East Academy', 'Grainthorpe West Academy']) {
    link(
      split,
      add('990', name, 28, SECONDARY, { opened: '01-09-2023', trust: 'Staithes Learning Trust' }),
      ' - Split School',
    );
  }
  const oldest = close('990', 'Brindlehythe Board School', 1, PRIMARY, '31-08-1999');
  const middle = close('990', 'Brindlehythe Lower School', 1, PRIMARY, '31-12-2018');
  link(oldest, middle, '', { oneWay: true });
  link(middle, named('Brindlehythe Community Primary School'), '', { date: '01-01-2019' });
  const [round, about] = ['Merry-go-Round School', 'Roundabout School'].map((name) =>
    close('999', name, 11, PRIMARY, '31-08-2015'),
  );
  link(round, about);
  link(about, round, '', { oneWay: true });
  close('999', 'Last Light School', 11, UPPER, '31-07-2020');
  close('991', 'Ysgol Hen Bont', 30, PRIMARY, '31-08-2017');
  close('990', 'Tolling Cross Junior Mixed School', 1, JUNIOR, '31-08-2012');

  const closing = add('990', 'Sandbank Primary School', 1, PRIMARY, { status: 3 });
  const coming = add('990', 'Sandbank Primary Academy', 34, PRIMARY, {
    status: 4,
    opened: '01-09-2027',
    estab: closing.estab,
  });
  link(closing, coming);
  // Two open settings that share a LAESTAB: only a person can tell which one was meant.
  const first = add('999', 'Ember Street School (Lower Site)', 5, PRIMARY);
  add('999', 'Ember Street School (Upper Site)', 5, SECONDARY, { estab: first.estab });
}

export const providers = [
  ['930101', 'Little Acorns Day Nursery', '999'],
  ['930102', 'Puddleducks Pre-School', '999'],
  ['930103', 'The Paddling Pool', '999'],
  ['930104', 'Buttons & Bows Nursery', '990'],
  ['930105', 'Staithes Forest Pre-School', '990'],
];
