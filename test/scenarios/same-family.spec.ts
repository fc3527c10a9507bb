import { afterEach, describe, expect, it } from '@jest/globals';
import { settingActor, systemActor } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.js';
import { Outbox } from '../../src/jobs/outbox.js';
import { PlaceNotice } from '../../src/notices/place-notice.service.js';
import { RedirectNotice } from '../../src/notices/redirect-notice.service.js';
import type { RedirectReason } from '../../src/notices/notice.entity.js';
import { authorityActor } from '../../src/common/actor.js';
import type { WorldContact } from '../support/world.js';
import { Scene, type StoredNotice } from './support/scene.js';

const SECOND_POST = '019aa000-0000-7000-8000-000000000001';

let scene: Scene;
afterEach(() => scene.close());

const handBack = (who: WorldContact, notice: StoredNotice, reason: RedirectReason): Promise<unknown> =>
  scene.app
    .get(RedirectNotice, { strict: false })
    .run(settingActor(who.id, notice.setting_urn ?? ''), who.id, notice.id, reason, {
      whereabouts: { kind: 'not-known' },
      words: 'words',
    });
const at = (notices: readonly StoredNotice[], urn: string): StoredNotice =>
  notices.find((one) => one.setting_urn === urn && one.state !== 'redirected')!;

describe('a child registered at two schools', () => {
  const registeredTwice = async (): Promise<StoredNotice[]> => {
    const { riverside, hillside } = scene.world;
    const first = scene.child(riverside, { settings: [{ urn: riverside.urn }, { urn: hillside.urn }] });
    const notices = await scene.post({ children: [first] });
    expect(new Set(notices.map((one) => one.setting_urn))).toEqual(new Set([riverside.urn, hillside.urn]));
    await scene.happened();
    return notices;
  };

  it('both schools can hand it back, and the desk has one notice of it', async () => {
    scene = await Scene.open('2026-11-23 07:05');
    const { riverside, hillside } = scene.world;
    const notices = await registeredTwice();
    await handBack(riverside.dsl, at(notices, riverside.urn), 'not-our-pupil');
    await handBack(hillside.dsl, at(notices, hillside.urn), 'not-our-pupil');
    await scene.happened();
    const now = await scene.noticesOf((await notificationOf(notices[0])).id);
    expect(now.map(({ state }) => state).sort()).toEqual(['redirected', 'redirected', 'triage']);
    await scene.until('2026-11-23 08:30');
  });

  it('placed where it is already, the desk’s notice ends and the school’s goes on', async () => {
    scene = await Scene.open('2026-11-23 07:05');
    const { riverside, hillside, desks } = scene.world;
    const notices = await registeredTwice();
    await handBack(riverside.dsl, at(notices, riverside.urn), 'not-our-pupil');
    await scene.happened();
    const { id: notificationId } = await notificationOf(notices[0]);
    const atDesk = (await scene.noticesOf(notificationId)).find(({ state }) => state === 'triage')!;
    const { officer } = desks.triage;
    const place = scene.app.get(PlaceNotice, { strict: false });
    await place.run(authorityActor(officer.id, '999'), officer.id, atDesk.id, hillside.urn);
    const hers = at(notices, hillside.urn);
    expect(await scene.notice(atDesk.id)).toMatchObject({ state: 'superseded', superseded_by: hers.id });
    expect((await scene.notice(hers.id)).state).toBe('delivered');
    expect((await scene.until('2026-11-23 08:00')).filter((line) => line.includes('triage'))).toEqual([]);
  });
});

describe('“I know this family”', () => {
  const RIVERSIDE = /@riverside\.example$/;
  const twoChildren = async (): Promise<StoredNotice> => {
    const { riverside } = scene.world;
    const body = scene.notification({ children: [scene.child(riverside), scene.child(riverside)] });
    body.children.forEach((child, index) => (child.reference = String(index + 1)));
    const { body: answer } = await scene.police.post(body);
    expect((await scene.happened()).filter((line) => RIVERSIDE.test(line))).toEqual([
      '2026-11-21 22:00 dsl@riverside.example',
    ]);
    const [one] = await scene.noticesOf(answer.id);
    return one;
  };

  it('said by the only one who was told: of the other child somebody else is told at once, not before the bell', async () => {
    scene = await Scene.open('2026-11-21 22:00');
    const { dsl, deputy } = scene.world.riverside;
    await scene.contact(deputy, { working_days: [2, 3, 4, 5] });
    await handBack(dsl, await twoChildren(), 'knows-family');
    expect((await scene.happened()).filter((line) => RIVERSIDE.test(line))).toEqual([
      '2026-11-21 22:00 deputy@riverside.example',
    ]);
  });

  it('said where nobody else is at the school: the duty desk is told of the other child at once', async () => {
    scene = await Scene.open('2026-11-21 22:00');
    const { dsl } = scene.world.riverside;
    await scene.app.db.inspect(
      `UPDATE contact SET archived_at = created_at WHERE setting_urn = '900123' AND id <> $1`,
      [dsl.id],
    );
    await handBack(dsl, await twoChildren(), 'knows-family');
    const told = await scene.happened();
    expect(told).toEqual(expect.arrayContaining(['2026-11-21 22:00 officer@duty.northshire.example']));
    expect(told.filter((line) => RIVERSIDE.test(line))).toEqual([]);
  });

  it('holds for the family’s other child and for the police’s next version', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { riverside } = scene.world;
    const body = scene.notification({ children: [scene.child(riverside), scene.child(riverside)] });
    body.children.forEach((child, index) => (child.reference = String(index + 1)));
    const first = await scene.police.post(body);
    await scene.happened();
    const [one, other] = await scene.noticesOf(first.body.id);
    await handBack(riverside.dsl, one, 'knows-family');
    const dsl = await scene.signIn(riverside.dsl);
    expect((await dsl.visit(`/notices/${other.id}`)).status).toBe(404);
    await scene.happened();
    const incident = { ...body.incident, circumstances: 'Corrected.' };
    const second = await scene.police.post({ ...body, version: 2, incident });
    expect(second.status).toBe(202);
    const told = await scene.happened();
    expect(told.filter((line) => line.endsWith(riverside.dsl.email))).toEqual([]);
    expect(told.filter((line) => line.endsWith(riverside.deputy.email))).not.toEqual([]);
    for (const { id, version } of await scene.noticesOf(first.body.id)) {
      if (version === 2) expect((await dsl.visit(`/notices/${id}`)).status).toBe(404);
    }
  });
});

describe('“I know this family” of somebody who looks after another notice of it', () => {
  it('passes that one to a colleague, who is told at once and reminded from then on', async () => {
    scene = await Scene.open('2026-11-23 07:20');
    const { riverside } = scene.world;
    const [one, other] = await scene.post({ children: [scene.child(riverside), scene.child(riverside)] });
    await scene.happened();
    await scene.acknowledge(riverside.dsl, one.id);
    await scene.happened();
    await handBack(riverside.dsl, other, 'knows-family');
    const told = await scene.happened();
    expect(told).toContain(`2026-11-23 07:20 ${riverside.deputy.email}`);
    expect(told.filter((line) => line.endsWith(riverside.dsl.email))).toEqual([]);
    const [owner] = await scene.app.db.inspect<{ id: string }>(
      `SELECT owner_contact_id AS id FROM notice WHERE id = $1`,
      [one.id],
    );
    expect(owner.id).toBe(riverside.deputy.id);
    expect(await scene.actions(one.id)).toContain('notice.handed-over');
    const later = await scene.until('2026-11-23 14:15');
    expect(later).toContain(`2026-11-23 14:15 ${riverside.deputy.email}`);
    expect(later.filter((line) => line.endsWith(riverside.dsl.email))).toEqual([]);
  });

  it('holds for a post that they are given afterwards', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { riverside } = scene.world;
    const [one, other] = await scene.post({ children: [scene.child(riverside), scene.child(riverside)] });
    await scene.happened();
    await handBack(riverside.dsl, one, 'knows-family');
    await scene.happened();
    await scene.app.db.inspect(
      `INSERT INTO contact (id, setting_urn, person_id, role, name, email, email_verified_at, working_days, created_at)
       SELECT $2, setting_urn, person_id, 'head', name, email, email_verified_at, working_days, created_at FROM contact WHERE id = $1`,
      [riverside.dsl.id, SECOND_POST],
    );
    await scene.app
      .get(Database, { strict: false })
      .transaction(systemActor('test'), (tx) =>
        scene.app
          .get(Outbox, { strict: false })
          .add(tx, 'directory.contact-changed', { contactId: SECOND_POST }),
      );
    expect(await scene.happened()).toEqual([]);
    const excluded = await scene.app.db.inspect(
      `SELECT why FROM notice_exclusion WHERE notice_id = $1 AND contact_id = $2`,
      [other.id, SECOND_POST],
    );
    expect(excluded).toEqual([{ why: 'knows-family' }]);
    const told = await scene.until('2026-11-23 08:20');
    expect(told.filter((line) => line.endsWith(riverside.dsl.email))).toEqual([]);
    expect(told).not.toEqual([]);
  });
});

describe('an officer of another desk of the authority who is a party to the incident', () => {
  it('sees nothing of the school’s notice', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { officer } = scene.world.desks.triage;
    const [forename, ...rest] = officer.name.split(' ');
    const adults = [
      { role: 'suspect' as const, forename, surname: rest.join(' '), relationshipToChild: 'uncle' },
    ];
    const { id } = await scene.postOne({ adults });
    await scene.happened();
    const visitor = await scene.signIn(officer);
    expect((await visitor.visit(`/authority/notices/${id}`)).status).toBe(404);
  });
});

async function notificationOf(notice: StoredNotice): Promise<{ id: string }> {
  const [row] = await scene.app.db.inspect<{ id: string }>(
    `SELECT notification_id AS id FROM notice WHERE id = $1`,
    [notice.id],
  );
  return row;
}
