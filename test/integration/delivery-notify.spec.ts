import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NotifyStandIn, type NotifyDay, type NotifySent } from '../support/notify-stand-in.js';
import { Scene } from '../scenarios/support/scene.js';

const TOKEN = 'a-token-of-enough-characters';
const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const MOBILE = '07700900111';

let notify: NotifyStandIn;
let scene: Scene;
beforeEach(async () => {
  notify = await NotifyStandIn.start();
});
afterEach(async () => {
  await scene.close();
  await notify.close();
});

const open = async (extra: Record<string, string> = {}, at = '2026-11-22 21:40'): Promise<void> => {
  scene = await Scene.open(at, {
    environment: { MAIL_PROVIDER: 'notify', ...notify.environment(TOKEN), ...extra },
  });
};

const receipt = (body: unknown, token: string | null = TOKEN): Promise<Response> =>
  scene.app.fetch('/delivery/notify/receipts', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });

const messages = () =>
  scene.app.db.inspect<{
    state: string;
    channel: string;
    rung: string;
    error_code: string | null;
    email: string;
  }>(
    `SELECT m.state, m.channel, m.rung, m.error_code, c.email FROM outgoing_message m JOIN contact c ON c.id = m.contact_id
     ORDER BY m.created_at, c.email, m.channel`,
  );
const marked = async (email: string): Promise<boolean> => {
  const rows = await scene.app.db.inspect(
    `SELECT 1 FROM contact WHERE email = $1 AND email_bounced_at IS NOT NULL`,
    [email],
  );
  return rows.length > 0;
};
const to = (address: string): NotifySent => {
  const found = notify.sent.filter((sent) => sent.to === address).at(-1);
  if (!found) throw new Error('Notify was not asked');
  return found;
};

describe('mail through GOV.UK Notify', () => {
  it('goes with the mailing as its reference, and says no more than a mail by SMTP', async () => {
    await open();
    const { reference } = await scene.postOne();
    expect(notify.sent.map((sent) => `${sent.type} ${sent.to}`).sort()).toEqual([
      `email ${DEPUTY}`,
      `email ${DSL}`,
    ]);
    const { personalisation } = to(DSL);
    expect(personalisation['text']).toMatch(
      new RegExp(
        `^You have a safeguarding notice to read by 08:45\\. Reference ${reference}\\. Sign in: http`,
      ),
    );
    expect(personalisation['subject']).toContain('Safeguarding notice to read');
    const [mailing] = await scene.app.db.inspect(
      `SELECT state, provider, provider_id FROM mailing WHERE id = $1`,
      [to(DSL).reference],
    );
    expect(mailing).toEqual({ state: 'accepted', provider: 'notify-email', provider_id: to(DSL).id });
    expect(scene.newMails()).toEqual([]);
  });

  it.each<[NotifyDay, string]>([
    ['team-only', 'NOTIFY 400 BadRequestError'],
    ['trial', 'NOTIFY 400 BadRequestError'],
    ['missing-personalisation', 'NOTIFY 400 BadRequestError'],
    ['clock', 'NOTIFY 403 AuthError'],
    ['rate-limit', 'NOTIFY 429 RateLimitError'],
    ['daily-limit', 'NOTIFY 429 TooManyRequestsError'],
    ['exception', 'NOTIFY 500 Exception'],
  ])('on a day of "%s": waits, blames no address, and goes when the day is over', async (day, code) => {
    await open();
    notify.day = day;
    await scene.postOne();
    expect(new Set((await messages()).map((one) => `${one.state} ${one.error_code}`))).toEqual(
      new Set([`pending ${code}`]),
    );
    expect(await marked(DSL)).toBe(false);
    notify.day = 'fine';
    await scene.app.drain({ ignoreBackoff: true });
    expect(new Set((await messages()).map(({ state }) => state))).toEqual(new Set(['accepted']));
    expect(notify.sent).toHaveLength(2);
  });

  it('an address that Notify calls invalid is a bounce: the next rung runs now', async () => {
    await open();
    notify.day = 'invalid-address';
    const { id } = await scene.postOne();
    expect(await marked(DSL)).toBe(true);
    expect((await scene.rungs(id)).find((line) => line.includes(' first '))).toContain('empty');
    expect((await messages()).some(({ rung }) => rung === 'head' || rung === 'reminder')).toBe(true);
    scene.newMails();
  });

  it('a provider that never answers is given up after its time, and the message may be a duplicate', async () => {
    await open({ SEND_TIMEOUT_SECONDS: '1' });
    notify.day = 'hangs';
    await scene.postOne();
    expect((await messages()).map(({ error_code }) => error_code)).toEqual(['TIMEOUT', 'TIMEOUT']);
    notify.day = 'fine';
    await scene.app.drain({ ignoreBackoff: true });
    const mailings = await scene.app.db.inspect(
      `SELECT 1 FROM mailing WHERE state = 'accepted' AND repeated`,
    );
    expect(mailings).toHaveLength(2);
  });

  it('leaves no address, number or text in logs and errors', async () => {
    await open();
    for (const day of ['team-only', 'exception', 'loses-its-yes', 'invalid-address'] as const) {
      notify.day = day;
      await scene.postOne();
    }
    const errors = await scene.app.db.inspect<{ text: string }>(
      `SELECT coalesce(string_agg(last_error, ' '), '') AS text FROM outbox`,
    );
    const all = scene.app.log.text() + JSON.stringify(errors);
    expect(all).toContain('NOTIFY 500');
    expect(all).not.toMatch(/riverside\.example|safeguarding notice|Bearer|-5d7f0f3a-/i);
  });
});

describe('a delivery receipt', () => {
  it('is taken with its token only', async () => {
    await open();
    await scene.postOne();
    const body = notify.receipt(to(DSL), 'delivered');
    expect((await receipt(body, null)).status).toBe(401);
    expect((await receipt(body, 'a-token-of-enough-charactert')).status).toBe(401);
    expect((await messages()).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    expect((await receipt(body)).status).toBe(200);
    expect((await messages()).map(({ state }) => state).sort()).toEqual(['accepted', 'delivered']);
  });

  it('does not exist where no token was set', async () => {
    await open({ NOTIFY_CALLBACK_TOKEN: '' });
    expect((await receipt({ reference: 'x', status: 'delivered' })).status).toBe(404);
  });

  it('permanent failures of everybody: addresses marked, the next rung at once, once', async () => {
    await open();
    const { id } = await scene.postOne();
    const lost = [to(DSL), to(DEPUTY)];
    for (const sent of [...lost, ...lost]) {
      expect((await receipt(notify.receipt(sent, 'permanent-failure'))).status).toBe(200);
    }
    await scene.app.drain();
    expect([await marked(DSL), await marked(DEPUTY)]).toEqual([true, true]);
    const heads = notify.sent.filter((sent) => sent.to === 'head@riverside.example');
    expect(heads).toHaveLength(1);
    expect((await scene.actions(id)).filter((action) => action === 'message.failed')).toHaveLength(2);
    scene.newMails();
  });

  it('out of order: a failure after "delivered" counts, "delivered" after a failure does not', async () => {
    await open();
    await scene.postOne();
    await receipt(notify.receipt(to(DSL), 'delivered'));
    await receipt(notify.receipt(to(DSL), 'temporary-failure'));
    expect((await messages()).find(({ email }) => email === DSL)?.state).toBe('delivered');
    await receipt(notify.receipt(to(DSL), 'permanent-failure'));
    await receipt(notify.receipt(to(DSL), 'delivered'));
    expect((await messages()).find(({ email }) => email === DSL)?.state).toBe('bounced');
  });

  it('temporary failure: lost, the address unmarked; technical failure: sent once more', async () => {
    await open();
    await scene.postOne();
    await receipt(notify.receipt(to(DEPUTY), 'temporary-failure'));
    const first = to(DSL);
    await receipt(notify.receipt(first, 'technical-failure'));
    await receipt(notify.receipt(first, 'technical-failure'));
    await scene.app.drain();
    expect(notify.sent.filter((sent) => sent.to === DSL)).toHaveLength(2);
    expect(to(DSL).reference).not.toBe(first.reference);
    expect((await messages()).map((one) => `${one.email} ${one.state}`)).toEqual([
      `${DEPUTY} failed`,
      `${DSL} accepted`,
    ]);
    expect([await marked(DSL), await marked(DEPUTY)]).toEqual([false, false]);
  });

  it('before our own commit: it is the provider’s yes, and nothing is sent twice', async () => {
    await open();
    notify.day = 'loses-its-yes';
    const { id } = await scene.postOne();
    // As a sender leaves it that was killed after Notify's yes: claimed, and nobody knows.
    const sent = to(DSL);
    await scene.app.db.inspect(`UPDATE mailing SET state = 'sending' WHERE id = $1`, [sent.reference]);
    await scene.app.db.inspect(
      `UPDATE outgoing_message SET state = 'sending', lease_until = now() + interval '1 minute' WHERE mailing_id = $1`,
      [sent.reference],
    );
    expect((await receipt(notify.receipt(sent, 'delivered'))).status).toBe(200);
    expect((await messages()).find(({ email }) => email === DSL)?.state).toBe('delivered');
    expect((await scene.notice(id)).state).toBe('delivered');
    notify.day = 'fine';
    await scene.app.drain({ ignoreBackoff: true });
    expect(notify.sent.filter((one) => one.to === DSL)).toHaveLength(1);
  });

  it('about nothing of ours, or of no known form, is answered 200 and counted', async () => {
    await open();
    expect(
      (await receipt({ reference: '01939f3e-7d5c-7a11-8c3b-5d2f4e6a7b80', status: 'permanent-failure' }))
        .status,
    ).toBe(200);
    expect((await receipt({ reference: "'; DROP TABLE notice", status: 'delivered' })).status).toBe(200);
    expect((await receipt({ reference: null, status: 'sent' })).status).toBe(200);
    expect((await receipt([])).status).toBe(200);
    const metrics = await (await scene.app.fetch('/metrics')).text();
    expect(metrics).toMatch(
      /firstbell_delivery_reports_total\{source="notify",kind="hard",outcome="unknown"\} 1/,
    );
    expect(metrics).toMatch(/kind="not-a-report",outcome="ignored"\} 2/);
  });
});

describe('text messages through GOV.UK Notify', () => {
  const withMobile = (verified = true): Promise<void> =>
    scene.contact(scene.world.riverside.dsl, {
      mobile: MOBILE,
      mobile_verified_at: verified ? scene.app.clock.now() : null,
    });
  const texts = (): NotifySent[] => notify.sent.filter(({ type }) => type === 'sms');

  it('wait for the end of the quiet hours, fit into one message, and name nobody', async () => {
    await open();
    await withMobile();
    await scene.postOne({ incident: { ...scene.notification().incident, risk: 'standard' } });
    expect(texts()).toEqual([]);
    await scene.until('2026-11-23 06:29');
    expect(texts()).toEqual([]);
    await scene.until('2026-11-23 06:30');
    expect(texts()).toHaveLength(1);
    expect(texts()[0]?.to).toBe(MOBILE);
    expect(texts()[0]?.personalisation['text']).toMatch(
      /^You have a safeguarding notice to read by 08:45\. Reference [A-Z0-9]+\. Sign in: /,
    );
  });

  it('about HIGH go at once', async () => {
    await open();
    await withMobile();
    await scene.postOne({ incident: { ...scene.notification().incident, risk: 'high' } });
    expect(texts()).toHaveLength(1);
  });

  it('never go to a number that nobody has verified', async () => {
    await open();
    await withMobile(false);
    await scene.postOne({ incident: { ...scene.notification().incident, risk: 'high' } });
    await scene.until('2026-11-23 08:00');
    expect(texts()).toEqual([]);
    scene.newMails();
  });

  it('a number that fails for good is marked, and mail goes on', async () => {
    await open();
    await withMobile();
    await scene.postOne({ incident: { ...scene.notification().incident, risk: 'high' } });
    const [text] = texts();
    await receipt(notify.receipt(text, 'permanent-failure'));
    const rows = await scene.app.db.inspect(
      `SELECT 1 FROM contact WHERE mobile = $1 AND mobile_failed_at IS NOT NULL`,
      [MOBILE],
    );
    expect(rows).toHaveLength(1);
    expect(await marked(DSL)).toBe(false);
    await scene.until('2026-11-23 07:45');
    expect(texts()).toHaveLength(1);
    expect(to(DSL).type).toBe('email');
  });
});
