// Term dates 2026-27 (closed days; everything else on weekdays is open) and school hours.
import { authorityCodes } from './plan-settings.mjs';

const YEAR = {
  999: {
    halfTerm: ['2026-10-26', '2026-10-30'],
    christmas: ['2026-12-21', '2027-01-01'],
    february: ['2027-02-15', '2027-02-19'],
    easter: ['2027-03-29', '2027-04-09'],
    may: ['2027-05-31', '2027-06-04'],
    summer: ['2027-07-22', '2027-09-01'],
    inset: ['2026-09-02', '2026-11-02', '2027-01-04', '2027-06-07', '2027-07-21'],
  },
  990: {
    halfTerm: ['2026-10-19', '2026-10-30'],
    christmas: ['2026-12-21', '2027-01-01'],
    february: ['2027-02-15', '2027-02-19'],
    easter: ['2027-03-25', '2027-04-09'],
    may: ['2027-05-31', '2027-06-04'],
    summer: ['2027-07-26', '2027-09-02'],
    inset: ['2026-09-03', '2026-11-27', '2027-01-04', '2027-02-22', '2027-07-23'],
  },
  991: {
    halfTerm: ['2026-10-26', '2026-10-30'],
    christmas: ['2026-12-21', '2027-01-01'],
    february: ['2027-02-08', '2027-02-12'],
    easter: ['2027-03-22', '2027-04-02'],
    may: ['2027-05-31', '2027-06-04'],
    summer: ['2027-07-21', '2027-08-31'],
    inset: ['2026-09-01', '2026-10-23', '2027-01-04', '2027-04-05', '2027-07-20'],
  },
};
const TITLES = {
  halfTerm: 'Autumn half-term',
  christmas: 'Christmas holiday',
  february: 'Spring half-term',
  easter: 'Easter holiday',
  may: 'Summer half-term',
  summer: 'Summer holiday',
};

export function planCalendar(urnOf) {
  const rows = [];
  for (const authority of authorityCodes) {
    const year = YEAR[authority];
    rows.push([
      'authority',
      authority,
      '2026-07-22',
      year.inset[0] === '2026-09-01' ? '2026-08-31' : '2026-09-01',
      'closed',
      'holiday',
      'Summer holiday 2026',
      '',
    ]);
    for (const [key, title] of Object.entries(TITLES))
      rows.push(['authority', authority, ...year[key], 'closed', 'holiday', title, '']);
    for (const day of year.inset)
      rows.push(['authority', authority, day, '', 'closed', 'inset', 'INSET day', '']);
  }
  const setting = (name, ...cells) => rows.push(['setting', urnOf(name), ...cells]);
  setting('Ember Valley', '2026-10-19', '2026-10-23', 'closed', 'holiday', 'Second week of half-term', '');
  setting(
    'Eastmarch Grange',
    '2026-10-19',
    '2026-10-20',
    'open',
    'term',
    'Open in the first days of half-term',
    '',
  );
  setting(
    'The Moorings School',
    '2026-09-04',
    '2027-07-16',
    'closed',
    'closure',
    'No pupils on Fridays',
    'Fri',
  );
  setting('Dame Ottoline’s School', '2026-09-05', '2026-12-12', 'open', 'term', 'Saturday school', 'Sat');
  setting(
    'Dame Ottoline’s School',
    '2026-12-14',
    '2026-12-18',
    'closed',
    'holiday',
    'Christmas holiday (early)',
    '',
  );
  setting('Copper Beech', '2026-12-04', '', 'closed', 'inset', 'INSET day', '');
  rows.push(['trust', '90001', '2026-10-16', '', 'closed', 'inset', 'Trust training day', '']);
  return rows;
}

export function planHours(settings) {
  const hours = (one) => {
    if (one.urn === '900123') return ['08:45', '15:15'];
    if (one.type === 18 || one.low >= 16) return ['09:00', '16:30'];
    if (one.type === 14 || one.type === 38) return ['09:30', '14:30'];
    if (one.phase === 4 || one.phase === 7) return ['08:30', '15:00'];
    if (one.phase === 0) return ['09:00', '15:10'];
    return Number(one.urn) % 3 === 0 ? ['08:50', '15:20'] : undefined;
  };
  return settings
    .filter(({ status }) => [1, 3].includes(status))
    .flatMap((one) => (hours(one) ? [[one.urn, ...hours(one)]] : []));
}
