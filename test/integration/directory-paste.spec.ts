import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DemoFile } from '../../src/demonstration/demo-file.service.js';
import { LoadDemonstration } from '../../src/demonstration/load-demonstration.service.js';
import { whereToGo } from '../../src/demonstration/where-to-go.js';
import { startApp, type TestApp } from '../support/app.js';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

(hasCurl ? describe : describe.skip)('the commands to paste', () => {
  let app: TestApp;
  let home: string;

  beforeAll(async () => {
    app = await startApp({ jobs: { autoStart: false } });
    home = await mkdtemp(join(tmpdir(), 'firstbell-demo-'));
    await app.get(LoadDemonstration, { strict: false }).load();
  });
  afterAll(async () => {
    await app.close();
    await rm(home, { recursive: true, force: true });
  });

  it('are two lines that post a notification at 900123, as they stand', async () => {
    const demo = await app.get(DemoFile, { strict: false }).write(home, app.url);
    const lines = whereToGo(demo, app.clock.now()).slice(-2);
    const { stdout } = await promisify(execFile)('sh', ['-c', lines.join('\n')]);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'accepted', version: 1, warnings: [] });
    expect((JSON.parse(stdout) as { forceReference: string }).forceReference).toMatch(/^DEMO-\d{10}$/);
    await app.drain();
    for (const to of ['dsl@riverside-primary.example', 'deputy@riverside-primary.example'])
      await app.mail.waitFor({ to });
    expect(await app.db.inspect(`SELECT setting_urn, state FROM notice`)).toEqual([
      { setting_urn: '900123', state: expect.stringMatching(/^(routed|delivered)$/) },
    ]);
  });
});
