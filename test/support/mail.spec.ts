import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import nodemailer from 'nodemailer';
import { RecordingMail, type BadDay } from './mail.js';

describe('the recording mail server', () => {
  let mail: RecordingMail;

  beforeEach(async () => {
    mail = await RecordingMail.start();
  });

  afterEach(() => mail.close());

  async function send(to: string, subject = 'Firstbell'): Promise<void> {
    const { hostname: host, port } = new URL(mail.url);
    const transport = nodemailer.createTransport({ host, port: Number(port), socketTimeout: 300 });
    try {
      await transport.sendMail({
        from: 'desk@firstbell.example',
        to,
        subject,
        text: 'Tröst — läs före 08:45',
      });
    } finally {
      transport.close();
    }
  }

  it('keeps envelope, subject, text and headers', async () => {
    await send('dsl@school.example', 'Läs');
    const got = await mail.waitFor({ to: 'DSL@school.example', subject: 'Läs' });
    expect(got).toMatchObject({
      to: 'dsl@school.example',
      from: 'desk@firstbell.example',
      text: 'Tröst — läs före 08:45',
    });
    expect(got.headers['subject']).toBeDefined();
  });

  it('tells what nobody expected', async () => {
    await send('dsl@school.example');
    await send('stranger@elsewhere.example');
    await mail.waitFor({ to: 'dsl@school.example' });
    expect(mail.unexpected().map(({ to }) => to)).toEqual(['stranger@elsewhere.example']);
    expect(() => mail.assertNothingUnexpected()).toThrow(/stranger@elsewhere\.example/);
    mail.expectAll();
  });

  it('says what it waited for in vain', async () => {
    await expect(mail.waitFor({ to: 'nobody@school.example' }, { within: 40 })).rejects.toThrow(
      /a mail to nobody@school\.example/,
    );
  });

  const badDays: [BadDay, Record<string, unknown>][] = [
    [{ kind: 'refuses' }, { responseCode: 421 }],
    [{ kind: 'defers' }, { responseCode: 451, command: 'RCPT TO' }],
    [{ kind: 'bounces' }, { responseCode: 550, command: 'RCPT TO' }],
    [{ kind: 'hangs' }, { code: 'ETIMEDOUT' }],
  ];
  it.each(badDays)('behaves badly when asked: %j', async (day, failure) => {
    mail.behave(day);
    await expect(send('dsl@school.example')).rejects.toMatchObject(failure);
    expect(mail.all).toEqual([]);
    mail.goodDay();
    await send('dsl@school.example');
    await mail.waitFor({ to: 'dsl@school.example' });
  });

  it('can be bad to one recipient only, or slow', async () => {
    mail.behave({ kind: 'bounces', to: ['gone@school.example'] });
    await expect(send('gone@school.example')).rejects.toMatchObject({ responseCode: 550 });
    await send('dsl@school.example');
    mail.behave({ kind: 'slow', delayMs: 60 });
    const startedAt = performance.now();
    await send('dsl@school.example');
    expect(performance.now() - startedAt).toBeGreaterThan(55);
    expect(mail.expect({ to: 'dsl@school.example' })).toHaveLength(2);
  });

  it('can take a message and never say so', async () => {
    mail.behave({ kind: 'loses-its-yes' });
    await expect(send('dsl@school.example')).rejects.toThrow();
    await mail.waitFor({ to: 'dsl@school.example' });
  });
});
