import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ImportBankHolidays } from '../../src/calendar/import-bank-holidays.service.js';
import { systemActor } from '../../src/common/actor.js';
import { FileRefused } from '../../src/directory/import/import-line.js';
import { ImportSettings } from '../../src/directory/import-settings.service.js';
import { RegisterReading } from '../../src/directory/register-reading.service.js';
import { CalendarUpkeep } from '../../src/upkeep/calendar-upkeep.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { file, gias, schools } from './directory-fixture.js';

const ACTOR = systemActor('test');
let app: TestApp;
let settings: ImportSettings;

beforeAll(async () => {
  app = await startApp({ jobs: { autoStart: false } });
  settings = app.get(ImportSettings, { strict: false });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.db.inspect('TRUNCATE setting, setting_link, authority CASCADE; TRUNCATE outbox');
});

const told = async () =>
  (
    await app.db.inspect<{ key: string }>(
      `SELECT payload->>'key' AS key FROM outbox WHERE name = 'calendar.changed' ORDER BY 1`,
    )
  ).map(({ key }) => key);

describe('a setting in the register', () => {
  it('has a history of what imports changed, and its successor chain', async () => {
    const links = file(
      'URN,LinkURN,LinkName,LinkType,LinkEstablishedDate',
      '940000,940001,B,Successor - Split School,',
      '940000,940002,C,Successor - Split School,01-09-2021',
    );
    await settings.fromGias(gias(...schools(40)));
    const report = await settings.fromGias(
      gias(...schools(40, (urn) => (urn === 940_000 ? { status: '2', name: 'Old School', la: '802' } : {}))),
      { links },
    );
    expect(report.links).toMatchObject({ read: 2, added: 2 });
    const entry = await app.get(RegisterReading, { strict: false }).read(ACTOR, '940000');
    expect(entry.changes.map(({ what, was, became }) => `${what} ${was} ${became}`).sort()).toEqual([
      'authority 801 802',
      'name School 940000 Old School',
      'status open closed',
    ]);
    expect(entry.chain).toMatchObject({
      outcome: 'several-successors',
      steps: [{ urn: '940001' }, { urn: '940002' }],
    });
    // Its days are another authority's now.
    expect(await told()).toEqual(['940000']);
  });

  it('is never closed without its successor: a bad file of links undoes the whole import', async () => {
    await settings.fromGias(gias(...schools(40)));
    const closing = gias(...schools(40, (urn) => (urn === 940_000 ? { status: '2' } : {})));
    await expect(settings.fromGias(closing, { links: file('not,links', '1,2') })).rejects.toThrow(
      FileRefused,
    );
    const [row] = await app.db.inspect(`SELECT status FROM setting WHERE urn = '940000'`);
    expect(row).toEqual({ status: 'open' });
  });

  it('comes from the Welsh list where GIAS lacks it, under its GIAS number where it does not', async () => {
    await settings.fromGias(
      gias({ urn: 940001, la: '660', laName: 'Ynys Test', number: '2130', type: '30' }, { urn: 940002 }),
    );
    const list = file(
      'Authority code,School number,School name,Town,Postcode,Sector',
      '660,660 2130,Ysgol Bryn Môr,Trefbrawf,ZZ1 1AA,Primary',
      '660,6602131,Ysgol y Graig,Trefbrawf,ZZ1 1AB,Primary',
      '661,6602132,Elsewhere,Trefbrawf,ZZ1 1AB,Primary',
    );
    const report = await settings.fromWales(list);
    expect(report).toMatchObject({ read: 2, added: 1, absent: [], problems: [{ line: 4 }] });
    const rows = await app.db.inspect<{ urn: string; name: string; nation: string }>(
      `SELECT urn, name, nation FROM setting ORDER BY urn`,
    );
    expect(rows).toEqual([
      { urn: '940001', name: 'Ysgol Bryn Môr', nation: 'wales' },
      { urn: '940002', name: 'School 940002', nation: 'england' },
      { urn: 'W6602131', name: 'Ysgol y Graig', nation: 'wales' },
    ]);
    expect((await settings.fromGias(gias({ urn: 940001, la: '660' }, { urn: 940002 }))).absent).toEqual([]);
  });

  it('from Ofsted: withheld childminders are counted, not listed; authorities are found however they are written', async () => {
    await settings.fromGias(gias({ urn: 940001, laName: 'Bath & Test-shire' }));
    const report = await settings.fromOfsted(
      file(
        'Childcare providers and inspections',
        '',
        'PROVIDER URN,provider name,Provider Status,Local Authority',
        'EY900001,Little Acorns,Active,bath and test shire',
        'EY900002,REDACTED,Active,Bath & Test-shire',
        'EY900003,redacted,Active,Bath & Test-shire',
      ),
    );
    expect(report).toMatchObject({ read: 1, added: 1, withheld: 2, problems: [] });
  });

  it('keeps constant memory for one line without end, and says what is wrong', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const endless = function* (): Generator<Buffer> {
      for (let mb = 0; mb < 1_000; mb += 1) yield chunk;
    };
    const before = process.memoryUsage().rss;
    await expect(settings.fromGias(endless)).rejects.toThrow('no line with these column names');
    // Far less than the line; not less, because other garbage of this process may wait to be collected.
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  });
});

describe('bank holidays', () => {
  const list = (...dates: [string, string][]): string =>
    JSON.stringify({
      'england-and-wales': { events: dates.map(([date, title]) => ({ date, title })) },
      scotland: { events: [] },
      'northern-ireland': { events: [] },
    });
  const sources = () =>
    app.db.inspect<{ date: string; source: string; gone: boolean }>(
      `SELECT from_date::text AS date, source, missing_since IS NOT NULL AS gone FROM calendar_entry
       WHERE layer = 'nation' AND key = 'wales' AND from_date BETWEEN '2027-05-01' AND '2027-06-30' ORDER BY 1`,
    );

  it('are merged from gov.uk’s list: a day that leaves it is reported and stays; England and Wales have the same', async () => {
    const service = app.get(ImportBankHolidays, { strict: false });
    const first = await service.fromJson(
      ACTOR,
      list(
        ['2027-05-03', 'Early May bank holiday'],
        ['2027-06-04', 'Jubilee'],
        ['2027-12-27', 'Christmas Day'],
      ),
    );
    expect(first.added.map(({ nation, date }) => `${nation} ${date}`)).toEqual([
      'england 2027-06-04',
      'wales 2027-06-04',
    ]);
    expect(first.missing.map(({ date }) => date)).toContain('2027-05-31');
    expect((await told()).sort()).toEqual(['england', 'wales']);
    const moved = await service.fromJson(
      ACTOR,
      list(
        ['2027-05-03', 'Early May bank holiday'],
        ['2027-06-11', 'Jubilee'],
        ['2027-12-27', 'Christmas Day'],
      ),
    );
    expect(moved.missing.map(({ nation, date }) => `${nation} ${date}`)).toContain('wales 2027-06-04');
    expect(await sources()).toEqual([
      { date: '2027-05-03', source: 'gov.uk', gone: false },
      { date: '2027-05-31', source: 'rule', gone: true },
      { date: '2027-06-04', source: 'gov.uk', gone: true },
      { date: '2027-06-11', source: 'gov.uk', gone: false },
    ]);
    await expect(service.fromJson(ACTOR, '<html>')).rejects.toThrow('Nothing was changed');
  });

  it('are looked after once a day: the list is fetched, days that left it raise an alert, and the next day is armed once', async () => {
    const server = createServer((_request, response) =>
      response.end(
        list(
          ['2027-05-03', 'Early May bank holiday'],
          ['2027-06-18', 'Regatta'],
          ['2027-12-27', 'Christmas Day'],
        ),
      ),
    ).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const upkeep = app.get(CalendarUpkeep, { strict: false });
    const { port } = server.address() as AddressInfo;
    Object.assign(upkeep['config'], { bankHolidaysUrl: `http://127.0.0.1:${port}/bank-holidays.json` });
    await upkeep.run('2026-11-22', new AbortController().signal);
    await upkeep.run('2026-11-22', new AbortController().signal);
    server.close();
    expect((await sources()).map(({ date }) => date)).toContain('2027-06-18');
    const armed = await app.db.inspect<{ day: string; due: Date }>(
      `SELECT payload->>'day' AS day, due_at AS due FROM outbox WHERE name = 'calendar.upkeep'`,
    );
    expect(armed).toEqual([{ day: '2026-11-23', due: new Date('2026-11-23T03:40:00Z') }]);
    const alerts = await app.db.inspect<{ subject: string }>(
      `SELECT subject FROM alert WHERE kind = 'calendar-runs-out' AND cleared_at IS NULL ORDER BY 1`,
    );
    expect(alerts.map(({ subject }) => subject)).toEqual(['england', 'wales']);
    // Down on the next day: nothing is lost, and it is tried again the day after.
    await upkeep.run('2026-11-23', new AbortController().signal);
    expect(app.log.text()).toContain('BANK_HOLIDAYS_URL could not be read');
  });
});
