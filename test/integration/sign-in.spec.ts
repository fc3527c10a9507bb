import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/common/ids.js';
import { SignIn } from '../../src/identity/staff/sign-in.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { london } from '../support/clock.js';
import { seedWorld, type World } from '../support/world.js';

const NIGHT = london('2026-11-22 21:40');
const HERE = '127.0.0.1';

describe('signing in by a mailed code', () => {
  let app: TestApp;
  let world: World;
  let signIn: SignIn;

  beforeAll(async () => {
    app = await startApp({ at: NIGHT });
    world = await seedWorld(app.db, NIGHT);
    signIn = app.get(SignIn, { strict: false });
  });

  afterAll(async () => {
    await app?.close();
  });

  async function codeFor(email: string): Promise<{ codeId: string; code: string }> {
    const codeId = await signIn.requestCode(email, HERE);
    await app.drain();
    const mail = await app.mail.waitFor({ to: email, subject: /sign-in code/ });
    return { codeId, code: /\b(\d{6})\b/.exec(mail.text)?.[1] ?? '' };
  }

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
});
