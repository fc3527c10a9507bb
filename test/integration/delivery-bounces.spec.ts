import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import nodemailer from 'nodemailer';
import { returnPathOf } from '../../src/delivery/domain/return-path.js';
import { BounceListener } from '../../src/delivery/bounces/bounce-listener.js';
import { BounceMailbox } from '../../src/delivery/bounces/bounce-mailbox.js';
import { Auditor } from '../../src/watch/auditor.service.js';
import { ImapStandIn, type ImapOptions } from '../support/imap-stand-in.js';
import * as reports from '../support/reports/reports.js';
import { eventually } from '../support/wait.js';
import { Scene } from '../scenarios/support/scene.js';

const BOUNCES = 'bounces@firstbell.example';
const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';

let scene: Scene;
let mailbox: ImapStandIn | undefined;
afterEach(async () => {
  await scene.close();
  await mailbox?.close();
  mailbox = undefined;
});

const mailingOf = async (email: string): Promise<string> => {
  const [row] = await scene.app.db.inspect<{ id: string }>(
    `SELECT l.id FROM mailing l JOIN contact c ON c.id = l.contact_id WHERE c.email = $1 ORDER BY l.claimed_at, l.id`,
    [email],
  );
  return row.id;
};
const about = async (email: string): Promise<reports.Returned> => {
  const mailingId = await mailingOf(email);
  return { mailingId, recipient: email, returnPath: returnPathOf(BOUNCES, mailingId) };
};
const states = async (): Promise<string[]> => {
  const rows = await scene.app.db.inspect<{ email: string; state: string; rung: string }>(
    `SELECT c.email, m.state, m.rung FROM outgoing_message m JOIN contact c ON c.id = m.contact_id ORDER BY m.created_at, c.email`,
  );
  return rows.map(({ email, state, rung }) => `${rung} ${email} ${state}`);
};
const marked = async (): Promise<string[]> => {
  const rows = await scene.app.db.inspect<{ email: string }>(
    `SELECT email FROM contact WHERE email_bounced_at IS NOT NULL ORDER BY email`,
  );
  return rows.map(({ email }) => email);
};
const metrics = async (): Promise<string> => (await scene.app.fetch('/metrics')).text();

describe('the return path', () => {
  it('carries the mailing’s id', async () => {
    scene = await Scene.open('2026-11-22 21:40', { environment: { BOUNCE_ADDRESS: BOUNCES } });
    await scene.postOne();
    const mails = scene.newMails();
    expect(mails).toHaveLength(2);
    for (const mail of mails) expect(mail.from).toBe(returnPathOf(BOUNCES, await mailingOf(mail.to)));
    expect(mails[0]?.headers['from']).toContain('firstbell@firstbell.example');
  });
});

describe('reports that come by SMTP', () => {
  const open = async (): Promise<void> => {
    scene = await Scene.open('2026-11-22 21:40', {
      environment: { BOUNCE_ADDRESS: BOUNCES, BOUNCE_LISTEN: '127.0.0.1:0' },
    });
    await scene.postOne();
    scene.newMails();
  };
  const bring = async (raw: string, to: string, from = ''): Promise<void> => {
    const port = scene.app.get(BounceListener, { strict: false }).port;
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port: port ?? 0, secure: false });
    try {
      await transport.sendMail({ envelope: { from, to }, raw });
    } finally {
      transport.close();
    }
  };

  it.each([
    ['Postfix', reports.postfix],
    ['Exchange', reports.exchange],
    ['Exim', reports.exim],
  ])('%s: everybody bounced, so the next rung runs now', async (_who, report) => {
    await open();
    for (const email of [DSL, DEPUTY]) {
      const it = await about(email);
      await bring(report(it), it.returnPath);
    }
    expect(await marked()).toEqual([DEPUTY, DSL]);
    expect(await scene.happened()).toEqual([`2026-11-22 21:40 ${HEAD}`]);
  });

  it('a report that comes twice counts once', async () => {
    await open();
    const it = await about(DSL);
    await bring(reports.postfix(it), it.returnPath);
    await bring(reports.postfix(it), it.returnPath);
    expect(await states()).toEqual([`first ${DEPUTY} accepted`, `first ${DSL} bounced`]);
    expect(await metrics()).toMatch(/source="bounce-listener",kind="hard",outcome="repeated"\} 1/);
    expect(await scene.happened()).toEqual([]);
  });

  it('a delay moves nothing, a passing failure loses the message and not the address', async () => {
    await open();
    const dsl = await about(DSL);
    await bring(reports.postfix(dsl, '4.4.1', 'delayed'), dsl.returnPath);
    expect(await states()).toEqual([`first ${DEPUTY} accepted`, `first ${DSL} accepted`]);
    await bring(reports.postfix(dsl, '4.4.7'), dsl.returnPath);
    expect(await states()).toEqual([`first ${DEPUTY} accepted`, `first ${DSL} failed`]);
    expect(await marked()).toEqual([]);
  });

  it('an out-of-office reply is no bounce, and is counted', async () => {
    await open();
    const it = await about(DSL);
    await bring(reports.outOfOffice(it), it.returnPath, DSL);
    expect(await states()).toEqual([`first ${DEPUTY} accepted`, `first ${DSL} accepted`]);
    expect(await metrics()).toMatch(/kind="auto-reply",outcome="ignored"\} 1/);
  });

  it('a forged id is counted and believed by nobody; what is no return path is refused at the door', async () => {
    await open();
    const forged = '01939f3e-7d5c-7a11-8c3b-5d2f4e6a7b80';
    const returnPath = returnPathOf(BOUNCES, forged);
    await bring(reports.postfix({ mailingId: forged, recipient: DSL, returnPath }), returnPath);
    expect(await marked()).toEqual([]);
    expect(await metrics()).toMatch(/kind="hard",outcome="unknown"\} 1/);
    for (const nobody of [BOUNCES, returnPathOf(BOUNCES, 'deadbeef')])
      await expect(bring(reports.postfix(await about(DSL)), nobody)).rejects.toMatchObject({
        responseCode: 550,
      });
  });

  it('connections that one address holds idle keep no report of another out, and are not many', async () => {
    await open();
    const port = scene.app.get(BounceListener, { strict: false }).port ?? 0;
    const idle = Array.from({ length: 60 }, () =>
      connect({ host: '127.0.0.1', port, localAddress: '127.0.0.2' })
        .on('error', () => undefined)
        .resume(),
    );
    try {
      await Promise.all(idle.map((socket) => once(socket, 'connect')));
      const it = await about(DSL);
      await bring(reports.postfix(it), it.returnPath);
      expect(await marked()).toEqual([DSL]);
      await eventually(() => idle.filter(({ closed }) => closed).length === 40, {
        within: 5_000,
        what: '20 connections that are left',
      });
    } finally {
      for (const socket of idle) socket.destroy();
    }
  });

  it('a bounce of an address that was changed and verified since leaves the new one alone', async () => {
    await open();
    const it = await about(DSL);
    scene.app.clock.advance(60_000);
    await scene.contact(scene.world.riverside.dsl, {
      email: 'new@riverside.example',
      email_verified_at: scene.app.clock.now(),
    });
    await bring(reports.postfix(it), it.returnPath);
    expect(await marked()).toEqual([]);
    expect((await states()).some((line) => line.endsWith('bounced'))).toBe(true);
  });

  it('a bounce of an address that was changed since (and not verified yet) leaves the new one alone, also wherever else the new one is used', async () => {
    await open();
    const it = await about(DSL);
    scene.app.clock.advance(60_000);
    const elsewhere = scene.world.hillside.deputy;
    await scene.contact(scene.world.riverside.dsl, { email: elsewhere.email, email_verified_at: null });
    await bring(reports.postfix(it), it.returnPath);
    expect(await marked()).toEqual([]);
    expect(await metrics()).toMatch(/kind="hard",outcome="applied"\} 1/);
    // The mail is lost all the same.
    const lost = await scene.app.db.inspect<{ state: string }>(
      `SELECT state FROM outgoing_message WHERE contact_id = $1`,
      [scene.world.riverside.dsl.id],
    );
    expect(lost.map(({ state }) => state)).toEqual(['bounced']);
  });

  it('a bounce of an address that was verified anew since is old news about it', async () => {
    await open();
    const it = await about(DSL);
    scene.app.clock.advance(60_000);
    await scene.contact(scene.world.riverside.dsl, { email_verified_at: scene.app.clock.now() });
    await bring(reports.postfix(it), it.returnPath);
    expect(await marked()).toEqual([]);
  });

  it('while the database refuses, the sender is asked to come again', async () => {
    await open();
    const it = await about(DSL);
    await scene.app.db.inspect(`ALTER TABLE mailing RENAME TO mailing_away`);
    await expect(bring(reports.postfix(it), it.returnPath)).rejects.toMatchObject({ responseCode: 451 });
    await scene.app.db.inspect(`ALTER TABLE mailing_away RENAME TO mailing`);
    await bring(reports.postfix(it), it.returnPath);
    expect(await marked()).toEqual([DSL]);
  });
});

describe('reports that come to a mailbox', () => {
  const open = async (
    extra: Record<string, string> = {},
    options: ImapOptions = {},
  ): Promise<ImapStandIn> => {
    const standIn = await ImapStandIn.start(options);
    mailbox = standIn;
    scene = await Scene.open('2026-11-22 21:40', {
      environment: {
        BOUNCE_ADDRESS: BOUNCES,
        BOUNCE_IMAP_URL: standIn.url,
        BOUNCE_IMAP_POLL_SECONDS: '3600',
        ...extra,
      },
    });
    await scene.postOne();
    scene.newMails();
    return standIn;
  };
  const look = (): Promise<number> => scene.app.get(BounceMailbox, { strict: false }).look();

  it('are read, understood and moved away, also where the folder is not there yet', async () => {
    const imap = await open({ BOUNCE_IMAP_DONE_FOLDER: 'Processed' });
    imap.arrive(reports.postfix(await about(DSL)));
    imap.arrive(reports.outOfOffice(await about(DEPUTY)));
    await eventually(async () => (await look(), imap.folder('INBOX').length === 0), {
      within: 10_000,
      what: 'an empty inbox',
    });
    expect(imap.folder('Processed')).toHaveLength(2);
    expect(await marked()).toEqual([DSL]);
  });

  it.each([
    ['with our own mark', {}, '$FirstbellDone'],
    ['as seen, where a server keeps no other marks', { keywords: false }, '\\Seen'],
  ])('are flagged where they stay, %s', async (_how, options, flag) => {
    const imap = await open({}, options);
    imap.arrive(reports.exchange(await about(DSL)));
    await eventually(async () => (await look(), (await marked()).length > 0), {
      within: 10_000,
      what: 'a marked address',
    });
    expect([...(imap.folder('INBOX')[0]?.flags ?? [])]).toContain(flag);
    expect(await look()).toBe(0);
  });

  it('one that a person has opened is still read', async () => {
    const imap = await open();
    imap.arrive(reports.exim(await about(DSL)));
    imap.folder('INBOX')[0]?.flags.add('\\Seen');
    await eventually(async () => (await look(), (await marked()).length > 0), {
      within: 10_000,
      what: 'a marked address',
    });
  });

  it('a connection that breaks between understanding and putting away: read twice, counted once', async () => {
    const imap = await open();
    await eventually(async () => (await look(), imap.logins > 0), { within: 10_000, what: 'a first look' });
    imap.arrive(reports.postfix(await about(DSL)));
    imap.breakAt = 'STORE';
    expect(await look()).toBe(0);
    expect(await marked()).toEqual([DSL]);
    expect(await look()).toBe(1);
    expect(await look()).toBe(0);
    expect(await metrics()).toMatch(/source="bounce-mailbox",kind="hard",outcome="repeated"\} 1/);
    expect((await states()).filter((line) => line.endsWith('bounced'))).toHaveLength(1);
  });

  it('one that cannot be read keeps no other from being read, and is read when it can be', async () => {
    const imap = await open();
    await eventually(async () => (await look(), imap.logins > 0), { within: 10_000, what: 'a first look' });
    imap.spoilt.add(imap.arrive(reports.postfix(await about(DSL))));
    imap.arrive(reports.postfix(await about(DEPUTY)));
    expect(await look()).toBe(1);
    expect(await marked()).toEqual([DEPUTY]);
    expect(await metrics()).toMatch(/firstbell_bounce_mailbox_looks_total\{outcome="partly"\} 1/);
    expect(scene.app.log.entries.filter(({ event }) => event === 'bounces.message')).toHaveLength(1);
    imap.spoilt.clear();
    expect(await look()).toBe(1);
    expect(await marked()).toEqual([DEPUTY, DSL]);
  });

  describe('that nobody reads are found by whichever worker audits', () => {
    const found = async (): Promise<string[]> =>
      (await scene.app.get(Auditor, { strict: false }).examine()).flatMap(({ findings }) =>
        findings.map(({ kind, subject }) => `${kind} ${subject}`),
      );
    const goBy = (minutes: number): Promise<unknown> =>
      scene.app.db.inspect(`UPDATE bounce_mailbox SET read_until = read_until - make_interval(mins => $1)`, [
        minutes,
      ]);
    const faults: [string, (imap: ImapStandIn) => void][] = [
      ['a server that says no to every search', (imap) => (imap.searchless = true)],
      ['a message that cannot be read', (imap) => imap.spoilt.add(imap.arrive('From: a@b.example\r\n\r\nx'))],
    ];

    it.each(faults)('%s', async (_what, spoil) => {
      const imap = await open({ BOUNCE_IMAP_POLL_SECONDS: '60' });
      await eventually(async () => (await look(), imap.logins > 0), { within: 10_000, what: 'a first look' });
      spoil(imap);
      expect(await look()).toBe(0);
      expect(await found()).toEqual([]);
      await goBy(15);
      expect(await look()).toBe(0);
      expect(await found()).toEqual(['bounces-unread mailbox']);
      imap.searchless = false;
      imap.spoilt.clear();
      await look();
      expect(await found()).toEqual([]);
    });

    it('not where it is looked into once an hour, before three looks have failed', async () => {
      const imap = await open();
      await eventually(async () => (await look(), imap.logins > 0), { within: 10_000, what: 'a first look' });
      await goBy(179);
      expect(await found()).toEqual([]);
      await goBy(2);
      expect(await found()).toEqual(['bounces-unread mailbox']);
    });
  });

  it('a wrong password or a server that is away is tried again, and says nothing of the password', async () => {
    const imap = await open();
    await imap.close();
    mailbox = undefined;
    expect(await look()).toBe(0);
    expect(await metrics()).toMatch(/firstbell_bounce_mailbox_looks_total\{outcome="failed"\} \d/);
    expect(scene.app.log.text()).not.toContain(imap.password);
  });
});
