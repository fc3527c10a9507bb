import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandFailed, WrongUse, type CommandRegistration } from '../../src/common/command-line.js';
import { DEMONSTRATION_FOLDER } from '../../src/demonstration/demonstration-files.js';
import { LoadDemonstration } from '../../src/demonstration/load-demonstration.service.js';
import { calendarCommands } from '../../src/directory/calendar.command.js';
import { schoolsCommands } from '../../src/directory/schools.command.js';
import { planCommand } from '../../src/escalation/plan.command.js';
import { routeCommand } from '../../src/routing/route.command.js';
import { startApp, type TestApp } from '../support/app.js';
import { Factory } from '../support/factories.js';

let app: TestApp;
let folder: string;

beforeAll(async () => {
  app = await startApp({ jobs: { autoStart: false } });
  folder = await mkdtemp(join(tmpdir(), 'firstbell-plan-'));
  await app.get(LoadDemonstration, { strict: false }).load();
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command on the application under test; gives what it printed. */
async function run<Value>(
  register: CommandRegistration,
  ...argv: string[]
): Promise<{ value: Value; text: string }> {
  const printed: { value: unknown; text: string }[] = [];
  const program = new Command().exitOverride();
  register(program, {
    json: false,
    withApplication: (work) => work(app.nest),
    print: (value, lines) => void printed.push({ value, text: lines.join('\n') }),
  });
  await program.parseAsync(argv, { from: 'user' });
  expect(printed).toHaveLength(1);
  return JSON.parse(JSON.stringify(printed[0])) as { value: Value; text: string };
}

interface Plan {
  setting: string;
  acknowledgeBy: string;
  receivedLate: boolean;
  bell: string;
  holidayBy: string | null;
  rungs: {
    rung: string;
    at: string;
    role: string;
    contacts: { name: string; channels: string[] }[];
    why: string;
  }[];
}

const plan = (received: string, risk = 'high', setting = '900123') =>
  run<Plan>(planCommand, 'plan', '--setting', setting, '--received', received, '--risk', risk);

describe('plan', () => {
  it('prints exactly the contract, every rung listed', async () => {
    const { value } = await plan('2026-11-22T23:10:00Z');
    expect(Object.keys(value)).toEqual([
      'setting',
      'receivedAt',
      'risk',
      'acknowledgeBy',
      'receivedLate',
      'bell',
      'holidayBy',
      'rungs',
    ]);
    for (const rung of value.rungs)
      expect(Object.keys(rung)).toEqual(['rung', 'at', 'role', 'contacts', 'skipped', 'why']);
    expect(value.rungs.map(({ rung, at, role }) => [rung, at, role])).toEqual([
      ['first', '2026-11-22T23:10:00.000Z', 'dsl'],
      ['reminder', '2026-11-23T07:45:00.000Z', 'dsl'],
      ['deputies', '2026-11-23T08:00:00.000Z', 'deputy'],
      ['head', '2026-11-23T08:15:00.000Z', 'head'],
      ['desk', '2026-11-23T08:30:00.000Z', 'desk'],
      ['missed', '2026-11-23T08:45:00.000Z', 'desk'],
    ]);
    expect(value.rungs[0]?.contacts).toContainEqual({
      id: expect.any(String),
      name: 'Kezia Tumbledown',
      channels: ['email'],
    });
  });

  it.each([
    ['a Sunday evening', '2026-11-22T23:10:00Z', '2026-11-23T08:45:00.000Z', false, null],
    ['on the cutoff', '2026-11-23T07:30:00Z', '2026-11-23T08:45:00.000Z', false, null],
    ['after the cutoff', '2026-11-23T07:30:01Z', '2026-11-23T08:30:01.000Z', true, null],
    ['in the last minutes of the day', '2026-11-23T15:08:00Z', '2026-11-23T15:13:00.000Z', true, null],
    ['at home time', '2026-11-23T15:15:00Z', '2026-11-24T08:45:00.000Z', false, null],
    ['before a bank holiday', '2026-04-30T20:00:00+01:00', '2026-05-01T07:45:00.000Z', false, null],
    ['over Good Friday and Easter Monday', '2026-04-02T20:00:00Z', '2026-04-07T07:45:00.000Z', false, null],
    ['in summer time', '2026-10-22T20:00:00Z', '2026-10-23T07:45:00.000Z', false, null],
    [
      'in the half-term, with an INSET day after it',
      '2026-10-26T10:00:00Z',
      '2026-11-03T08:45:00.000Z',
      false,
      '2026-10-26T12:00:00.000Z',
    ],
  ])('%s', async (_, received, acknowledgeBy, receivedLate, holidayBy) => {
    expect((await plan(received)).value).toMatchObject({ acknowledgeBy, receivedLate, holidayBy });
  });

  it('uses the setting’s own bell', async () => {
    expect((await plan('2026-11-22T23:10:00Z', 'standard', '910101')).value.bell).toBe(
      '2026-11-23T08:30:00.000Z',
    );
  });

  it('is a table in London time for people', async () => {
    const { text } = await plan('2026-11-22T23:10:00Z', 'NOT-ASSESSED');
    expect(text).toContain('To be read by Mon 23 Nov 2026 08:45');
    expect(text).toContain('Kezia Tumbledown (dsl) by e-mail');
  });

  it.each([
    ['an unknown URN', ['900999', '2026-11-22T23:10:00Z', 'high'], /schools import/],
    ['no offset', ['900123', '2026-11-22T23:10:00', 'high'], /offset/],
    ['a day that is not', ['900123', '2026-02-30T10:00:00Z', 'high'], /not an instant/],
    ['words', ['900123', 'yesterday', 'high'], /not an instant/],
    [
      'an unknown grade',
      ['900123', '2026-11-22T23:10:00Z', 'severe'],
      /standard, medium, high, not-assessed/,
    ],
  ])('says what to do about %s', async (_, [urn, received, risk], message) => {
    const wrong = plan(received ?? '', risk, urn);
    await expect(wrong).rejects.toThrow(WrongUse);
    await expect(plan(received ?? '', risk, urn)).rejects.toThrow(message);
  });
});

interface Route {
  decision: string;
  urn?: string;
  desk?: string;
  authority: string | null;
  score: number | null;
  candidates: { urn: string; name: string; score: number; why: string }[];
  why: string;
}

const factory = new Factory(7);
let files = 0;
async function route(child: Record<string, unknown>, ...more: string[]): Promise<Route> {
  const notification = factory.notification(app.clock.now(), {
    children: [factory.child({ forename: 'Ada', surname: 'Example', dateOfBirth: '2017-03-04', ...child })],
  });
  const path = join(folder, `${(files += 1)}.json`);
  await writeFile(path, JSON.stringify(notification));
  return (await run<Route>(routeCommand, 'route', '--explain', path, ...more)).value;
}

describe('route --explain', () => {
  it('a stated URN that is open goes there', async () => {
    const value = await route({ homeAuthorityCode: '999', settings: [{ urn: '900123' }] });
    expect(Object.keys(value)).toEqual([
      'decision',
      'urn',
      'authority',
      'score',
      'margin',
      'threshold',
      'candidates',
      'why',
    ]);
    expect(value).toMatchObject({ decision: 'setting', urn: '900123', authority: '999', score: 1 });
  });

  it('a closed school leads to its successor', async () => {
    expect(await route({ homeAuthorityCode: '999', settings: [{ urn: '900153' }] })).toMatchObject({
      decision: 'setting',
      urn: '900105',
    });
  });

  it('a name that many schools have needs a person, who sees the candidates', async () => {
    const value = await route({ homeAuthorityCode: '999', settings: [], schoolStated: "St Mary's" });
    expect(value).toMatchObject({ decision: 'desk', desk: 'triage', authority: '999' });
    expect(value.candidates.length).toBeGreaterThan(1);
    expect(Object.keys(value.candidates[0] ?? {})).toEqual(['urn', 'name', 'score', 'why']);
  });

  it('a home-educated child belongs to that desk', async () => {
    expect(await route({ homeAuthorityCode: '990', education: 'home-educated', settings: [] })).toMatchObject(
      { decision: 'desk', desk: 'home-education', authority: '990' },
    );
  });

  it('an unknown URN without a home goes to the force’s authority, or else to the operator', async () => {
    const child = { homePostcode: null, settings: [{ urn: '949999' }] };
    expect(await route(child, '--force', 'demo-west')).toMatchObject({ decision: 'desk', authority: '991' });
    expect(await route(child)).toMatchObject({ decision: 'desk', authority: null });
  });

  it('explains every child of the shipped notifications, also of one still to come', async () => {
    const path = new URL('notifications/6-siblings-at-two-schools.json', DEMONSTRATION_FOLDER);
    const { children } = JSON.parse(await readFile(path, 'utf8')) as { children: unknown[] };
    const { value, text } = await run<Route[]>(routeCommand, 'route', '--explain', path.pathname);
    expect(value).toHaveLength(children.length);
    expect(value.map(({ decision }) => decision)).toEqual(children.map(() => 'setting'));
    expect(text).toContain('Child 1: to the setting');
  });

  it('says what is wrong with a file', async () => {
    const path = join(folder, 'bad.json');
    await writeFile(path, '{"forceReference": "X"}');
    await expect(run(routeCommand, 'route', '--explain', path)).rejects.toThrow(/\/children/);
    await expect(run(routeCommand, 'route', '--explain', join(folder, 'none.json'))).rejects.toThrow(
      CommandFailed,
    );
    await expect(route({ settings: [] }, '--force', 'nobody')).rejects.toThrow(WrongUse);
  });
});

describe('import commands', () => {
  it('tell a person what changed, and refuse too many closures with exit 1', async () => {
    const original = await readFile(new URL('edubasealldata-demo.csv', DEMONSTRATION_FOLDER), 'latin1');
    const path = join(folder, 'gias.csv');
    await writeFile(path, original.replaceAll('"1","Open"', '"2","Closed"'), 'latin1');
    const refused = run(schoolsCommands, 'schools', 'import', path);
    await expect(refused).rejects.toThrow(CommandFailed);
    await expect(refused).rejects.toMatchObject({ details: { code: 'too-many-closures' } });
    const { text } = await run(
      schoolsCommands,
      'schools',
      'import',
      new URL('edubasealldata-demo.csv', DEMONSTRATION_FOLDER).pathname,
    );
    expect(text).toBe('146 settings read, 0 of them new');
  });

  it('take an iCalendar file for one owner', async () => {
    const path = join(folder, 'closures.ics');
    const event = (summary: string) =>
      `BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261124\r\nSUMMARY:${summary}\r\nEND:VEVENT\r\n`;
    await writeFile(
      path,
      `BEGIN:VCALENDAR\r\n${event('INSET day')}${event('Nativity play')}END:VCALENDAR\r\n`,
    );
    await expect(run(calendarCommands, 'calendar', 'import', path)).rejects.toThrow(WrongUse);
    const owner = ['--layer', 'setting', '--key', '900123'];
    const { value } = await run(calendarCommands, 'calendar', 'import', path, ...owner);
    expect(value).toMatchObject({
      read: 1,
      added: 1,
      problems: [{ problem: expect.stringContaining('stay open') }],
    });
    expect((await plan('2026-11-23T20:00:00Z')).value.acknowledgeBy).toBe('2026-11-25T08:45:00.000Z');
    const nobody = await run(
      calendarCommands,
      'calendar',
      'import',
      path,
      '--layer',
      'setting',
      '--key',
      '949999',
    );
    expect(nobody.value).toMatchObject({ read: 0, added: 0 });
  });

  it('keep progress away from the answer', async () => {
    const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const { progressLine } = await import('../../src/directory/import/import-file.js');
      const progress = progressLine('schools import');
      for (let lines = 1_000; lines <= 25_000; lines += 1_000) progress(lines);
      expect(told.mock.calls.map(([text]) => text)).toEqual([
        'schools import: 10000 lines read\n',
        'schools import: 20000 lines read\n',
      ]);
    } finally {
      told.mockRestore();
    }
  });
});
