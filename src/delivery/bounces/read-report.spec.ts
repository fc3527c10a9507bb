import { describe, expect, it } from '@jest/globals';
import * as reports from '../../../test/support/reports/reports.js';
import { verdictOn } from '../domain/bounce-report.js';
import { returnPathOf } from '../domain/return-path.js';
import { readReport } from './read-report.js';

const BOUNCES = 'bounces@firstbell.example';
const MAILING = '01939f3e-7d5c-7a11-8c3b-5d2f4e6a7b80';
const DSL = 'dsl@riverside.example';
const about = { mailingId: MAILING, recipient: DSL, returnPath: returnPathOf(BOUNCES, MAILING) };

const read = (raw: string, envelopeTo: string | null = null) =>
  readReport(Buffer.from(raw), BOUNCES, envelopeTo);
async function verdict(raw: string) {
  const report = await read(raw);
  if (report.kind !== 'report') throw new Error(`read as ${report.kind}`);
  expect(report.mailingId).toBe(MAILING);
  return verdictOn(report.recipients, (address) => address === DSL);
}

describe('a bounce report', () => {
  it.each([
    ['Postfix', reports.postfix(about), '5.1.1'],
    ['Exchange', reports.exchange(about), '5.1.10'],
    ['Exim', reports.exim(about), '5.0.0'],
    ['Exim before RFC 3464', reports.oldExim(about), '5.1.1'],
  ])('of %s: a hard bounce of that mailing, and the address is marked', async (_who, raw, status) => {
    expect(await verdict(raw)).toEqual({ kind: 'hard', status, marksAddress: true });
  });

  it('finds its mailing by what it returns of our mail when it came to another address', async () => {
    const elsewhere = { ...about, returnPath: 'firstbell@firstbell.example' };
    for (const raw of [reports.postfix(elsewhere), reports.exchange(elsewhere), reports.exim(elsewhere)]) {
      expect(await read(raw)).toMatchObject({ kind: 'report', mailingId: MAILING });
    }
  });

  it('believes the envelope before the headers', async () => {
    const raw = reports.postfix({ ...about, returnPath: 'somebody@firstbell.example', mailingId: 'none' });
    expect(await read(raw, about.returnPath)).toMatchObject({ mailingId: MAILING });
  });

  it('a delay is a delay', async () => {
    expect(await verdict(reports.postfix(about, '4.4.1', 'delayed'))).toMatchObject({
      kind: 'delayed',
      status: '4.4.1',
    });
  });

  it('given up with a passing status: lost, and the address keeps its name', async () => {
    expect(await verdict(reports.postfix(about, '4.2.2'))).toEqual({
      kind: 'soft',
      status: '4.2.2',
      marksAddress: false,
    });
  });

  it.each(['5.2.2', '5.3.4', '5.4.7', '5.4.316', '5.7.1', '5.7.606'])(
    '%s is lost, but not the address’s fault',
    async (status) => {
      expect(await verdict(reports.postfix(about, status))).toEqual({
        kind: 'hard',
        status,
        marksAddress: false,
      });
    },
  );

  it('a mailbox of several: lost only when no member got it', async () => {
    const team = (states: [string, string][]) =>
      reports.several(
        about,
        states.map(([action, status], i) => ({ recipient: `member${i}@riverside.example`, action, status })),
      );
    expect(
      await verdict(
        team([
          ['failed', '5.1.1'],
          ['relayed', '2.0.0'],
        ]),
      ),
    ).toMatchObject({ kind: 'delivered' });
    expect(
      await verdict(
        team([
          ['failed', '5.1.1'],
          ['delayed', '4.4.1'],
        ]),
      ),
    ).toMatchObject({ kind: 'delayed' });
    expect(
      await verdict(
        team([
          ['failed', '5.1.1'],
          ['failed', '4.4.7'],
        ]),
      ),
    ).toMatchObject({ kind: 'soft' });
    expect(
      await verdict(
        team([
          ['failed', '5.1.1'],
          ['failed', '5.1.1'],
        ]),
      ),
    ).toMatchObject({ kind: 'hard' });
  });

  it('what it says of our own address counts before what it says of others', async () => {
    const raw = reports.several(about, [
      { recipient: 'other@riverside.example', action: 'relayed', status: '2.0.0' },
      { recipient: DSL, action: 'failed', status: '5.1.1' },
    ]);
    expect(await verdict(raw)).toMatchObject({ kind: 'hard' });
  });
});

describe('what is no bounce', () => {
  it('an out-of-office reply, even one with a number that looks like a refusal', async () => {
    expect(await read(reports.outOfOffice(about))).toEqual({ kind: 'auto-reply' });
  });

  it('a read receipt', async () => {
    expect((await read(reports.readReceipt(about))).kind).toBe('not-a-report');
  });

  it('a report about somebody else’s mail', async () => {
    const foreign = { ...about, returnPath: 'firstbell@firstbell.example', mailingId: 'not an id' };
    expect(await read(reports.postfix(foreign))).toEqual({ kind: 'no-mailing' });
  });

  it('a person’s letter, an empty message, bytes', async () => {
    expect((await read('From: a@b.example\r\nSubject: hello\r\n\r\nHello')).kind).toBe('not-a-report');
    expect((await read('')).kind).toBe('not-a-report');
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    expect((await readReport(bytes, BOUNCES, null)).kind).toBe('not-a-report');
  });
});
