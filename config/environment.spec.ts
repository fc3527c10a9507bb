import { describe, expect, it } from '@jest/globals';
import { configured } from './config.js';
import { Environment, readEnvironment, VARIABLES } from './environment.js';
import { newKeysJson } from './keys.js';
import { describeProblems, StartRefused } from './problems.js';

const CONFIGURED = {
  DATABASE_URL: 'postgres://firstbell_app:s3cret@db:5432/firstbell',
  PUBLIC_URL: 'https://firstbell.example.org',
  SMTP_URL: 'smtp://mail:1025',
  MAIL_FROM: 'Firstbell <firstbell@example.org>',
  OPERATOR_EMAIL: 'operator@example.org',
  FIRSTBELL_KEYS: newKeysJson(new Date(0)),
};

function problemsOf(source: Record<string, string | undefined>): string[] {
  try {
    readEnvironment(source);
    return [];
  } catch (error) {
    if (error instanceof StartRefused) return [...error.problems];
    throw error;
  }
}

describe('the environment', () => {
  it('needs nothing at all for the embedded default', () => {
    expect(problemsOf({ PATH: '/usr/bin', HOME: '/root' })).toEqual([]);
  });

  it('counts an empty value as absent', () => {
    expect(problemsOf({ DATABASE_URL: ' ', PORT: '' })).toEqual([]);
  });

  it('is complete with the variables that the message asks for', () => {
    expect(problemsOf(CONFIGURED)).toEqual([]);
    expect(configured(readEnvironment(CONFIGURED)).keys.masterKeys[0]?.key).toHaveLength(32);
  });

  it('names every problem at once', () => {
    const problems = problemsOf({
      ...CONFIGURED,
      PORT: '80x',
      LOG_LEVEL: 'loud',
      MAIL_FROM: undefined,
      TRUST_PROXY: 'all',
    });
    expect(problems).toHaveLength(4);
    for (const name of ['PORT', 'LOG_LEVEL', 'MAIL_FROM', 'TRUST_PROXY']) {
      expect(problems.filter((problem) => problem.startsWith(name))).toHaveLength(1);
    }
  });

  it.each<[string, Record<string, string | undefined>, RegExp]>([
    ['a port out of range', { PORT: '65536' }, /PORT must be a whole number from 0 to 65535/],
    ['a negative port', { PORT: '-1' }, /PORT must be/],
    [
      'a clock without an offset',
      { FIRSTBELL_CLOCK: '2026-11-22T23:10:00 x60' },
      /FIRSTBELL_CLOCK cannot be read: write an instant/,
    ],
    [
      'a clock that stands still',
      { FIRSTBELL_CLOCK: '2026-11-22T23:10:00Z x0' },
      /FIRSTBELL_CLOCK cannot be read/,
    ],
    [
      'a clock beside a real database',
      { ...CONFIGURED, FIRSTBELL_CLOCK: '2026-11-22T23:10:00Z' },
      /embedded demonstration only/,
    ],
    ['an embedded default that others could reach', { HOST: '0.0.0.0' }, /HOST must be 127\.0\.0\.1/],
    ['a role in the embedded default', { FIRSTBELL_ROLE: 'worker' }, /FIRSTBELL_ROLE must be "both"/],
    [
      'a mail server for invented people',
      { SMTP_URL: 'smtp://mail' },
      /SMTP_URL has no meaning in the embedded default/,
    ],
    [
      'a database without a user',
      { ...CONFIGURED, DATABASE_URL: 'postgres://db/firstbell' },
      /DATABASE_URL names no user/,
    ],
    ['a database without a name', { ...CONFIGURED, DATABASE_URL: 'postgres://app@db' }, /names no database/],
    [
      'another kind of database',
      { ...CONFIGURED, DATABASE_URL: 'mysql://app@db/x' },
      /must begin with postgres:\/\//,
    ],
    [
      'plain http in public',
      { ...CONFIGURED, PUBLIC_URL: 'http://firstbell.example.org' },
      /must begin with https/,
    ],
    [
      'a path in the origin',
      { ...CONFIGURED, PUBLIC_URL: 'https://example.org/firstbell' },
      /an origin only/,
    ],
    ['keys twice', { ...CONFIGURED, FIRSTBELL_KEYS_FILE: '/keys.json' }, /both set/],
    ['no keys', { ...CONFIGURED, FIRSTBELL_KEYS: undefined }, /keys new/],
  ])('refuses %s', (_name, source, message) => {
    expect(problemsOf(source).join('\n')).toMatch(message);
  });

  it('never shows the value of a URL, which may hold a password', () => {
    const secrets = {
      DATABASE_URL: 'mysql://a:hunter2@db/x',
      REDIS_URL: 'hunter2',
      SMTP_URL: 'http://a:hunter2@mail',
    };
    const text = describeProblems(problemsOf({ ...CONFIGURED, ...secrets }));
    expect(text).toMatch(/DATABASE_URL/);
    expect(text).toMatch(/REDIS_URL/);
    expect(text).toMatch(/SMTP_URL/);
    expect(text).not.toMatch(/hunter2/);
  });

  it('recognises a misspelt variable', () => {
    expect(problemsOf({ FIRSTBELL_HOEM: '/x' })).toEqual([
      'FIRSTBELL_HOEM is not a variable that Firstbell knows; did you mean FIRSTBELL_HOME?',
    ]);
    expect(problemsOf({ FIRSTBELL_UNRELATED_THING: '1' })[0]).toMatch(/remove it/);
  });

  it('lists every variable of the class', () => {
    const all = Object.fromEntries(VARIABLES.map((name) => [name, 'x']));
    const refused = problemsOf(all).join('\n');
    for (const name of VARIABLES.filter((each) => /URL|POOL|PORT|LEVEL/.test(each)))
      expect(refused).toContain(name);
    expect(Object.keys(new Environment())).toEqual([...VARIABLES]);
  });
});

describe('the keys', () => {
  it('refuses a set that lacks a kind, and names it', () => {
    const keys = JSON.parse(newKeysJson(new Date(0))) as Record<string, unknown>;
    delete keys['audit'];
    keys['token'] = [{ version: 1, key: 'c2hvcnQ=' }];
    const source = { ...CONFIGURED, FIRSTBELL_KEYS: JSON.stringify(keys) };
    expect(() => configured(readEnvironment(source))).toThrow(/"token" keys[\s\S]*"audit" keys/);
  });

  it('says which file cannot be read', () => {
    const source = { ...CONFIGURED, FIRSTBELL_KEYS: undefined, FIRSTBELL_KEYS_FILE: '/nowhere/keys.json' };
    expect(() => configured(readEnvironment(source))).toThrow(
      '/nowhere/keys.json, which cannot be read (ENOENT)',
    );
  });
});
