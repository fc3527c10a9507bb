import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contactPages } from './support/contact-pages.js';
import { Scene } from './support/scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open('2026-11-22 21:40');
});
afterEach(() => scene.close());

const { contactRow, idOf, codeFor, add } = contactPages(() => scene);

describe('codes and mailboxes', () => {
  const asked = async () => {
    const { dsl, deputy } = scene.world.riverside;
    await scene.contact(deputy, { email_verified_at: null });
    const visitor = await scene.signIn(dsl);
    await visitor.visit(`/contacts/${deputy.id}/check/email`);
    await visitor.submit({}, '/send');
    return { visitor, deputy, code: await codeFor(deputy.email) };
  };

  it('a code from another browser is worth nothing', async () => {
    const { deputy, code } = await asked();
    const elsewhere = await scene.signIn(scene.world.riverside.dsl);
    await elsewhere.visit(`/contacts/${deputy.id}/check/email`);
    expect(elsewhere.page.forms.some(({ fields }) => 'code' in fields)).toBe(false);
    const form = elsewhere.page.forms.find(({ action }) => action.endsWith('/send'));
    if (form) form.action = `/contacts/${deputy.id}/check/email`;
    const page = await elsewhere.submit({ code }, '/check/email');
    expect(page.text).toContain('A code works only where it was asked for');
    expect(await contactRow(deputy.id)).toMatchObject({ email_verified_at: null });
  });

  it('after five wrong tries the right code is worth nothing either', async () => {
    const { visitor, deputy, code } = await asked();
    const wrong = code === '000000' ? '000001' : '000000';
    for (let i = 0; i < 5; i += 1)
      expect((await visitor.submit({ code: wrong }, '/check/email')).status).toBe(422);
    expect((await visitor.submit({ code }, '/check/email')).status).toBe(422);
    expect(await contactRow(deputy.id)).toMatchObject({ email_verified_at: null });
  });

  it('a code works once, for the address as it was, and only the newest', async () => {
    const { visitor, deputy, code } = await asked();
    await visitor.submit({}, '/send');
    const second = await codeFor(deputy.email);
    if (second !== code) expect((await visitor.submit({ code }, '/check/email')).status).toBe(422);
    await scene.contact(deputy, { email: 'moved@riverside.example' });
    await visitor.visit(`/contacts/${deputy.id}/check/email`);
    expect((await visitor.submit({ code: second }, '/check/email')).status).toBe(422);
    expect(await contactRow(deputy.id)).toMatchObject({ email_verified_at: null });
  });

  it('codes are asked for a few times, not for ever', async () => {
    const { visitor } = await asked();
    for (let i = 0; i < 5; i += 1) await visitor.submit({}, '/send');
    expect((await visitor.submit({}, '/send')).status).toBe(429);
    await scene.app.drain();
    scene.newMails();
  });

  it('a mailbox gets no code: somebody who signs in vouches for it, and then it is told', async () => {
    const { dsl } = scene.world.riverside;
    const visitor = await scene.signIn(dsl);
    await add(visitor, { role: 'dsl', name: 'Office', email: 'office@riverside.example' }, true);
    const id = await idOf('office@riverside.example');
    expect((await visitor.visit(`/contacts/${id}/check/email`)).status).toBe(404);
    await visitor.visit(`/contacts/${dsl.id}/check/email`);
    const form = visitor.page.forms.find(({ action }) => action.endsWith('/send'));
    if (form) form.action = `/contacts/${id}/check/email/send`;
    expect((await visitor.submit({}, '/send')).status).toBe(404);
    await scene.app.drain();
    expect(scene.app.mail.all.filter(({ to }) => to === 'office@riverside.example')).toEqual([]);
    await visitor.visit('/contacts');
    await visitor.submit({}, '/vouch');
    expect(await contactRow(id)).toMatchObject({ email_verified_at: scene.app.clock.now(), person_id: null });
    await scene.postOne();
    expect(scene.newMails().map(({ to }) => to)).toContain('office@riverside.example');
  });

  it('an address is a mailbox or a person’s, never both', async () => {
    const { dsl, deputy } = scene.world.riverside;
    const visitor = await scene.signIn(dsl);
    const page = await add(visitor, { role: 'dsl', name: 'Office', email: deputy.email }, true);
    expect(page.text).toContain('This is a person’s own address');
    await add(visitor, { role: 'dsl', name: 'Office', email: 'office@riverside.example' }, true);
    const person = await add(visitor, { role: 'deputy', name: 'Ann', email: 'office@riverside.example' });
    expect(person.text).toContain('A person needs an address of their own');
  });

  it.each([
    ['an administrator', `administrator = true`],
    ['a police user', `force_code = 'DEMO'`],
  ])(
    'the address of %s, who has no post anywhere, is no mailbox: they could not sign in',
    async (_who, is) => {
      const { dsl, deputy } = scene.world.riverside;
      await scene.contact(deputy, { archived_at: scene.app.clock.now() });
      const visitor = await scene.signIn(dsl);
      const mailbox = { role: 'dsl', name: 'Office', email: deputy.email.toUpperCase() };
      await scene.app.db.inspect(`UPDATE person SET ${is} WHERE id = $1`, [deputy.personId]);
      expect((await add(visitor, mailbox, true)).text).toContain('This is a person’s own address');
      await scene.app.db.inspect(`UPDATE person SET archived_at = created_at WHERE id = $1`, [
        deputy.personId,
      ]);
      expect((await add(visitor, mailbox, true)).text).not.toContain('This is a person’s own address');
    },
  );

  it('an address that bounced is shown with its day, left out of coverage, and counts again after a code', async () => {
    const { dsl, deputy } = scene.world.riverside;
    await scene.contact(deputy, { email_bounced_at: scene.app.clock.now() });
    const visitor = await scene.signIn(dsl);
    const page = await visitor.visit('/contacts');
    expect(page.text).toContain('Mail came back since 21:40: nothing is sent there');
    expect(page.text).toContain('Dep riverside: messages came back from an address');
    await visitor.visit(`/contacts/${deputy.id}/check/email`);
    await visitor.submit({}, '/send');
    await visitor.submit({ code: await codeFor(deputy.email) }, '/check/email');
    expect(await contactRow(deputy.id)).toMatchObject({ email_bounced_at: null });
  });

  it('mobiles cannot be checked where no text messages are sent, and the page says so', async () => {
    const { dsl } = scene.world.riverside;
    await scene.contact(dsl, { mobile: '+447700900123' });
    const visitor = await scene.signIn(dsl);
    const page = await visitor.visit('/contacts');
    expect(page.text).toContain('sends no text messages yet, so mobiles cannot be checked');
    await visitor.visit(`/contacts/${dsl.id}/check/sms`);
    expect((await visitor.submit({}, '/send')).text).toContain('Mobiles cannot be checked here yet');
  });
});
