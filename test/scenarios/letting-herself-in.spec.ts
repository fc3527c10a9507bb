import { afterEach, describe, expect, it } from '@jest/globals';
import { authorityActor, settingActor, systemActor } from '../../src/common/actor.js';
import { ImportContacts } from '../../src/directory/import-contacts.service.js';
import { KeepContacts } from '../../src/directory/keep-contacts.service.js';
import { contacts } from '../integration/directory-fixture.js';
import type { NotificationJson } from '../support/notification-json.js';
import type { Visitor } from '../support/visitor.js';
import type { WorldContact } from '../support/world.js';
import { contactPages } from './support/contact-pages.js';
import { Scene, type StoredNotice } from './support/scene.js';

const ALEX = 'alex@own-mail.example';
const OFFICER = 'officer@duty.northshire.example';

let scene: Scene;
afterEach(() => scene.close());

const { row, idOf, codeFor, add } = contactPages(() => scene);
/** The DSL, who keeps the contacts, is the suspect. */
const aboutDsl = () => ({
  adults: [{ role: 'suspect' as const, forename: 'Dee', surname: 'Riverside', relationshipToChild: 'aunt' }],
});
const posted = async (overrides: Partial<NotificationJson> = aboutDsl()): Promise<StoredNotice> => {
  const notice = await scene.postOne(overrides);
  await scene.happened();
  return notice;
};
const withAddress = (email: string): WorldContact => ({ ...scene.world.riverside.deputy, email });
const prove = async (visitor: Visitor, id: string, email: string) => {
  await visitor.visit(`/contacts/${id}/check/email`);
  await visitor.submit({}, '/send');
  return visitor.submit({ code: await codeFor(email) }, '/check/email');
};
const addAlex = async (visitor: Visitor): Promise<string> => {
  await add(visitor, { role: 'deputy', name: 'Alex Newman', email: ALEX });
  const id = await idOf(ALEX);
  expect((await prove(visitor, id, ALEX)).text).toContain('This address works');
  await scene.happened();
  return id;
};
const seen = async (visitor: Visitor, { id, reference }: StoredNotice) => ({
  page: (await visitor.visit(`/notices/${id}`)).status,
  inbox: (await visitor.visit('/inbox')).text.includes(reference),
});
const NOTHING = { page: 404, inbox: false };
const attest = (by: WorldContact) => {
  const { urn } = scene.world.riverside;
  const post = { actor: settingActor(by.id, urn), contactId: by.id };
  return scene.app.get(KeepContacts, { strict: false }).attest(post, urn);
};

describe('a DSL who must not know of a notice', () => {
  it('does not read it as a contact whom she adds while it is open; no page and no message says so', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const notice = await posted();
    const dsl = await scene.signIn(scene.world.riverside.dsl);
    const page = await add(dsl, { role: 'deputy', name: 'Alex Newman', email: ALEX });
    expect(page.text).toContain('Nothing is sent to an address until it is checked');
    const id = await idOf(ALEX);
    // At once: no job has run.
    expect(await row(`SELECT why FROM notice_exclusion WHERE contact_id = $1`, id)).toEqual({
      why: 'vouched-by',
    });
    expect((await prove(dsl, id, ALEX)).text).toContain('This address works');
    await scene.happened();
    expect(await seen(await scene.signIn(withAddress(ALEX)), notice)).toEqual(NOTHING);
    const told = await scene.until('2026-11-23 08:45');
    expect(told.filter((line) => line.endsWith(ALEX))).toEqual([]);
    expect(told).toContain('2026-11-23 07:45 deputy@riverside.example');
    const recorded = await scene.app.db.inspect(
      `SELECT contact_id, detail->>'why' AS why FROM audit_event
       WHERE action = 'notice.contact-excluded' AND actor LIKE 'system:%' ORDER BY id`,
    );
    expect(recorded).toEqual([
      { contact_id: scene.world.riverside.dsl.id, why: 'name-match' },
      { contact_id: id, why: 'vouched-by' },
    ]);
    expect((await dsl.visit('/contacts')).text).not.toMatch(/left out|must not know|conflict/i);
    const officer = await scene.signIn(scene.world.desks.triage.officer);
    expect((await officer.visit(`/authority/notices/${notice.id}/exclusions`)).text).toMatch(
      /Alex Newman ?: added, or given an address, by somebody who must not know of it/,
    );
  });

  it('does not read a later one as a contact whom she added before', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const dsl = await scene.signIn(scene.world.riverside.dsl);
    await addAlex(dsl);
    const other = await posted({});
    const alex = await scene.signIn(withAddress(ALEX));
    expect(await seen(alex, other)).toEqual({ page: 200, inbox: true });
    const notice = await scene.postOne(aboutDsl());
    expect((await scene.happened()).filter((line) => line.endsWith(ALEX))).toEqual([]);
    expect(await seen(alex, notice)).toEqual(NOTHING);
  });

  it('does not read it at an address that she gives to a colleague', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const notice = await posted();
    const { dsl, deputy } = scene.world.riverside;
    const visitor = await scene.signIn(dsl);
    await visitor.visit(`/contacts/${deputy.id}`);
    await visitor.submit({ email: ALEX }, `/contacts/${deputy.id}`);
    await prove(visitor, deputy.id, ALEX);
    await scene.happened();
    expect(await seen(await scene.signIn(withAddress(ALEX)), notice)).toEqual(NOTHING);
    await scene.until('2026-11-23 08:45');
    const told = scene.app.mail.all.filter(({ subject }) => /^Safeguarding notice/.test(subject));
    expect(told.filter(({ to }) => to === ALEX)).toEqual([]);
    expect(told.some(({ to }) => to === 'head@riverside.example')).toBe(true);
  });

  it('is not told of it by a mailbox that she adds and vouches for', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const visitor = await scene.signIn(scene.world.riverside.dsl);
    await add(visitor, { role: 'dsl', name: 'Office', email: ALEX }, true);
    await visitor.visit('/contacts');
    await visitor.submit({}, '/vouch');
    await scene.happened();
    await scene.postOne();
    expect((await scene.happened()).filter((line) => line.endsWith(ALEX))).toHaveLength(1);
    await scene.postOne(aboutDsl());
    expect((await scene.until('2026-11-22 23:00')).filter((line) => line.endsWith(ALEX))).toEqual([]);
  });

  it('takes whom she alone added with her, when an officer says that she must not know', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { dsl } = scene.world.riverside;
    await addAlex(await scene.signIn(dsl));
    const notice = await posted({});
    const alex = await scene.signIn(withAddress(ALEX));
    expect(await seen(alex, notice)).toEqual({ page: 200, inbox: true });
    const officer = await scene.signIn(scene.world.desks.triage.officer);
    await officer.visit(`/authority/notices/${notice.id}/exclusions`);
    await officer.submit({ contactId: dsl.id }, '/exclusions');
    expect(await seen(alex, notice)).toEqual(NOTHING);
  });

  it('takes no other post from somebody whom she adds', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { riverside, desks } = scene.world;
    const visitor = await scene.signIn(riverside.dsl);
    await add(visitor, { role: 'deputy', name: desks.duty.officer.name, email: OFFICER });
    const notice = await posted();
    const added = await row(
      `SELECT id FROM contact WHERE email = $1 AND setting_urn = $2`,
      OFFICER,
      riverside.urn,
    );
    const sees = (actor: ReturnType<typeof settingActor>) =>
      scene.app.db.database.transaction(actor, (tx) =>
        tx.query(`SELECT 1 FROM notice WHERE id = $1`, [notice.id]),
      );
    expect(await sees(settingActor(String(added['id']), riverside.urn))).toEqual([]);
    expect(await sees(authorityActor(desks.duty.officer.id, '999'))).toHaveLength(1);
    expect(await scene.until('2026-11-23 08:31')).toContain(`2026-11-23 08:30 ${OFFICER}`);
  });
});

describe('whom only she added', () => {
  it('reads it when the head says that the contacts are right; when she says so, nothing changes', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { dsl, head } = scene.world.riverside;
    const notice = await posted();
    await addAlex(await scene.signIn(dsl));
    const alex = await scene.signIn(withAddress(ALEX));
    await attest(dsl);
    await scene.happened();
    expect(await seen(alex, notice)).toEqual(NOTHING);
    await attest(head);
    await scene.happened();
    expect(await seen(alex, notice)).toEqual({ page: 200, inbox: true });
    expect(await scene.actions(notice.id)).toContain('notice.exclusion-lifted');
    expect(await scene.until('2026-11-23 07:45')).toContain(`2026-11-23 07:45 ${ALEX}`);
  });

  it('reads it when a file of the operator’s brings them too', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const notice = await posted();
    await addAlex(await scene.signIn(scene.world.riverside.dsl));
    const alex = await scene.signIn(withAddress(ALEX));
    expect(await seen(alex, notice)).toEqual(NOTHING);
    await scene.app
      .get(ImportContacts, { strict: false })
      .run(contacts(`900123,,,deputy,Alex Newman,${ALEX},,,no,yes,,no`));
    await scene.happened();
    expect(await seen(alex, notice)).toEqual({ page: 200, inbox: true });
  });

  it('is let in by nothing else: what keeps a person from a notice stays, whoever asks the database', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await posted();
    await addAlex(await scene.signIn(scene.world.riverside.dsl));
    const lift = () =>
      scene.app.db.database.transaction(systemActor('test'), (tx) =>
        tx.query(`DELETE FROM notice_exclusion RETURNING why`),
      );
    expect(await lift()).toEqual([{ why: 'vouched-by' }]);
    expect(await row(`SELECT why FROM notice_exclusion`)).toEqual({ why: 'name-match' });
  });
});
