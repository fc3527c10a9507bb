import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { authorityActor, settingActor } from '../../src/common/actor.js';
import { KeepContacts } from '../../src/directory/keep-contacts.service.js';
import { RedirectNotice } from '../../src/notices/redirect-notice.service.js';
import type { Visitor } from '../support/visitor.js';
import type { WorldContact } from '../support/world.js';
import { contactPages } from './support/contact-pages.js';
import { Scene } from './support/scene.js';

const NEW = 'newcomer@hillside.example';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open('2026-11-22 21:40');
});
afterEach(() => scene.close());

const { row, contactRow, idOf, add } = contactPages(() => scene);
const suspect = (forename: string, surname: string) => ({
  adults: [{ role: 'suspect' as const, forename, surname, relationshipToChild: 'uncle' }],
});
/** As a file brings a second post; the person is one. */
const secondPost = async (of: WorldContact, name: string): Promise<string> => {
  const rows = await scene.app.db.inspect<{ id: string }>(
    `INSERT INTO contact (id, setting_urn, person_id, role, name, email, email_verified_at, created_at)
     SELECT gen_random_uuid(), '900123', person_id, 'deputy', $2, email, email_verified_at, created_at
     FROM contact WHERE id = $1 RETURNING id`,
    [of.id, name],
  );
  return rows[0]?.id ?? '';
};
const personName = async ({ personId }: WorldContact) =>
  (await row(`SELECT name FROM person WHERE id = $1`, personId))['name'];

describe('somebody who is known elsewhere', () => {
  it('is not given a name at a school that others do not know them by; the page does not say where', async () => {
    const { officer } = scene.world.desks.duty;
    const visitor = await scene.signIn(scene.world.riverside.dsl);
    const page = await add(visitor, { role: 'deputy', name: 'Kim Placeholder', email: officer.email });
    expect(page.status).toBe(422);
    expect(page.text).toContain('known by another name');
    expect(page.text).not.toMatch(/Northshire|Ofa/);
    expect(await row(`SELECT count(*)::int AS n FROM contact WHERE email = $1`, officer.email)).toEqual({
      n: 1,
    });
    const { deputy } = scene.world.riverside;
    await visitor.visit(`/contacts/${deputy.id}`);
    const changed = await visitor.submit(
      { name: 'Kim Placeholder', email: officer.email },
      `/contacts/${deputy.id}`,
    );
    expect(changed.text).toContain('known by another name');
    expect(await contactRow(deputy.id)).toMatchObject({ email: deputy.email, name: deputy.name });
  });

  it('is added under their own name, however it is spelt', async () => {
    const { officer } = scene.world.desks.duty;
    const visitor = await scene.signIn(scene.world.riverside.dsl);
    const page = await add(visitor, { role: 'deputy', name: 'OFÁ  Duty', email: officer.email });
    expect(page.text).toContain('Nothing is sent to an address until it is checked');
    const rows = await scene.app.db.inspect(`SELECT person_id FROM contact WHERE email = $1`, [
      officer.email,
    ]);
    expect(rows).toEqual([{ person_id: officer.personId }, { person_id: officer.personId }]);
  });

  it('is not renamed from one of their places, but by themselves; a colleague who is only there is', async () => {
    const { riverside, desks } = scene.world;
    const second = await secondPost(desks.duty.officer, desks.duty.officer.name);
    const visitor = await scene.signIn(riverside.dsl);
    const rename = async (who: Visitor, id: string, name: string) => {
      await who.visit(`/contacts/${id}`);
      return who.submit({ name }, `/contacts/${id}`);
    };
    expect((await rename(visitor, second, 'Kim Placeholder')).text).toContain('known elsewhere too');
    expect(await contactRow(second)).toMatchObject({ name: desks.duty.officer.name });
    expect(await personName(desks.duty.officer)).toBe(desks.duty.officer.name);
    await rename(visitor, second, 'Ófa duty');
    expect(await contactRow(second)).toMatchObject({ name: 'Ófa duty' });
    await rename(visitor, riverside.deputy.id, 'Dep Married');
    expect(await personName(riverside.deputy)).toBe('Dep Married');
  });

  it('keeps their name when a contact of theirs is given to somebody else', async () => {
    const { riverside, desks } = scene.world;
    const second = await secondPost(desks.duty.officer, desks.duty.officer.name);
    const visitor = await scene.signIn(riverside.dsl);
    await visitor.visit(`/contacts/${second}`);
    await visitor.submit({ name: 'Kim Placeholder', email: 'kim@riverside.example' }, `/contacts/${second}`);
    expect(await contactRow(second)).toMatchObject({ name: 'Kim Placeholder' });
    expect(await personName(desks.duty.officer)).toBe(desks.duty.officer.name);
  });
});

describe('a desk where nobody may see the notice', () => {
  it('is not told in vain: the operator hears that nobody can be', async () => {
    const { riverside, desks } = scene.world;
    const officers = [desks.triage, desks.duty].flatMap(({ officer, manager }) => [officer, manager]);
    for (const officer of officers) await secondPost(officer, 'Kim Placeholder');
    const notice = await scene.postOne(suspect('Kim', 'Placeholder'));
    await scene.happened();
    const { id } = riverside.dsl;
    await scene.app
      .get(RedirectNotice, { strict: false })
      .run(settingActor(id, riverside.urn), id, notice.id, 'not-our-pupil', {
        whereabouts: { kind: 'not-known' },
        words: 'words',
      });
    const told = await scene.happened();
    for (const { email } of officers) expect(told.filter((line) => line.endsWith(email))).toEqual([]);
    expect(await row(`SELECT subject FROM alert WHERE kind = 'desk-unreachable'`)).toEqual({
      subject: '999',
    });
  });
});

describe('a mailbox', () => {
  const mailboxOfRiverside = async (): Promise<string> => {
    const visitor = await scene.signIn(scene.world.riverside.dsl);
    await add(visitor, { role: 'dsl', name: 'Office', email: NEW }, true);
    const id = await idOf(NEW);
    await visitor.visit('/contacts');
    await visitor.submit({}, '/vouch');
    expect(await contactRow(id)).toMatchObject({ email_verified_at: scene.app.clock.now() });
    return id;
  };
  const attestedByOfficer = () => {
    const { officer } = scene.world.desks.triage;
    const post = { actor: authorityActor(officer.id, '999'), contactId: officer.id };
    return scene.app.get(KeepContacts, { strict: false }).attest(post, scene.world.riverside.urn);
  };
  const addAtHillside = async () => {
    const { hillside } = scene.world;
    const visitor = await scene.signIn(hillside.dsl);
    await visitor.visit(`/places/${hillside.urn}/contacts/new`);
    return visitor.submit({ role: 'deputy', name: 'Nia Newcome', email: NEW }, '/contacts/new');
  };

  it('that only its own school vouches for keeps nobody elsewhere from their address and their codes', async () => {
    await mailboxOfRiverside();
    expect((await addAtHillside()).text).toContain('Nothing is sent to an address until it is checked');
    const visitor = await scene.signIn({ ...scene.world.hillside.deputy, email: NEW });
    expect((await visitor.visit('/inbox')).status).toBe(200);
    // Nor does it, from then on, become one that would.
    await attestedByOfficer();
    await scene.signIn({ ...scene.world.hillside.deputy, email: NEW });
  });

  it('that the authority says is right is one for everybody', async () => {
    await mailboxOfRiverside();
    await attestedByOfficer();
    expect((await addAtHillside()).text).toContain('This is a shared mailbox elsewhere');
  });
});
