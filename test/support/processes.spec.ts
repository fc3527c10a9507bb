import { afterAll, describe, expect, it } from '@jest/globals';
import { RunningProcess, runCommand } from './processes.js';

describe('the built program in a process of its own', () => {
  const running: RunningProcess[] = [];

  afterAll(() => Promise.all(running.map((each) => each.stop())));

  it('becomes ready, dies of kill -9, and comes back on the same home and port', async () => {
    const first = await RunningProcess.start();
    running.push(first);
    expect((await fetch(`${first.url}/health/live`)).status).toBe(200);
    await first.kill();
    expect(first.child.signalCode).toBe('SIGKILL');
    await expect(fetch(`${first.url}/health/live`)).rejects.toThrow();
    const second = await RunningProcess.start({ home: first.home, port: first.port });
    running.unshift(second);
    expect((await fetch(`${second.url}/health/ready`)).status).toBe(200);
    expect(await second.end('SIGTERM')).toBe(0);
  }, 120_000);

  it('keeps what it said when it refuses to start', async () => {
    const refused = await RunningProcess.launch({ environment: { PORT: 'seven' } });
    running.push(refused);
    await refused.untilEnded(20_000);
    expect(refused.child.exitCode).toBe(1);
    expect(refused.log).toContain('PORT');
  });

  it('runs a command to its end', async () => {
    expect(await runCommand(['--help'])).toMatchObject({ code: 0, stderr: '' });
    expect((await runCommand(['no-such-command'])).code).toBe(2);
  });
});
