import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Alerts } from '../../src/alerts/alerts.service.js';
import { systemActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { requesterDigest } from '../../src/identity/staff/domain/one-time-code.js';
import { SignIn } from '../../src/identity/staff/sign-in.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { london } from '../support/clock.js';
import { Visitor } from '../support/visitor.js';
import { seedWorld, type World, type WorldContact } from '../support/world.js';

const NIGHT = london('2026-11-22 21:40');
const HERE = '127.0.0.1';

describe('signing in by a mailed code', () => {
  let app: TestApp;
  let world: World;
  let signIn: SignIn;

  beforeAll(async () => {
    app = await startApp({ at: NIGHT, jobs: { autoStart: false } });
    world = await seedWorld(app.db, NIGHT);
    signIn = app.get(SignIn, { strict: false });
  });

  afterAll(async () => {
    await app?.close();
  });

  async function codeFor(
    email: string,
    from = HERE,
    knownAs: string | null = null,
  ): Promise<{ codeId: string; code: string }> {
    const codeId = await signIn.requestCode(email, from, knownAs);
    await app.drain();
    const mail = await app.mail.waitFor({ to: email, subject: /sign-in code/ });
    return { codeId, code: /\b(\d{6})\b/.exec(mail.text)?.[1] ?? '' };
  }

  const codesOf = async ({ personId }: WorldContact): Promise<number> =>
    (await app.db.inspect(`SELECT 1 FROM sign_in_code WHERE person_id = $1`, [personId])).length;

  /** Codes of a minute ago, as if somebody had asked for them from that network. */
  const asked = (who: WorldContact, network: string, codes: number, wrongTries = 0): Promise<unknown[]> =>
    app.db.inspect(
      `INSERT INTO sign_in_code (id, person_id, requester_digest, created_at, expires_at, attempts)
       SELECT gen_random_uuid(), $1, $2, $3::timestamptz - interval '1 minute', $3::timestamptz + interval '9 minutes', $4
       FROM generate_series(1, $5)`,
      [who.personId, requesterDigest({ network }), app.clock.realNow(), wrongTries, codes],
    );

  it('works once, in the browser that asked, and the database never holds the code', async () => {
    const { dsl } = world.riverside;
    const { codeId, code } = await codeFor(dsl.email);
    expect(await signIn.verifyCode(newId(), code)).toBeNull();
    const rows = await app.db.inspect(`SELECT s::text AS row FROM sign_in_code s`);
    expect(JSON.stringify(rows)).not.toContain(code);
    const jobs = await app.db.inspect(
      `SELECT payload::text FROM outbox WHERE name = 'identity.send-sign-in-code'`,
    );
    expect(JSON.stringify(jobs)).not.toContain(code);
    expect(await signIn.verifyCode(codeId, code)).toBe(dsl.personId);
    expect(await signIn.verifyCode(codeId, code)).toBeNull();
  });

  it('is dead after five wrong tries, and a stranger’s tries do not wear hers out', async () => {
    const { deputy } = world.riverside;
    const strangers = await codeFor(deputy.email);
    const hers = await codeFor(deputy.email);
    const wrong = strangers.code === '000000' ? '000001' : '000000';
    for (let i = 0; i < 5; i += 1) expect(await signIn.verifyCode(strangers.codeId, wrong)).toBeNull();
    expect(await signIn.verifyCode(strangers.codeId, strangers.code)).toBeNull();
    expect(await signIn.verifyCode(hers.codeId, hers.code)).toBe(deputy.personId);
  });

  it('a stranger elsewhere who asks again and again does not keep her from asking', async () => {
    const { head } = world.riverside;
    for (let i = 0; i < 8; i += 1) await signIn.requestCode(head.email, '192.0.2.7');
    await app.drain();
    for (let i = 0; i < 5; i += 1) await app.mail.waitFor({ to: head.email, subject: /sign-in code/ });
    const { codeId, code } = await codeFor(head.email);
    expect(await signIn.verifyCode(codeId, code)).toBe(head.personId);
  });

  it('says nothing about whether an address is known: an id comes back, and no mail', async () => {
    expect(await signIn.requestCode('nobody@elsewhere.example', HERE)).toMatch(/^[0-9a-f-]{36}$/);
    await app.drain();
    expect(app.mail.unexpected()).toEqual([]);
  });

  it('never goes to a shared mailbox, although a person was registered with its address', async () => {
    const address = world.hillside.head.email;
    await app.db.inspect(
      `UPDATE contact SET shared_mailbox = true, person_id = NULL WHERE id = $1 RETURNING id`,
      [world.hillside.head.id],
    );
    await signIn.requestCode(address, HERE);
    await app.drain();
    expect(app.mail.unexpected()).toEqual([]);
  });

  it('goes to a person whose address was a shared mailbox once', async () => {
    const { deputy } = world.hillside;
    await app.db.inspect(
      `INSERT INTO contact (id, setting_urn, role, name, email, shared_mailbox, created_at, archived_at)
       SELECT gen_random_uuid(), setting_urn, role, 'Office', email, true, created_at, created_at FROM contact WHERE id = $1`,
      [deputy.id],
    );
    const { codeId, code } = await codeFor(deputy.email);
    expect(await signIn.verifyCode(codeId, code)).toBe(deputy.personId);
  });

  describe('somebody who guesses, and knows everybody’s address', () => {
    /** An address of the guesser's network: one machine has as many as it likes. */
    const guesser = (index: number): string => `2001:db8:7:7::${index}`;
    const wrongTries = async (): Promise<number> => {
      const [row] = await app.db.inspect<{ sum: number }>(
        `SELECT sum(attempts)::int AS sum FROM sign_in_code WHERE requester_digest = $1`,
        [requesterDigest({ network: '2001:db8:7:7::/64' })],
      );
      return row?.sum ?? 0;
    };

    it('has thirty wrong tries at all codes together; then each code has one try, none is sent, and the operator hears', async () => {
      const { triage, duty, 'home-education': home, 'early-years': early } = world.desks;
      const others = [
        ...[triage, duty, home].flatMap((desk) => [desk.officer, desk.manager]),
        world.operator.officer,
      ];
      const right = await codeFor(early.officer.email, guesser(1));
      const neighbours = await codeFor(world.riverside.deputy.email, guesser(90));
      const codes = await Promise.all(
        others.map(({ email }, i) => signIn.requestCode(email, guesser(i + 2))),
      );
      await app.drain();
      for (const { email } of others) await app.mail.waitFor({ to: email, subject: /sign-in code/ });
      // Seven at a time, five times: none of them slips past the count.
      for (let i = 0; i < 5; i += 1) {
        const letIn = await Promise.all(codes.map((codeId) => signIn.verifyCode(codeId, 'none')));
        expect(letIn.filter(Boolean)).toEqual([]);
      }
      expect(await wrongTries()).toBe(30);
      expect(await signIn.verifyCode(right.codeId, 'none')).toBeNull();
      expect(await signIn.verifyCode(right.codeId, right.code)).toBeNull();
      // Somebody behind the same address has done nothing wrong.
      expect(await signIn.verifyCode(neighbours.codeId, neighbours.code)).toBe(
        world.riverside.deputy.personId,
      );

      const before = await codesOf(early.officer);
      expect(await signIn.requestCode(early.officer.email, guesser(99))).toMatch(/^[0-9a-f-]{36}$/);
      expect(await codesOf(early.officer)).toBe(before);
      const metrics = await (await app.fetch('/metrics')).text();
      expect(metrics).toContain('firstbell_sign_in_codes_withheld_total{why="wrong-tries"} 1');
      await app.drain();
      await app.mail.waitFor({ to: 'operator@firstbell.example', subject: /codes are being guessed/ });
      await app.db.inspect(`UPDATE alert SET cleared_at = now() WHERE kind = 'sign-in-guessing'`);
    });

    it('keeps nobody out elsewhere, nor behind the same address with a browser that is known', async () => {
      const victim = world.desks['early-years'].officer;
      const elsewhere = await codeFor(victim.email, '2001:db8:7:8::1');
      expect(await signIn.verifyCode(elsewhere.codeId, elsewhere.code)).toBe(victim.personId);
      const known = await codeFor(victim.email, guesser(99), victim.personId);
      expect(await signIn.verifyCode(known.codeId, known.code)).toBe(victim.personId);
      // Known as somebody else is not known.
      const before = await codesOf(victim);
      await signIn.requestCode(victim.email, guesser(99), world.riverside.dsl.personId);
      expect(await codesOf(victim)).toBe(before);
    });

    it('from many places at once makes an alert, one for all, that is over after a day without', async () => {
      const alerts = (): Promise<unknown[]> =>
        app.db.inspect(
          `SELECT subject, (detail->>'wrong')::int > 100 AS many FROM alert WHERE kind = 'sign-in-guessing' AND cleared_at IS NULL`,
        );
      expect(await alerts()).toEqual([]);
      const { manager } = world.desks['early-years'];
      for (let i = 0; i < 5; i += 1) await asked(manager, `198.51.100.${i}`, 4, 5);
      const { codeId } = await codeFor(manager.email);
      for (let i = 0; i < 2; i += 1) await signIn.verifyCode(codeId, 'none');
      expect(await alerts()).toEqual([{ subject: 'sign-in', many: true }]);
      await app.drain();
      await app.mail.waitFor({ to: 'operator@firstbell.example', subject: /codes are being guessed/ });
      expect(app.mail.unexpected()).toEqual([]);
      const audited = (): Promise<void> =>
        app.db.database.transaction(systemActor('auditor'), (tx) =>
          app.get(Alerts, { strict: false }).clearGone(tx, []),
        );
      await audited();
      expect(await alerts()).toHaveLength(1);
      await app.db.inspect(`UPDATE alert SET last_raised_at = last_raised_at - interval '25 hours'`);
      await audited();
      expect(await alerts()).toEqual([]);
    });
  });

  it('is asked for a hundred times from one place, whomever for; codes that were used do not count', async () => {
    const { dsl, deputy, head } = world.hillside;
    await asked(dsl, '198.51.100.77', 50);
    await asked(head, '198.51.100.77', 50);
    const before = await codesOf(deputy);
    await signIn.requestCode(deputy.email, '198.51.100.77');
    expect(await codesOf(deputy)).toBe(before);
    await app.db.inspect(`UPDATE sign_in_code SET used_at = created_at WHERE person_id = $1`, [dsl.personId]);
    await codeFor(deputy.email, '::ffff:198.51.100.77');
    expect(await codesOf(deputy)).toBe(before + 1);
  });

  it('comes to her own browser, although strangers everywhere have used up what is sent in her name', async () => {
    const { dsl } = world.riverside;
    const browser = new Visitor(app);
    await browser.visit('/sign-in');
    await browser.submit({ email: dsl.email });
    const enter = async (): Promise<string> => {
      await app.drain();
      const mail = await app.mail.waitFor({ to: dsl.email, subject: /sign-in code/ });
      return (await browser.submit({ code: /\b(\d{6})\b/.exec(mail.text)?.[1] ?? '' })).path;
    };
    expect(await enter()).toBe('/inbox');
    await browser.visit('/inbox');
    await browser.submit({}, '/sign-out');
    for (let i = 0; i < 6; i += 1) await asked(dsl, `203.0.113.${i}`, 5);
    const before = await codesOf(dsl);
    await signIn.requestCode(dsl.email, '192.0.2.200');
    expect(await codesOf(dsl)).toBe(before);
    await browser.visit('/sign-in');
    await browser.submit({ email: dsl.email });
    expect(await enter()).toBe('/inbox');
  });
});
