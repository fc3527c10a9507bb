import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ImportContacts } from '../../src/directory/import-contacts.service.js';
import { ImportLists } from '../../src/directory/import-lists.service.js';
import { ImportSettings } from '../../src/directory/import-settings.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { contacts, gias, schools } from './directory-fixture.js';

let app: TestApp;
let service: ImportContacts;

beforeAll(async () => {
  app = await startApp({ jobs: { autoStart: false } });
  service = app.get(ImportContacts, { strict: false });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.db.inspect('TRUNCATE setting, setting_link, authority, force, person, outbox CASCADE');
  await app.get(ImportSettings, { strict: false }).fromGias(gias(...schools(3)));
});

const DSL = '940001,,,dsl,Kezia Tumbledown,dsl@one.example,07700 900000,Mon Tue Wed,no,yes,2026-09-15,yes';
const DEPUTY = '940001,,,deputy,Idwal Tarnhow,deputy@one.example,,,no,no,,no';
const OFFICE = '940001,,,dsl,Safeguarding office,office@one.example,,,yes,yes,,no';

const people = () =>
  app.db.inspect<{ name: string; email: string }>(`SELECT name, email FROM person ORDER BY email`);
const stored = () =>
  app.db.inspect<Record<string, unknown>>(`SELECT to_jsonb(c) AS row FROM contact c ORDER BY id`);
const contact = async (email: string) =>
  (await app.db.inspect<Record<string, unknown>>(`SELECT * FROM contact WHERE email = $1`, [email]))[0];
const armed = async () =>
  (
    await app.db.inspect<{ id: string }>(
      `SELECT payload->>'contactId' AS id FROM outbox WHERE name = 'directory.contact-changed'`,
    )
  ).map(({ id }) => id);

describe('contacts from a file', () => {
  it('are people by their addresses; a shared mailbox is nobody', async () => {
    const head = '940001,,,head,Kezia Tumbledown,DSL@one.example,,,no,yes,,no';
    const report = await service.run(contacts(DSL, DEPUTY, OFFICE, head));
    expect(report).toEqual({ read: 4, added: 4, changed: 0, unchanged: 0, desksCreated: [], problems: [] });
    expect(await people()).toEqual([
      { name: 'Idwal Tarnhow', email: 'deputy@one.example' },
      { name: 'Kezia Tumbledown', email: 'dsl@one.example' },
    ]);
    expect(await contact('office@one.example')).toMatchObject({ person_id: null, shared_mailbox: true });
    expect(await contact('dsl@one.example')).toMatchObject({
      role: 'dsl',
      mobile: '+447700900000',
      working_days: [1, 2, 3],
      holiday_contact: true,
      email_verified_at: app.clock.now(),
      mobile_verified_at: app.clock.now(),
    });
    expect(await contact('deputy@one.example')).toMatchObject({ email_verified_at: null });
  });

  it('stay as they are when the same file comes again, or one without them', async () => {
    await service.run(contacts(DSL, DEPUTY, OFFICE));
    const [before, jobs] = [await stored(), await armed()];
    expect(await service.run(contacts(DSL, DEPUTY, OFFICE))).toMatchObject({
      added: 0,
      changed: 0,
      unchanged: 3,
    });
    await service.run(contacts(DSL));
    expect(await stored()).toEqual(before);
    expect(await armed()).toEqual(jobs);
  });

  it('are looked at for conflicts of interest when they are new or renamed', async () => {
    await service.run(contacts(DSL, DEPUTY));
    const all = await app.db.inspect<{ id: string }>(`SELECT id FROM contact`);
    expect((await armed()).sort()).toEqual(all.map(({ id }) => id).sort());
    await app.db.inspect('DELETE FROM outbox');

    const married = DSL.replace('Tumbledown', 'Wintergreen');
    expect(await service.run(contacts(married, DEPUTY))).toMatchObject({
      added: 0,
      changed: 1,
      unchanged: 1,
    });
    const renamed = await contact('dsl@one.example');
    expect(renamed).toMatchObject({ name: 'Kezia Wintergreen' });
    expect(await armed()).toEqual([renamed?.['id']]);
    expect((await people()).map(({ name }) => name)).toEqual(['Idwal Tarnhow', 'Kezia Wintergreen']);
  });

  it('keep what is known of an address that stays, and forget it with one that goes', async () => {
    await service.run(contacts(DSL, DEPUTY));
    await app.db.inspect(`UPDATE contact SET email_bounced_at = $1, email_verified_at = $1`, [
      app.clock.now(),
    ]);
    // "verified: no" in the file does not undo what the person did.
    const moved = DSL.replace('dsl@one', 'kezia@trust').replace(',yes,2026', ',no,2026');
    await service.run(contacts(moved, DEPUTY.replace('Mon', 'Tue')));
    expect(await contact('kezia@trust.example')).toMatchObject({
      name: 'Kezia Tumbledown',
      email_bounced_at: null,
      email_verified_at: null,
    });
    expect(await contact('dsl@one.example')).toBeUndefined();
    expect(await contact('deputy@one.example')).toMatchObject({
      email_bounced_at: app.clock.now(),
      email_verified_at: app.clock.now(),
    });
  });

  it('are left out, with their line, where the place is unknown or the address is a shared mailbox', async () => {
    await service.run(contacts(OFFICE));
    const report = await service.run(
      contacts(
        '949999,,,dsl,Nobody Knows,x@nine.example,,,no,yes,,no',
        '940002,,,dsl,Ines Bramblewick,OFFICE@one.example,,,no,yes,,no',
        ',899,duty,officer,Yusuf Wintergreen,duty@else.example,,,no,yes,,no',
        '940002,,,head,Bad Row,not-an-address,,,no,yes,,no',
        '940002,,,head,Edda Rookhope,head@two.example,,,no,yes,,no',
      ),
    );
    expect(report).toMatchObject({ added: 1 });
    expect(report.problems.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
    for (const { problem } of report.problems) expect(problem).not.toMatch(/Ines|Nobody|Yusuf|example/);
    expect((await people()).map(({ email }) => email)).toEqual(['head@two.example']);
  });

  it('are no shared mailbox at an address with which somebody signs in: they would get no code any more', async () => {
    await service.run(contacts(DSL));
    await app.db.inspect(
      `INSERT INTO person (id, name, email, administrator, created_at)
       VALUES ('019aa000-0000-7000-8000-000000000001', 'Ad Ministra', 'admin@one.example', true, $1)`,
      [app.clock.now()],
    );
    const mailbox = (email: string): string => `940002,,,dsl,Office,${email},,,yes,yes,,no`;
    const report = await service.run(
      contacts(mailbox('ADMIN@one.example'), mailbox('dsl@one.example'), mailbox('two@two.example')),
    );
    expect(report).toMatchObject({ added: 1 });
    expect(report.problems.map(({ line }) => line)).toEqual([2, 3]);
    for (const { problem } of report.problems) expect(problem).toMatch(/signs in/);
    // Her own line in the same file does not give the address up.
    const twice = await service.run(contacts(DSL, '940001,,,deputy,Office,dsl@one.example,,,yes,yes,,no'));
    expect(twice.problems.map(({ line }) => line)).toEqual([3]);
    expect(await contact('dsl@one.example')).toMatchObject({ shared_mailbox: false, role: 'dsl' });
  });

  it('make the desk that they are at, and with it the authority a served one', async () => {
    const officer = ',801,duty,officer,Yusuf Wintergreen,duty1@testshire.example,,,no,yes,,no';
    const report = await service.run(
      contacts(officer, ',,operator,officer,Ffion Moss,operator@here.example,,,no,yes,,no'),
    );
    expect(report).toMatchObject({
      added: 2,
      desksCreated: ['Testshire: duty desk', 'Operator of this installation'],
    });
    expect(await app.db.inspect(`SELECT code, served FROM authority`)).toEqual([
      { code: '801', served: true },
    ]);
    expect((await service.run(contacts(officer))).desksCreated).toEqual([]);
  });
});

describe('lists from JSON', () => {
  it('bring forces, desks and people, and bring them up to date', async () => {
    const lists = app.get(ImportLists, { strict: false });
    const desk = (name: string) =>
      JSON.stringify([{ authorityCode: '801', desk: 'duty', name, email: null, telephone: '01632 960910' }]);
    await lists.deskList(desk('Old name'));
    await lists.deskList(desk('Duty desk'));
    expect(await app.db.inspect(`SELECT name, telephone FROM desk`)).toEqual([
      { name: 'Duty desk', telephone: '01632 960910' },
    ]);
    const force = {
      code: 'test',
      name: 'Testshire Police',
      defaultAuthorityCode: '801',
      mailbox: null,
      telephone: null,
      disclosureProfile: 'full',
      authorities: [],
    };
    await lists.forces(JSON.stringify([force]));
    await lists.people(
      JSON.stringify([
        { role: 'force', name: 'Sergeant Tarnhow', email: 's@police.example', force: 'test' },
        { role: 'administrator', name: 'Morwenna Keyholder', email: 'a@here.example', force: null },
      ]),
    );
    expect(
      await app.db.inspect(`SELECT email, administrator, force_code FROM person ORDER BY email`),
    ).toEqual([
      { email: 'a@here.example', administrator: true, force_code: null },
      { email: 's@police.example', administrator: false, force_code: 'test' },
    ]);
    await expect(lists.forces(JSON.stringify([{ ...force, defaultAuthorityCode: '899' }]))).rejects.toThrow(
      /no authority 899/,
    );
  });
});
