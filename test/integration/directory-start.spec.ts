import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoJson } from '../../src/demonstration/demo-file.service.js';
import { removeHome, runCommand, RunningProcess } from '../support/processes.js';
import { eventually } from '../support/wait.js';

/** A start on a busy machine: initialising PostgreSQL takes most of it. */
const LIMIT = 120_000;

describe('npm start in a fresh home', () => {
  let home: string;
  let running: RunningProcess | null = null;

  afterAll(async () => {
    await running?.stop();
    await removeHome(home);
  });

  it(
    'finishes the area at the next start when the first was killed in the middle of it',
    async () => {
      home = await mkdtemp(join(tmpdir(), 'firstbell-first-'));
      const first = await RunningProcess.launch({ home });
      await eventually(() => first.ended || first.log.includes('Loading the demonstration area'), {
        within: 60_000,
        every: 5,
      });
      await first.kill();
      await expect(stat(join(home, 'first-run.json'))).rejects.toThrow(/ENOENT/);

      running = await RunningProcess.start({ home, readyWithin: 60_000 });
      const demo = await running.demo<DemoJson>();
      expect(demo.url).toBe(running.url);
      expect(demo.forces).toHaveLength(3);
      expect(demo.settings[0]).toMatchObject({ urn: '900123' });
      expect(demo.settings[0]?.contacts.map(({ role }) => role)).toEqual(['dsl', 'deputy', 'head']);
      expect((await stat(join(home, 'demo.json'))).mode & 0o777).toBe(0o600);
      expect(running.log).toContain('dsl@riverside-primary.example');
    },
    LIMIT,
  );

  it(
    'is planned for by the command line, beside the running instance and without it',
    async () => {
      const question = '--json plan --setting 900123 --received 2026-11-22T23:10:00Z --risk high'.split(' ');
      const beside = await runCommand(question, { FIRSTBELL_HOME: home });
      expect(beside).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(beside.stdout)).toMatchObject({ acknowledgeBy: '2026-11-23T08:45:00.000Z' });
      const wrong = await runCommand(['plan', '--setting', '949999', ...question.slice(4)], {
        FIRSTBELL_HOME: home,
      });
      expect(wrong).toMatchObject({ code: 2, stdout: '' });
      expect(wrong.stderr).toContain('schools import');

      const before = await running?.demo<DemoJson>();
      const environment = running?.port;
      await running?.end('SIGTERM');
      const without = await runCommand(question, { FIRSTBELL_HOME: home });
      expect(without.code).toBe(0);
      expect(JSON.parse(without.stdout)).toEqual(JSON.parse(beside.stdout));

      running = await RunningProcess.start({ home, readyWithin: 60_000 });
      expect(running.port).not.toBe(environment);
      const { url } = running;
      expect(await running.demo<DemoJson>()).toEqual({ ...before, url, mailUrl: `${url}/mail` });
      expect(running.log).not.toContain('Loading the demonstration area');
    },
    LIMIT,
  );
});
