import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contactPages } from './support/contact-pages.js';
import { Scene } from './support/scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open('2026-11-22 21:40');
});
afterEach(() => scene.close());

const { row, contactRow, idOf, codeFor, add } = contactPages(() => scene);
const jobs = (name: string) =>
  scene.app.db.inspect<{ payload: Record<string, unknown> }>(
    `SELECT payload FROM outbox WHERE name = $1 AND done_at IS NULL`,
    [name],
  );

describe('a head or DSL keeps the contacts', () => {
  it('adds a deputy, whose address counts only after the code that was sent there came back', async () => {
    const { dsl, urn } = scene.world.riverside;
    const visitor = await scene.signIn(dsl);
    const page = await add(visitor, { role: 'deputy', name: 'Nia Newcome', email: 'nia@riverside.example' });
    expect(page.text).toContain('Nothing is sent to an address until it is checked');
    const id = await idOf('nia@riverside.example');
    expect(await contactRow(id)).toMatchObject({
      setting_urn: urn,
      email_verified_at: null,
      working_days: [1, 2, 3, 4, 5],
    });
    expect(await jobs('directory.contact-changed')).toEqual([{ payload: { contactId: id } }]);

    const notice = await scene.postOne();
    expect(scene.newMails().map(({ to }) => to)).not.toContain('nia@riverside.example');
    const told = await scene.app.db.inspect(`SELECT 1 FROM outgoing_message WHERE contact_id = $1`, [id]);
    expect(told).toEqual([]);

    await visitor.visit(`/contacts/${id}/check/email`);
    await visitor.submit({}, '/send');
    const code = await codeFor('nia@riverside.example');
    expect((await visitor.submit({ code }, '/check/email')).text).toContain('This address works');
    expect(await contactRow(id)).toMatchObject({ email_verified_at: scene.app.clock.now() });
    // The open notice is planned anew: the new deputy is told of it with the next rung.
    expect(await scene.until('2026-11-23 07:45')).toContain('2026-11-23 07:45 nia@riverside.example');
    expect(notice.setting_urn).toBe(urn);
  });

  it('shows all errors at once and keeps what was typed', async () => {
    const visitor = await scene.signIn(scene.world.riverside.head);
    const page = await add(visitor, {
      name: '',
      email: 'not an address',
      mobile: '12',
      trainedOn: '2027-01-01',
    });
    expect(page.status).toBe(422);
    for (const words of [
      'Choose a role',
      'Enter a name',
      'such as name@school.example',
      'such as 07700 900123',
      'must be in the past',
    ])
      expect(page.text).toContain(words);
    expect(page.html).toContain('value="not an address"');
  });

  it('a changed address is unproved and unbounced, and the person goes on signing in with the old one until it is proved', async () => {
    const { dsl } = scene.world.riverside;
    await scene.contact(dsl, { email_bounced_at: scene.app.clock.now() });
    const visitor = await scene.signIn(dsl);
    // Signing in read the mailbox: what came back before is forgiven.
    expect(await contactRow(dsl.id)).toMatchObject({ email_bounced_at: null });
    await visitor.visit(`/contacts/${dsl.id}`);
    const changed = await visitor.submit({ email: 'dee@new.example' }, `/contacts/${dsl.id}`);
    expect(changed.text).toContain('Not checked yet: nothing is sent there');
    expect(await contactRow(dsl.id)).toMatchObject({ email: 'dee@new.example', email_verified_at: null });
    const person = () => row(`SELECT email FROM person WHERE id = $1`, dsl.personId);
    expect(await person()).toEqual({ email: dsl.email });
    await visitor.visit(`/contacts/${dsl.id}/check/email`);
    await visitor.submit({}, '/send');
    await visitor.submit({ code: await codeFor('dee@new.example') }, '/check/email');
    expect(await person()).toEqual({ email: 'dee@new.example' });
    expect((await visitor.visit('/inbox')).status).toBe(200);
  });

  it('ends a contact: archived with the history, told nothing more, signed in no more', async () => {
    const { head, deputy } = scene.world.riverside;
    const theirs = await scene.signIn(deputy);
    const visitor = await scene.signIn(head);
    await visitor.visit(`/contacts/${deputy.id}/end`);
    const page = await visitor.submit({}, '/end');
    expect(page.text).toContain('Ended.');
    expect(page.text).toContain('Ended (1)');
    expect(await contactRow(deputy.id)).toMatchObject({ archived_at: scene.app.clock.now() });
    expect((await theirs.visit('/inbox')).status).not.toBe(200);
    await scene.postOne();
    expect(scene.newMails().map(({ to }) => to)).not.toContain(deputy.email);
  });

  it('says once a term, with one button, that they are still right', async () => {
    const { dsl, deputy, head } = scene.world.riverside;
    for (const one of [dsl, deputy, head])
      await scene.contact(one, { created_at: new Date('2026-06-01T09:00:00Z') });
    const visitor = await scene.signIn(dsl);
    expect((await visitor.visit('/inbox')).text).toContain('say that your contacts are still right');
    expect((await visitor.visit('/contacts')).text).toContain('Once a term');
    const page = await visitor.submit({}, '/right');
    expect(page.text).toContain('Thank you');
    expect(await contactRow(deputy.id)).toMatchObject({ attested_at: scene.app.clock.now() });
    expect((await visitor.visit('/inbox')).text).not.toContain('still right');
  });
});

describe('who may not', () => {
  it('a deputy keeps their own details and absences, and cannot edit others, by page or by form', async () => {
    const { deputy, dsl, head } = scene.world.riverside;
    const visitor = await scene.signIn(deputy);
    const list = await visitor.visit('/contacts');
    expect(list.text).toContain('You keep your own details and absences');
    expect(list.html).not.toContain(`/contacts/${dsl.id}`);
    expect(list.html).not.toContain('/contacts/new');
    expect((await visitor.visit(`/contacts/${dsl.id}`)).status).toBe(403);
    await visitor.visit(`/contacts/${deputy.id}`);
    // Their own form, sent to somebody else's address.
    const own = visitor.page.forms.find(({ action }) => action === `/contacts/${deputy.id}`);
    if (own) own.action = `/contacts/${head.id}`;
    expect((await visitor.submit({ email: 'mine@evil.example' }, `/contacts/${head.id}`)).status).toBe(403);
    expect(await contactRow(head.id)).toMatchObject({ email: head.email });
    await visitor.visit(`/contacts/${deputy.id}`);
    await visitor.submit({ role: 'dsl' }, `/contacts/${deputy.id}`);
    expect(await contactRow(deputy.id)).toMatchObject({ role: 'deputy' });
  });

  it('a DSL sees and changes nothing of another school', async () => {
    const { hillside, riverside } = scene.world;
    const visitor = await scene.signIn(riverside.dsl);
    for (const path of [
      `/places/${hillside.urn}/contacts`,
      `/contacts/${hillside.dsl.id}`,
      `/contacts/${hillside.dsl.id}/end`,
      `/contacts/${hillside.dsl.id}/away`,
    ])
      expect([path, (await visitor.visit(path)).status]).toEqual([path, 404]);
  });

  it('nobody ends their own contact', async () => {
    const { head } = scene.world.riverside;
    const visitor = await scene.signIn(head);
    expect((await visitor.visit(`/contacts/${head.id}/end`)).status).toBe(403);
  });

  it('an officer corrects the contacts of a setting of the own authority and those of the desks', async () => {
    const { desks, riverside } = scene.world;
    const visitor = await scene.signIn(desks.triage.officer);
    await visitor.visit(`/contacts/${riverside.deputy.id}`);
    await visitor.submit({ email: 'dep@corrected.example' }, `/contacts/${riverside.deputy.id}`);
    expect(await contactRow(riverside.deputy.id)).toMatchObject({ email: 'dep@corrected.example' });
    await visitor.visit(`/places/${desks.duty.id}/contacts/new`);
    await visitor.submit(
      { role: 'out-of-hours', name: 'Ola Nightshift', email: 'ola@northshire.example' },
      '/new',
    );
    expect(await row(`SELECT role, desk_id FROM contact WHERE email = 'ola@northshire.example'`)).toEqual({
      role: 'out-of-hours',
      desk_id: desks.duty.id,
    });
  });

  it('an officer of another authority does not', async () => {
    const { db } = scene.app;
    await db.inspect(`INSERT INTO authority (code, name, created_at) VALUES ('998', 'Southshire', now())`);
    await db.inspect(`UPDATE desk SET authority_code = '998' WHERE kind = 'early-years'`);
    const visitor = await scene.signIn(scene.world.desks['early-years'].officer);
    const { urn, dsl } = scene.world.riverside;
    expect((await visitor.visit(`/places/${urn}/contacts`)).status).toBe(404);
    expect((await visitor.visit(`/contacts/${dsl.id}`)).status).toBe(404);
    expect((await visitor.visit('/authority/coverage')).text).toContain('Southshire');
  });
});

describe('nobody is left without knowing it', () => {
  const alone = async () => {
    const { dsl, deputy, head } = scene.world.riverside;
    for (const one of [deputy, head]) await scene.contact(one, { archived_at: scene.app.clock.now() });
    return dsl;
  };

  it('the only contact goes on leave: they are shown who is told instead, and confirm it', async () => {
    const dsl = await alone();
    const visitor = await scene.signIn(dsl);
    await visitor.visit(`/contacts/${dsl.id}/away`);
    const asked = await visitor.submit({ from: '2026-11-23', to: '2026-11-27' }, '/away');
    expect(asked.status).toBe(409);
    expect(asked.text).toContain('nobody here could read a notice: everybody who can be reached is away');
    expect(asked.text).toContain('The authority’s duty desk is told 15 minutes before the bell');
    expect(await scene.app.db.inspect(`SELECT 1 FROM absence`)).toEqual([]);
    expect((await visitor.submit({}, '/away')).text).toContain(
      'Away from Mon 23 Nov to Fri 27 Nov, without cover',
    );
    expect(await jobs('directory.cover-changed')).toEqual([{ payload: { urn: scene.world.riverside.urn } }]);

    const coverage = await (
      await scene.signIn(scene.world.desks.triage.officer)
    ).visit('/authority/coverage');
    expect(coverage.text).toContain('Riverside Primary School');
    expect(coverage.text).toContain('everybody who can be reached is away');
  });

  it('the last reachable contact is ended, or loses the address, only after a plain warning', async () => {
    const { head, dsl, deputy } = scene.world.riverside;
    await scene.contact(deputy, { email_bounced_at: scene.app.clock.now() });
    await scene.contact(head, { email_verified_at: null });
    const officer = await scene.signIn(scene.world.desks.triage.officer);
    await officer.visit(`/contacts/${dsl.id}`);
    const asked = await officer.submit({ email: 'other@riverside.example' }, `/contacts/${dsl.id}`);
    expect(asked.status).toBe(409);
    expect(asked.text).toContain('no contact has an address that works');
    expect(await contactRow(dsl.id)).toMatchObject({ email: dsl.email });

    const ending = await officer.visit(`/contacts/${dsl.id}/end`);
    expect(ending.text).toContain('The authority’s duty desk is told at once instead');
    const token = ending.forms.find(({ action }) => action.endsWith('/end'))?.fields['token'] ?? '';
    expect((await officer.submit({ token: '' }, '/end')).status).toBe(409);
    expect(await contactRow(dsl.id)).toMatchObject({ archived_at: null });
    await officer.submit({ token }, '/end');
    expect(await contactRow(dsl.id)).toMatchObject({ archived_at: scene.app.clock.now() });
  });

  it('who covers is at the same setting, here all the time and can be told; two who are away never cover each other', async () => {
    const { dsl, deputy, head } = scene.world.riverside;
    const { hillside } = scene.world;
    const visitor = await scene.signIn(dsl);
    const away = async (id: string, cover: string, from = '2026-11-24', to = '2026-11-25') => {
      await visitor.visit(`/contacts/${id}/away`);
      return visitor.submit({ from, to, cover }, '/away');
    };
    expect((await away(dsl.id, hillside.dsl.id)).text).toContain('Choose a contact of the same place');
    expect((await away(dsl.id, dsl.id)).text).toContain('nobody covers for themselves');
    expect((await away(dsl.id, deputy.id)).text).toContain('covered by Dep riverside');
    expect((await away(deputy.id, dsl.id)).text).toContain('they are away then too');
    expect((await away(dsl.id, '', '2026-11-25', '2026-11-26')).text).toContain('already an absence');
    expect((await away(deputy.id, head.id, '2026-11-26', '2026-11-25')).text).toContain(
      'must not be before the first',
    );
    const rows = await scene.app.db.inspect<{ contact_id: string }>(
      `SELECT contact_id, cover_contact_id FROM absence`,
    );
    expect(rows).toEqual([{ contact_id: dsl.id, cover_contact_id: deputy.id }]);
  });

  it('back early: today counts again, the days before stay on the record', async () => {
    const { deputy } = scene.world.riverside;
    const visitor = await scene.signIn(deputy);
    await visitor.visit(`/contacts/${deputy.id}/away`);
    await visitor.submit({ from: '2026-11-23', to: '2026-11-27', cover: '' }, '/away');
    await scene.until('2026-11-25 07:30');
    const again = await scene.signIn(deputy);
    await again.visit('/contacts');
    expect((await again.submit({}, '/absences/')).text).toContain('The absence is over');
    expect(await row(`SELECT to_date::text AS until, cancelled_at FROM absence`)).toEqual({
      until: '2026-11-24',
      cancelled_at: null,
    });
    await again.visit(`/contacts/${deputy.id}/away`);
    await again.submit({ from: '2026-12-01', to: '2026-12-02', cover: '' }, '/away');
    await again.submit({}, '/absences/');
    expect(await row(`SELECT count(*)::int AS called FROM absence WHERE cancelled_at IS NOT NULL`)).toEqual({
      called: 1,
    });
  });
});
