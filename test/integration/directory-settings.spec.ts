import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ImportLinks } from '../../src/directory/import-links.service.js';
import { ImportSettings, TooManyClosures } from '../../src/directory/import-settings.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { file, gias, schools } from './directory-fixture.js';

let app: TestApp;
let settings: ImportSettings;

beforeAll(async () => {
  app = await startApp({ jobs: { autoStart: false } });
  settings = app.get(ImportSettings, { strict: false });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.db.inspect('TRUNCATE setting, setting_link, authority CASCADE');
});

const stored = async (urn: number) =>
  (await app.db.inspect<Record<string, unknown>>(`SELECT * FROM setting WHERE urn = $1`, [String(urn)]))[0];
const everything = () =>
  app.db.inspect(`SELECT to_jsonb(s) - 'imported_at' AS row FROM setting s ORDER BY urn`);

describe('the register of schools', () => {
  it('creates settings and unknown authorities, which are not served while they have no desk', async () => {
    const report = await settings.fromGias(
      gias({ urn: 940001, name: 'St Bede’s C of E Primary School' }, { urn: 940002, type: '25' }),
    );
    expect(report).toMatchObject({ read: 2, added: 2, closed: [], absent: [], problems: [] });
    expect(report.opened.map(({ urn }) => urn)).toEqual(['940001', '940002']);
    expect(report.authoritiesCreated).toEqual([{ code: '801', name: 'Testshire' }]);
    expect(await stored(940001)).toMatchObject({
      normalised_name: 'saint bedes',
      laestab: '8012001',
      establishment_number: '2001',
      routable: true,
      status: 'open',
      bell: '08:45',
    });
    expect(await stored(940002)).toMatchObject({ routable: false });
    expect(await app.db.inspect(`SELECT served FROM authority`)).toEqual([{ served: false }]);
  });

  it('changes nothing when the same file comes again, and keeps bells', async () => {
    await settings.fromGias(gias(...schools(30)));
    await app
      .get(ImportLinks, { strict: false })
      .hours(file('urn,bell,home', '940003,08:20,14:50', '949999,09:00,15:00'));
    const before = await everything();
    const report = await settings.fromGias(gias(...schools(30)));
    expect(report).toMatchObject({ read: 30, added: 0, opened: [], closed: [], renamed: [], absent: [] });
    expect(await everything()).toEqual(before);
    expect(await stored(940003)).toMatchObject({ bell: '08:20', home_time: '14:50' });
  });

  it('tells what opened, closed, was renamed and moved authority', async () => {
    await settings.fromGias(gias(...schools(40, (urn) => (urn === 940001 ? { status: '4' } : {}))));
    const report = await settings.fromGias(
      gias(
        ...schools(41, (urn) => {
          if (urn === 940002) return { status: '2' };
          if (urn === 940003) return { name: 'Larkspur Primary Academy' };
          if (urn === 940004) return { la: '802', laName: 'Othershire' };
          return urn === 940005 ? { status: '3' } : {};
        }),
      ),
    );
    expect(report).toMatchObject({
      read: 41,
      added: 1,
      opened: [{ urn: '940001' }, { urn: '940040' }],
      closed: [{ urn: '940002', name: 'School 940002' }],
      renamed: [{ urn: '940003', from: 'School 940003', to: 'Larkspur Primary Academy' }],
      movedAuthority: [{ urn: '940004', from: '801', to: '802' }],
      authoritiesCreated: [{ code: '802' }],
    });
    expect(await stored(940002)).toMatchObject({ status: 'closed' });
    expect(await stored(940003)).toMatchObject({ normalised_name: 'larkspur' });
    expect(await stored(940005)).toMatchObject({ status: 'proposed-to-close' });
  });

  it('refuses more than 5 % closures in one file and then has changed nothing', async () => {
    await settings.fromGias(gias(...schools(40)));
    const before = await everything();
    const closing = gias(
      ...schools(41, (urn) => (urn < 940_003 ? { status: '2', name: 'Gone', la: '803' } : {})),
    );
    await expect(settings.fromGias(closing)).rejects.toThrow(TooManyClosures);
    await expect(settings.fromGias(closing)).rejects.toThrow(/3 of the 40 open settings.*--allow-closures/);
    expect(await everything()).toEqual(before);
    expect(await app.db.inspect(`SELECT code FROM authority`)).toEqual([{ code: '801' }]);

    expect((await settings.fromGias(closing, { allowClosures: true })).closed).toHaveLength(3);
    expect(await stored(940000)).toMatchObject({ status: 'closed' });
  });

  it('accepts exactly 5 %, and counts only what was open before', async () => {
    await settings.fromGias(gias(...schools(40)));
    const two = gias(...schools(40, (urn) => (urn < 940_002 ? { status: '2' } : {})));
    expect((await settings.fromGias(two)).closed).toHaveLength(2);
    // Closed already: the same file closes nobody any more.
    expect((await settings.fromGias(two)).closed).toEqual([]);
  });

  it('lists settings that are not in the file and leaves them alone', async () => {
    await settings.fromGias(gias(...schools(40)));
    const report = await settings.fromGias(gias(...schools(38)));
    expect(report.absent).toEqual([
      { urn: '940038', name: 'School 940038', status: 'open' },
      { urn: '940039', name: 'School 940039', status: 'open' },
    ]);
    expect(await stored(940039)).toMatchObject({ status: 'open' });
  });

  it('closes by the status Closed alone', async () => {
    await settings.fromGias(gias(...schools(40)));
    const report = await settings.fromGias(
      gias(...schools(40, (urn) => (urn === 940_007 ? { status: '4' } : {}))),
    );
    expect(report).toMatchObject({ closed: [], leftOpen: [{ urn: '940007' }] });
    expect(await stored(940007)).toMatchObject({ status: 'open' });
  });

  it('lists bad rows with their line and takes the others', async () => {
    const report = await settings.fromGias(
      gias({ urn: 'abc' }, { urn: 940001 }, { urn: 940002, status: '9' }, { urn: 940001 }, { urn: 940003 }),
    );
    expect(report.read).toBe(2);
    expect(report.problems.map(({ line }) => line)).toEqual([2, 4, 5]);
    expect(report.problems[2]?.problem).toContain('line 3');
  });

  it('does not mistake a childcare provider for the school with the same number', async () => {
    await settings.fromGias(gias({ urn: 940001 }));
    const report = await settings.fromOfsted(
      file(
        'Provider URN,Provider name,Provider status,Local authority,Postcode',
        '940001,Little Acorns,Active,Testshire,ZZ1 1AA',
        'EY900002,Puddleducks,Active,Testshire,ZZ1 1AB',
        'EY900003,Elsewhere,Active,Nowhereshire,ZZ1 1AB',
      ),
    );
    expect(report).toMatchObject({ read: 1, added: 1, absent: [] });
    expect(report.problems.map(({ line }) => line)).toEqual([2, 4]);
    expect(await stored(940001)).toMatchObject({ kind: 'school', name: 'School 940001' });
  });

  it('is on the record, under the name of whoever imported', async () => {
    await settings.fromGias(gias(...schools(3)));
    const [event] = await app.db.inspect(
      `SELECT actor, action, detail FROM audit_event WHERE action = 'directory.imported' ORDER BY id DESC LIMIT 1`,
    );
    expect(event).toMatchObject({ actor: 'system:import', detail: { what: 'schools', read: 3, added: 3 } });
  });
});

describe('links between schools', () => {
  const links = (...lines: string[]) => file('URN,LinkURN,LinkName,LinkType,LinkEstablishedDate', ...lines);

  it('follow the file for every school that it names, and stay for others', async () => {
    const service = app.get(ImportLinks, { strict: false });
    const first = await service.fromGias(
      links('940001,940002,B,Successor,01-09-2021', '940003,940004,D,Successor,', 'x,940004,D,Successor,'),
    );
    expect(first).toMatchObject({ read: 2, added: 2, removed: 0, problems: [{ line: 4 }] });
    const second = await service.fromGias(links('940001,940005,E,Successor,01-09-2022'));
    expect(second).toMatchObject({ added: 1, removed: 1 });
    expect(await service.fromGias(links('940001,940005,E,Successor,01-09-2022'))).toMatchObject({
      added: 0,
      removed: 0,
    });
    expect(await app.db.inspect(`SELECT urn, link_urn, kind FROM setting_link ORDER BY urn`)).toEqual([
      { urn: '940001', link_urn: '940005', kind: 'successor' },
      { urn: '940003', link_urn: '940004', kind: 'successor' },
    ]);
  });
});
