import { describe, expect, it } from '@jest/globals';
import { readCalendarCsv, readSchoolHours } from './calendar-csv.js';
import { readContacts } from './contacts.js';
import { readGias } from './gias.js';
import { readICalendar } from './icalendar.js';
import { collect } from './import-line.js';
import { readDesks, readForces, readPeople } from './json-lists.js';
import { readLinks } from './links.js';
import { readOfsted } from './ofsted.js';

const file = (...lines: string[]) => [Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1')];

describe('the schools register', () => {
  const header =
    'URN,LA (code),EstablishmentNumber,EstablishmentName,EstablishmentStatus (code),TypeOfEstablishment (code),OpenDate,CloseDate,StatutoryLowAge,Postcode,GSSLACode (name),Country (name)';
  const read = (...lines: string[]) => collect(readGias(file(header, ...lines)));

  it('gives rows ready to be stored', async () => {
    const { rows, problems } = await read(
      '900123,999,48,Riverside Primary School,1,1,01-09-1998,,3,zz11ab,E06999999,',
    );
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      expect.objectContaining({
        urn: '900123',
        kind: 'school',
        authorityCode: '999',
        authorityName: 'Authority 999',
        laestab: '9990048',
        status: 'open',
        openedOn: '1998-09-01',
        closedOn: null,
        lowAge: 3,
        highAge: null,
        postcode: 'ZZ1 1AB',
        nation: 'england',
        routable: true,
      }),
    ]);
  });

  it.each([
    ['1', 'open'],
    ['2', 'closed'],
    ['3', 'proposed-to-close'],
    ['4', 'proposed-to-open'],
  ])('status %s is %s', async (code, status) => {
    expect((await read(`900123,999,1,A,${code},1,,,,,,`)).rows[0]?.status).toBe(status);
  });

  it.each(['25', '29', '37'])('type %s is kept and never routed', async (type) => {
    expect((await read(`900123,999,1,A,1,${type},,,,,,`)).rows[0]?.routable).toBe(false);
  });

  it.each([
    ['W06999991', '', '1', 'wales'],
    ['E06999999', 'Wales', '1', 'england'],
    ['', 'Wales', '1', 'wales'],
    ['', '', '30', 'wales'],
    ['', 'United Kingdom', '1', 'england'],
  ])('GSS code "%s", country "%s", type %s is %s', async (gss, country, type, nation) => {
    expect((await read(`900123,999,1,A,1,${type},,,,,${gss},${country}`)).rows[0]?.nation).toBe(nation);
  });

  it('lists every bad row with its line and keeps the good ones', async () => {
    const { rows, problems } = await read(
      '9OO123,999,1,A,1,1,,,,,,',
      '900124,99X,1,A,1,1,,,,,,',
      '900125,999,1,,1,1,,,,,,',
      '900126,999,1,A,9,1,,,,,,',
      '900127,999,1,A,1,,,,,,,',
      '900128,999,1,A,1,1,31-02-2020,,,,,',
      '900129,999,1,A,1,1,,,four,,,',
      '900130,999,1,Good,1,1,,,,,,',
      '900130,999,1,Again,1,1,,,,,,',
      '900131,999,1,Cut',
    );
    expect(rows.map(({ urn }) => urn)).toEqual(['900130']);
    expect(problems.map(({ line, problem }) => `${line} ${problem}`)).toEqual([
      expect.stringMatching(/^2 "URN" is not/),
      expect.stringMatching(/^3 "LA \(code\)" is not/),
      expect.stringMatching(/^4 "EstablishmentName" is empty/),
      expect.stringMatching(/^5 "EstablishmentStatus \(code\)" is not/),
      expect.stringMatching(/^6 "TypeOfEstablishment \(code\)" is not/),
      expect.stringMatching(/^7 "OpenDate" is not a date: "31-02-2020"/),
      expect.stringMatching(/^8 "StatutoryLowAge" is not/),
      '10 URN 900130 already stands on line 9.',
      expect.stringMatching(/^11 The line has 4 cells/),
    ]);
  });

  it('names the needed columns that are missing', async () => {
    await expect(collect(readGias(file('URN,EstablishmentName', '1,2')))).rejects.toMatchObject({
      missing: ['LA (code)', 'EstablishmentStatus (code)', 'TypeOfEstablishment (code)'],
    });
  });
});

it('links: kinds by LinkType, blank dates, bad rows', async () => {
  const { rows, problems } = await collect(
    readLinks(
      file(
        '"URN","LinkURN","LinkName","LinkType","LinkEstablishedDate"',
        '"900001","900002","B","Successor - Split School","01-09-2023"',
        '"900002","900001","A","Predecessor - merged",""',
        '"900002","900003","C","Result of Amalgamation",""',
        '"900002","900004","D","Sixth Form Centre Link",""',
        '"900002","900002","E","Successor",""',
        '"900002","x","E","Successor",""',
      ),
    ),
  );
  expect(rows.map(({ kind, establishedOn }) => [kind, establishedOn])).toEqual([
    ['successor', '2023-09-01'],
    ['predecessor', null],
    ['predecessor', null],
    ['other', null],
  ]);
  expect(problems.map(({ line }) => line)).toEqual([6, 7]);
});

it("Ofsted's register: title lines, changing case, withheld names, unknown authorities", async () => {
  const { rows, problems } = await collect(
    readOfsted(
      file(
        'Childcare providers',
        'provider urn,Provider Name,PROVIDER STATUS,Local Authority,Postcode',
        'EY900001,Little Acorns,Active,Northshire,ZZ1 1AA',
        'EY900002,REDACTED,Active,Northshire,',
        'EY900003,Elsewhere,Active,Farlandia,',
        'EY900004,Gone,Resigned,Northshire,',
        'EY900005,Odd,Perhaps,Northshire,',
      ),
      (name) => (name === 'Northshire' ? '999' : undefined),
    ),
  );
  expect(rows.map(({ urn, kind, status, authorityCode }) => [urn, kind, status, authorityCode])).toEqual([
    ['EY900001', 'early-years', 'open', '999'],
    ['EY900004', 'early-years', 'closed', '999'],
  ]);
  expect(problems.map(({ line }) => line)).toEqual([4, 5, 7]);
});

describe('contacts', () => {
  const header =
    'urn,authority,desk,role,name,email,mobile,working days,shared mailbox,verified,trained,holiday contact';
  const read = (...lines: string[]) => collect(readContacts(file(header, ...lines)));

  it('of settings, desks and the operator', async () => {
    const { rows, problems } = await read(
      '900123,,,dsl,Ada Quill,dsl@a.example,07700 900001,"Mon,Tue Friday",no,yes,15/09/2026,yes',
      '900123,,,DSL,Office,office@a.example,,,yes,,,',
      ',999,home-education,manager,Bo Quill,,+44 7700 900002',
      ',,operator,officer,Cy Quill,cy@a.example',
    );
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      {
        place: { kind: 'setting', urn: '900123', role: 'dsl' },
        name: 'Ada Quill',
        email: 'dsl@a.example',
        mobile: '+447700900001',
        workingDays: [1, 2, 5],
        sharedMailbox: false,
        verified: true,
        trainedOn: '2026-09-15',
        holidayContact: true,
      },
      expect.objectContaining({ sharedMailbox: true, workingDays: [1, 2, 3, 4, 5], mobile: null }),
      expect.objectContaining({
        place: { kind: 'desk', authorityCode: '999', desk: 'home-education', role: 'manager' },
        email: null,
        mobile: '+447700900002',
      }),
      expect.objectContaining({
        place: { kind: 'desk', authorityCode: null, desk: 'operator', role: 'officer' },
      }),
    ]);
  });

  it('lists what is wrong without naming the person', async () => {
    const { rows, problems } = await read(
      '900123,,,dsl,Secretname,not-an-address',
      '900123,,,dsl,Secretname,,12',
      '900123,,,dsl,Secretname,',
      '900123,,,dsl,,a@b.example',
      '900123,,,officer,Secretname,a@b.example',
      '900123,999,,dsl,Secretname,a@b.example',
      ',999,,officer,Secretname,a@b.example',
      ',,triage,officer,Secretname,a@b.example',
      ',999,operator,officer,Secretname,a@b.example',
      'nine,,,dsl,Secretname,a@b.example',
      '900123,,,dsl,Secretname,a@b.example,,Someday',
      '900123,,,dsl,Secretname,a@b.example,,,perhaps',
      '900123,,,dsl,Secretname,,07700900001,,yes',
      '900123,,,dsl,Ada Quill,a@b.example',
      '900123,,,dsl,ada quill,A@b.example',
    );
    expect(rows).toHaveLength(1);
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16]);
    expect(JSON.stringify(problems)).not.toMatch(/secretname|not-an-address/i);
  });
});

describe('calendars', () => {
  const read = (...lines: string[]) =>
    collect(readCalendarCsv(file('layer,key,from,to,state,kind,title,days', ...lines)));

  it('ranges, single days and days of the week', async () => {
    const { rows, problems } = await read(
      'authority,999,26-10-2026,30-10-2026,closed,holiday,Half-term,',
      'setting,900123,2026-11-27,,closed,inset,INSET',
      'setting,900123,2026-11-05,2026-11-13,closed,,,Thu Fri',
      'nation,England,2026-12-28,,closed,bank-holiday,Boxing Day',
      'setting,900123,2026-10-26,2026-10-27,open,,Open all the same',
    );
    expect(problems).toEqual([]);
    expect(rows.map(({ key, from, to, state, kind }) => [key, from, to, state, kind])).toEqual([
      ['999', '2026-10-26', '2026-10-30', 'closed', 'holiday'],
      ['900123', '2026-11-27', '2026-11-27', 'closed', 'inset'],
      ['900123', '2026-11-05', '2026-11-06', 'closed', 'closure'],
      ['900123', '2026-11-12', '2026-11-13', 'closed', 'closure'],
      ['england', '2026-12-28', '2026-12-28', 'closed', 'bank-holiday'],
      ['900123', '2026-10-26', '2026-10-27', 'open', 'term'],
    ]);
  });

  it('lists bad rows', async () => {
    const { rows, problems } = await read(
      'planet,1,2026-10-26,,closed',
      'authority,Northshire,2026-10-26,,closed',
      'nation,france,2026-10-26,,closed',
      'setting,,2026-10-26,,closed',
      'setting,900123,,,closed',
      'setting,900123,2026-13-01,,closed',
      'setting,900123,2026-10-26,2026-10-25,closed',
      'setting,900123,2026-10-26,2028-10-26,closed',
      'setting,900123,2026-10-26,,maybe',
      'setting,900123,2026-10-26,,closed,,,Sun',
    );
    expect(rows).toEqual([]);
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('school hours', async () => {
    const { rows, problems } = await collect(
      readSchoolHours(
        file(
          'urn,bell,home',
          '900123,8:45,15:15',
          '900124,15:15,08:45',
          '900125,25:00,26:00',
          'x,08:45,15:15',
          '900126,,15:15',
        ),
      ),
    );
    expect(rows).toEqual([{ urn: '900123', bell: '08:45', home: '15:15' }]);
    expect(problems.map(({ line }) => line)).toEqual([3, 4, 5, 6]);
  });

  it('iCalendar: whole closed days; the rest is listed and stays open', async () => {
    const { rows, problems } = await collect(
      readICalendar(
        file(
          'BEGIN:VCALENDAR',
          'BEGIN:VEVENT',
          'SUMMARY:Autumn half-term',
          'DTSTART;VALUE=DATE:20261026',
          'DTEND;VALUE=DATE:20261031',
          'END:VEVENT',
          'BEGIN:VEVENT',
          'DTSTART;VALUE=DATE:20261127',
          'SUMMARY:INSET day\\, school',
          '  closed',
          'END:VEVENT',
          'BEGIN:VEVENT',
          'DTSTART;VALUE=DATE:20261201',
          'SUMMARY:School play',
          'END:VEVENT',
          'BEGIN:VEVENT',
          'DTSTART:20261201T130000Z',
          'SUMMARY:Closed from lunch',
          'END:VEVENT',
          'BEGIN:VEVENT',
          'DTSTART;VALUE=DATE:20261201',
          'RRULE:FREQ=WEEKLY',
          'SUMMARY:Closed',
          'END:VEVENT',
          'END:VCALENDAR',
        ),
        { layer: 'setting', key: '900123' },
      ),
    );
    expect(rows).toEqual([
      {
        layer: 'setting',
        key: '900123',
        from: '2026-10-26',
        to: '2026-10-30',
        state: 'closed',
        kind: 'holiday',
        title: 'Autumn half-term',
      },
      {
        layer: 'setting',
        key: '900123',
        from: '2026-11-27',
        to: '2026-11-27',
        state: 'closed',
        kind: 'inset',
        title: 'INSET day, school closed',
      },
    ]);
    expect(problems.map(({ line }) => line)).toEqual([12, 16, 20]);
  });
});

it.each([
  ['not JSON', () => readForces('{')],
  ['not a list', () => readForces('{}')],
  ['not an object', () => readForces('[null]')],
  ['no name', () => readForces('[{"code":"a"}]')],
  [
    'an authority at the operator desk',
    () => readDesks('[{"authorityCode":"999","desk":"operator","name":"a"}]'),
  ],
  ['a desk of nobody', () => readDesks('[{"authorityCode":null,"desk":"triage","name":"a"}]')],
  ['a force user without force', () => readPeople('[{"role":"force","name":"a","email":"a@b.example"}]')],
])('lists in JSON are refused: %s', (_, read) => {
  expect(read).toThrow(expect.objectContaining({ name: 'FileRefused' }));
});
