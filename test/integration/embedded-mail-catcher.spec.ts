import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { startMailCatcher, type MailCatcher } from '../../src/embedded/mail-catcher.js';

const homes: string[] = [];
const now = (): Date => new Date('2026-11-22T23:10:00.000Z');
let home: string;
let catcher: MailCatcher;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'firstbell-mail-'));
  homes.push(home);
  catcher = await startMailCatcher({ home, now });
});
afterEach(() => catcher.close());
afterAll(() => homes.forEach((each) => rmSync(each, { recursive: true, force: true })));

const transport = (connections = 1) =>
  nodemailer.createTransport({
    host: '127.0.0.1',
    port: catcher.smtpPort,
    secure: false,
    pool: true,
    maxConnections: connections,
    maxMessages: Infinity,
  });

/** Sends each group of lines in one piece as soon as the answer it waits for is there; gives all the server said. */
function converse(port: number, steps: [awaited: RegExp, lines: string][]): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    let unread = '';
    const left = [...steps];
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => {
      said += chunk.toString();
      unread += chunk.toString();
      while (left[0]?.[0].test(unread)) {
        unread = '';
        socket.write(left.shift()?.[1] ?? '');
      }
    });
    socket.once('close', () => resolve(said));
    socket.once('error', reject);
  });
}

describe('the mail catcher', () => {
  it('keeps a mail as each recipient got it, newest first, found by address in any capitals', async () => {
    const mailer = transport();
    await mailer.sendMail({
      from: '"Firstbell" <bell@example.org>',
      envelope: { from: 'bounce+m1@example.org', to: ['DSL@example.org', 'deputy@example.org'] },
      to: 'DSL@example.org',
      subject: 'Notice to read – première',
      text: 'You have a safeguarding notice to read by 08:45.',
      headers: { 'X-Mailing': 'm1' },
    });
    await mailer.sendMail({ from: 'bell@example.org', to: 'dsl@example.org', subject: 'second', text: 'b' });
    mailer.close();
    const list = catcher.list('dsl@EXAMPLE.org');
    expect(list.map((mail) => mail.subject)).toEqual(['second', 'Notice to read – première']);
    expect(list[1]).toMatchObject({
      at: '2026-11-22T23:10:00.000Z',
      to: 'DSL@example.org',
      from: 'bell@example.org',
      headers: { 'x-mailing': 'm1', 'return-path': '<bounce+m1@example.org>' },
    });
    expect(list[1]?.text.trim()).toBe('You have a safeguarding notice to read by 08:45.');
    expect(Object.keys(list[1] ?? {}).sort()).toEqual(['at', 'from', 'headers', 'subject', 'text', 'to']);
    expect(catcher.list('deputy@example.org')).toHaveLength(1);
    expect(catcher.list('nobody@example.org')).toEqual([]);
    expect(catcher.list()).toHaveLength(3);
  });

  it('keeps its mail over a restart, also when the last line was cut off', async () => {
    const mailer = transport();
    for (const subject of ['a', 'b', 'c']) {
      await mailer.sendMail({ from: 'f@example.org', to: 't@example.org', subject, text: subject });
    }
    mailer.close();
    const before = catcher.list();
    await catcher.close();
    const file = join(home, 'mail.jsonl');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    appendFileSync(file, '{"at":"2026-11-22T23:11:00.000Z","to":"t@exam');
    catcher = await startMailCatcher({ home, now });
    expect(catcher.list()).toEqual(before);
    const again = transport();
    await again.sendMail({ from: 'f@example.org', to: 't@example.org', subject: 'd', text: 'd' });
    again.close();
    await catcher.close();
    catcher = await startMailCatcher({ home, now });
    expect(catcher.list('t@example.org').map((mail) => mail.subject)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('answers 250 only when the mail is in the file', async () => {
    const mailer = transport(8);
    await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        mailer
          .sendMail({ from: 'f@example.org', to: 't@example.org', subject: `n${i}`, text: 'x' })
          .then(() => {
            expect(readFileSync(join(home, 'mail.jsonl'), 'utf8')).toContain(`"subject":"n${i}"`);
          }),
      ),
    );
    mailer.close();
    expect(catcher.list()).toHaveLength(200);
  });

  it('stays bounded in memory and on disk, and keeps the newest', async () => {
    await catcher.close();
    catcher = await startMailCatcher({ home, now, keep: 50 });
    const mailer = transport(4);
    for (let i = 0; i < 300; i += 10) {
      await Promise.all(
        Array.from({ length: 10 }, (_, j) =>
          mailer.sendMail({ from: 'f@example.org', to: `t${j}@example.org`, subject: `n${i}`, text: 'x' }),
        ),
      );
    }
    mailer.close();
    const subjects = catcher.list().map((mail) => mail.subject);
    expect(subjects.length).toBeGreaterThanOrEqual(50);
    expect(subjects.length).toBeLessThanOrEqual(60);
    expect(new Set(subjects.slice(0, 50))).toEqual(new Set(['n290', 'n280', 'n270', 'n260', 'n250']));
    expect(catcher.list('t0@example.org').map((mail) => mail.subject)).toEqual(
      [...new Set(subjects)].slice(0, catcher.list('t0@example.org').length),
    );
    const written = readFileSync(join(home, 'mail.jsonl'), 'utf8').trim().split('\n');
    expect(written.length).toBeLessThanOrEqual(120);
    await catcher.close();
    catcher = await startMailCatcher({ home, now, keep: 50 });
    expect(catcher.list().map((mail) => mail.subject)).toEqual(subjects.slice(0, 50));
  });

  it('understands a client that sends commands in groups (RFC 2920)', async () => {
    const begin = 'MAIL FROM:<f@example.org>\r\nRCPT TO:<p@example.org>\r\nDATA\r\n';
    const body = (i: number): string => `Subject: p${i}\r\n\r\n..dot\r\n.\r\n`;
    const said = await converse(catcher.smtpPort, [
      [/^220 /m, 'EHLO x\r\n'],
      [/^250 /m, begin],
      [/^354 /m, body(1) + begin],
      [/^354 /m, body(2) + 'QUIT\r\n'],
    ]);
    expect(said.match(/^250 .*Caught/gm)).toHaveLength(2);
    expect(said).toMatch(/^221 /m);
    expect(catcher.list('p@example.org').map((each) => [each.subject, each.text.trim()])).toEqual([
      ['p2', '.dot'],
      ['p1', '.dot'],
    ]);
  });

  it('is reached from this machine only', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter((each) => !each.internal && each.family === 'IPv4')
      .map((each) => each.address);
    const answers = await Promise.all(
      ['::1', ...outside].map(
        (host) =>
          new Promise<string>((resolve) => {
            const socket = connect({ host, port: catcher.smtpPort });
            socket.once('connect', () => resolve(`${host} connected`));
            socket.once('error', () => resolve('refused'));
            socket.unref();
          }),
      ),
    );
    expect(new Set(answers)).toEqual(new Set(['refused']));
  });
});
