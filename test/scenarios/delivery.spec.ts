import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.js';
import { AuthoritySenders } from '../../src/delivery/authority-senders.service.js';
import { SendMailing } from '../../src/delivery/send-mailing.service.js';
import { DEFAULT_POLICY } from '../../src/escalation/domain/policy.js';
import { RetryAt } from '../../src/jobs/job-handler.js';
import { Outbox } from '../../src/jobs/outbox.js';
import { Auditor } from '../../src/watch/auditor.service.js';
import { NotifyStandIn, TEMPLATES } from '../support/notify-stand-in.js';
import { eventually } from '../support/wait.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const MOBILE = '07700900111';
const REGION = 'duty-region@example.org';
const DUTY = ['officer@duty.northshire.example', 'manager@duty.northshire.example'];

let scene: Scene;
afterEach(() => scene.close());

const high = () => ({ incident: { ...scene.notification().incident, risk: 'high' as const } });
const sender = () => scene.app.get(SendMailing, { strict: false });
const messages = async (email: string): Promise<string[]> => {
  const rows = await scene.app.db.inspect<{ line: string }>(
    `SELECT concat_ws(' ', m.rung, m.channel, m.state) AS line FROM outgoing_message m JOIN contact c ON c.id = m.contact_id
     WHERE c.email = $1 ORDER BY m.created_at, m.rung, m.channel`,
    [email],
  );
  return rows.map(({ line }) => line);
};
const openAlerts = async (): Promise<string[]> => {
  const rows = await scene.app.db.inspect<{ kind: string; subject: string }>(
    `SELECT kind, subject FROM alert WHERE cleared_at IS NULL ORDER BY kind`,
  );
  return rows.map(({ kind, subject }) => `${kind} ${subject}`);
};

describe('a provider in trouble, and people with a verified mobile', () => {
  let notify: NotifyStandIn;
  beforeEach(async () => {
    notify = await NotifyStandIn.start();
  });
  afterEach(() => notify.close());

  /** Mail by SMTP, text messages by Notify, and a policy that plans mail only. */
  const open = async (extra: Record<string, string> = {}): Promise<void> => {
    const { NOTIFY_EMAIL_TEMPLATE_ID: _unused, ...texts } = notify.environment(
      'a-token-of-enough-characters',
    );
    scene = await Scene.open('2026-11-23 07:00', { environment: { ...texts, ...extra } });
    await scene.app.db.inspect(`UPDATE authority SET ladder_policy = $1 WHERE code = '999'`, [
      JSON.stringify({ ...DEFAULT_POLICY, channels: ['email'] }),
    ]);
    await scene.contact(scene.world.riverside.dsl, {
      mobile: MOBILE,
      mobile_verified_at: scene.app.clock.now(),
    });
  };
  /** Attempts until the provider is known to be down: then a run claims nothing. */
  const tryUntilHeld = async (): Promise<void> => {
    const { dsl, deputy } = scene.world.riverside;
    await eventually(
      async () => {
        const tries = await Promise.allSettled([dsl, deputy].map(({ id }) => sender().run(id, 'email')));
        return tries.every((one) => one.status === 'rejected' && one.reason instanceof RetryAt);
      },
      { within: 20_000, what: 'a provider that is known to be down' },
    );
  };

  /** The pause before a probe is real time. */
  const comeBack = async (): Promise<void> => {
    const { dsl, deputy } = scene.world.riverside;
    await eventually(
      async () => {
        const tries = await Promise.allSettled([dsl, deputy].map(({ id }) => sender().run(id, 'email')));
        return tries.every((one) => one.status === 'fulfilled');
      },
      { within: 30_000, what: 'the provider after the outage' },
    );
  };

  it('down: they get a text message of its own row before the deadline; for the others a person is alerted', async () => {
    await open();
    scene.app.mail.behave({ kind: 'refuses' });
    const { id } = await scene.postOne();
    await tryUntilHeld();
    await scene.app.drain();
    expect(notify.sent.map(({ type, to }) => `${type} ${to}`)).toEqual([`sms ${MOBILE}`]);
    expect(notify.sent[0]?.templateId).toBe(TEMPLATES.sms.id);
    expect(await messages(DSL)).toEqual(['first email pending', 'first sms accepted']);
    expect(await messages(DEPUTY)).toEqual(['first email pending']);
    expect(await scene.actions(id)).toContain('message.other-channel');
    expect(await openAlerts()).toEqual(['provider-down smtp']);
    const metrics = await (await scene.app.fetch('/metrics')).text();
    expect(metrics).toMatch(/firstbell_provider_condition\{provider="smtp"\} 0\n/);
    // It comes back: everybody gets the mail, once, and the alert is cleared.
    scene.app.mail.goodDay();
    await comeBack();
    expect(scene.newMails().map(({ to }) => to)).toEqual(expect.arrayContaining([DSL, DEPUTY]));
    expect(await openAlerts()).toEqual([]);
    scene.newMails();
  });

  it('accepting and never answering: bounded by its time, known before all are lost, and told another way', async () => {
    await open({ SEND_TIMEOUT_SECONDS: '1' });
    scene.app.mail.behave({ kind: 'hangs' });
    await scene.postOne(high());
    await tryUntilHeld();
    await scene.app.drain();
    expect(notify.sent.map(({ to }) => to)).toEqual([MOBILE]);
    const [row] = await scene.app.db.inspect<{ codes: string[] }>(
      `SELECT array_agg(DISTINCT error_code) AS codes FROM mailing WHERE error_code IS NOT NULL`,
    );
    expect(row.codes).toContain('TIMEOUT');
    scene.app.mail.goodDay();
    scene.newMails();
  });

  it('slow counts as down: mail still goes, and a text message beside it', async () => {
    await open({ SLOW_SEND_SECONDS: '1' });
    scene.app.mail.behave({ kind: 'slow', delayMs: 1_200 });
    await scene.postOne();
    await scene.postOne();
    const texts = notify.sent.length;
    const third = scene.postOne();
    // While the mail is still under way.
    await eventually(async () => (await messages(DSL)).includes('first sms pending'), {
      within: 20_000,
      what: 'a text message beside the mail',
    });
    await sender().run(scene.world.riverside.dsl.id, 'sms');
    await third;
    expect(notify.sent.map(({ to }) => to)).toEqual([...Array(texts).fill(MOBILE), MOBILE]);
    expect((await messages(DSL)).filter((line) => line === 'first email accepted')).toHaveLength(3);
    scene.newMails();
  });

  it('the reverse: a text message that failed is followed by a mail', async () => {
    await open();
    const { id } = await scene.postOne();
    scene.newMails();
    const { dsl } = scene.world.riverside;
    await scene.app.db.inspect(
      `INSERT INTO outgoing_message (id, notice_id, generation, rung, contact_id, channel, state, not_before, created_at)
       SELECT gen_random_uuid(), id, generation, 'deputies', $2, 'sms', 'pending', $3, $3 FROM notice WHERE id = $1`,
      [id, dsl.id, scene.app.clock.now()],
    );
    notify.day = 'invalid-address';
    await sender().run(dsl.id, 'sms');
    await scene.app.drain();
    expect(await messages(DSL)).toEqual(
      expect.arrayContaining(['deputies sms bounced', 'deputies email accepted']),
    );
    expect(scene.newMails().map(({ to }) => to)).toContain(DSL);
  });

  it('a text message in reserve is dropped when the mail has arrived after all', async () => {
    await open();
    scene.app.clock.set('2026-11-22T22:30:00Z');
    scene.app.mail.behave({ kind: 'refuses' });
    await scene.postOne({ incident: { ...scene.notification().incident, risk: 'standard' } });
    await tryUntilHeld();
    expect(await messages(DSL)).toEqual(['first email pending', 'first sms pending']);
    scene.app.mail.goodDay();
    await comeBack();
    await scene.until('2026-11-23 06:35');
    expect(await messages(DSL)).toEqual(['first email accepted', 'first sms suppressed']);
    expect(notify.sent).toEqual([]);
    scene.newMails();
  });
});

describe('what a mail server says', () => {
  it.each([
    ['421 to everybody', { kind: 'refuses' } as const],
    ['451 to everybody', { kind: 'defers' } as const],
  ])('%s: tried again, no address blamed, each mail once', async (_what, day) => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave(day);
    await scene.postOne();
    expect(await messages(DSL)).toEqual(['first email pending']);
    scene.app.mail.goodDay();
    await scene.app.drain({ ignoreBackoff: true });
    expect(await scene.happened()).toEqual([`2026-11-22 21:40 ${DEPUTY}`, `2026-11-22 21:40 ${DSL}`]);
    const marked = await scene.app.db.inspect(`SELECT 1 FROM contact WHERE email_bounced_at IS NOT NULL`);
    expect(marked).toEqual([]);
  });

  it('a yes that gets lost on the way: sent again, and counted as a possible duplicate', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'loses-its-yes' });
    await scene.postOne();
    scene.app.mail.goodDay();
    await scene.app.drain({ ignoreBackoff: true });
    expect(scene.newMails().filter(({ to }) => to === DSL)).toHaveLength(2);
    const repeated = await scene.app.db.inspect(
      `SELECT 1 FROM mailing WHERE state = 'accepted' AND repeated`,
    );
    expect(repeated).toHaveLength(2);
  });
});

describe('a text message that waits for the morning, while the ladder is planned anew', () => {
  let notify: NotifyStandIn;
  beforeEach(async () => {
    notify = await NotifyStandIn.start();
  });
  afterEach(() => notify.close());

  /** Both are mailed on Sunday night; the DSL's text waits, and her day off makes a new plan of the same deadline. */
  const open = async (): Promise<string> => {
    const { NOTIFY_EMAIL_TEMPLATE_ID: _unused, ...texts } = notify.environment(
      'a-token-of-enough-characters',
    );
    scene = await Scene.open('2026-11-22 21:40', { environment: texts });
    const { urn, dsl } = scene.world.riverside;
    const now = scene.app.clock.now();
    await scene.contact(dsl, { mobile: MOBILE, mobile_verified_at: now });
    const { id } = await scene.postOne({
      incident: { startedAt: '2026-11-22T20:00:00Z', risk: 'standard' },
    });
    expect(await scene.happened()).toEqual(on('2026-11-22', [`21:40 ${DEPUTY}`, `21:40 ${DSL}`]));
    await scene.app.db.inspect(
      `INSERT INTO absence (id, contact_id, from_date, to_date, created_at) VALUES ($1, $2, '2026-11-23', '2026-11-23', $3)`,
      [newId(), dsl.id, now],
    );
    await scene.app
      .get(Database, { strict: false })
      .transaction(systemActor('test'), (tx) =>
        scene.app.get(Outbox, { strict: false }).add(tx, 'directory.cover-changed', { urn }),
      );
    await scene.app.drain();
    expect((await scene.notice(id)).generation).toBe(2);
    expect(await messages(DSL)).toEqual(['first email accepted', 'first sms pending']);
    notify.day = 'invalid-address';
    return id;
  };

  it('fails: the mails of that night count, so that the reminder keeps its time', async () => {
    const id = await open();
    // No other way to her: nothing new is made of it.
    await scene.contact(scene.world.riverside.dsl, { email_bounced_at: scene.app.clock.now() });
    expect(await scene.until('2026-11-23 07:50')).toEqual(on('2026-11-23', [`07:45 ${DEPUTY}`]));
    expect(await messages(DSL)).toEqual(['first email accepted', 'first sms bounced']);
    expect(await scene.rungs(id)).toContain('2026-11-22 21:40 first inherited');
  });

  it('fails: who had the mail of that night is not mailed the same again', async () => {
    await open();
    expect(await scene.until('2026-11-23 07:50')).toEqual(on('2026-11-23', [`07:45 ${DEPUTY}`]));
  });
});

describe('a claim whose sender died', () => {
  it('is sent again as a counted duplicate, unless somebody has acknowledged meanwhile', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { dsl, deputy } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.happened();
    const die = () =>
      scene.app.db.inspect(`UPDATE outgoing_message SET state = 'sending', lease_until = $1`, [
        new Date(Date.now() - 1),
      ]);
    await die();
    await sender().run(dsl.id, 'email');
    expect(scene.newMails().map(({ to }) => to)).toEqual([DSL]);
    const repeated = await scene.app.db.inspect(`SELECT 1 FROM mailing WHERE contact_id = $1 AND repeated`, [
      dsl.id,
    ]);
    expect(repeated).toHaveLength(1);
    await scene.acknowledge(scene.world.riverside.head, id);
    await sender().run(deputy.id, 'email');
    expect(scene.newMails()).toEqual([]);
    expect(await messages(DEPUTY)).toEqual(['first email suppressed']);
    expect((await scene.notice(id)).crossed).toBe(1);
  });
});

describe('a desk that no mail reaches', () => {
  it('the operator is alerted and the fallback address is told, with a reference and nothing else', async () => {
    scene = await Scene.open('2026-11-23 07:00', { environment: { FALLBACK_EMAIL: REGION } });
    scene.app.mail.behave({ kind: 'bounces', to: DUTY });
    const { reference } = await scene.postOne();
    const told = await scene.until('2026-11-23 08:31');
    expect(told.filter((line) => line.endsWith(REGION))).toHaveLength(1);
    const [mail] = scene.app.mail.all.filter(({ to }) => to === REGION);
    expect(mail?.text).toContain(`Reference ${reference}`);
    expect(mail?.text).not.toMatch(/Riverside|child|abuse|HIGH/i);
    expect(await openAlerts()).toContain('desk-unreachable 999');
    const later = await scene.until('2026-11-23 10:00');
    expect(later.filter((line) => line.endsWith(REGION)).length).toBeGreaterThanOrEqual(2);
  });

  it('an authority’s own fallback comes before the installation’s; when it does not work, the operator learns it', async () => {
    scene = await Scene.open('2026-11-23 07:00', { environment: { FALLBACK_EMAIL: REGION } });
    const own = 'duty-manager@example.net';
    await scene.app.get(AuthoritySenders, { strict: false }).set(systemActor('test'), {
      authorityCode: '999',
      provider: null,
      from: 'Northshire Safeguarding <notices@northshire.example>',
      replyTo: 'duty@northshire.example',
      notifyReplyToId: null,
      notifySmsSenderId: null,
      fallbackEmail: own,
    });
    scene.app.mail.behave({ kind: 'bounces', to: [...DUTY, own] });
    await scene.postOne();
    const told = await scene.until('2026-11-23 08:31');
    expect(told.some((line) => line.endsWith(REGION))).toBe(false);
    expect(await openAlerts()).toEqual(['desk-unreachable 999', 'fallback-undelivered 999']);
    const dsl = scene.app.mail.all.find(({ to }) => to === DSL);
    expect(dsl?.headers['from']).toContain('notices@northshire.example');
    expect(dsl?.headers['reply-to']).toContain('duty@northshire.example');
  });
});

describe('a mail server that calls everybody unknown', () => {
  const DEPUTIES = 12;
  const marked = async (): Promise<string[]> => {
    const rows = await scene.app.db.inspect<{ email: string }>(
      `SELECT email FROM contact WHERE email_bounced_at IS NOT NULL ORDER BY email`,
    );
    return rows.map(({ email }) => email);
  };
  const manyDeputies = (): Promise<unknown> =>
    scene.app.db.inspect(
      `INSERT INTO contact (id, setting_urn, role, name, email, email_verified_at, working_days, created_at)
       SELECT gen_random_uuid(), '900123', 'deputy', 'Deputy ' || i, 'deputy' || i || '@riverside.example', $1, '{1,2,3,4,5}', $1
       FROM generate_series(1, ${DEPUTIES}) AS i`,
      [scene.app.clock.now()],
    );

  it('switches off nobody’s address; the ladder goes on, and whom it did not reach is told when the server is mended', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await manyDeputies();
    scene.app.mail.behave({ kind: 'bounces' });
    const { id } = await scene.postOne();
    await scene.app.drain();
    expect(await marked()).toEqual([]);
    expect((await scene.rungs(id)).some((line) => line.endsWith('head empty'))).toBe(true);
    const audit = await scene.app
      .get(Auditor, { strict: false })
      .run({ evenIfRecent: true, probeWithinMs: 1 });
    expect(audit?.findings.map(({ kind, subject }) => `${kind} ${subject}`)).toContain(
      'bounce-storm smtp email',
    );
    scene.app.mail.goodDay();
    scene.newMails();
    const told = await scene.until('2026-11-22 22:00');
    expect(told).toContain(`2026-11-22 21:55 ${DSL}`);
  });

  it('what a desk is to place is said to its officers again when the server is mended, once', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await manyDeputies();
    scene.app.mail.behave({ kind: 'bounces' });
    await scene.postOne();
    const unplaced = { settings: [], schoolStated: 'A school by the river', homeAuthorityCode: '999' };
    const { id } = await scene.postOne({ children: [scene.child(scene.world.riverside, unplaced)] });
    await scene.app.drain();
    expect(await marked()).toEqual([]);
    scene.app.mail.goodDay();
    scene.newMails();
    const { officer, manager } = scene.world.desks.triage;
    const told = (await scene.until('2026-11-23 07:00')).filter((line) => line.includes('triage'));
    expect(told).toEqual(on('2026-11-22', [`21:55 ${manager.email}`, `21:55 ${officer.email}`]));
    const { state, next_due_at: next } = await scene.notice(id);
    expect([state, next! > scene.app.clock.now()]).toEqual(['triage', true]);
  });

  it('a few bad addresses are bad addresses', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await manyDeputies();
    scene.app.mail.behave({ kind: 'bounces', to: [DSL, 'deputy1@riverside.example'] });
    await scene.postOne();
    await scene.app.drain();
    expect(await marked()).toEqual(['deputy1@riverside.example', DSL]);
    expect(scene.newMails()).toHaveLength(DEPUTIES);
  });
});
