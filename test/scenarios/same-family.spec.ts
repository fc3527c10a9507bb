import { afterEach, describe, expect, it } from '@jest/globals';
import { settingActor } from '../../src/common/actor.js';
import { PlaceNotice } from '../../src/notices/place-notice.service.js';
import { RedirectNotice } from '../../src/notices/redirect-notice.service.js';
import type { RedirectReason } from '../../src/notices/notice.entity.js';
import { authorityActor } from '../../src/common/actor.js';
import type { WorldContact } from '../support/world.js';
import { Scene, type StoredNotice } from './support/scene.js';

let scene: Scene;
afterEach(() => scene.close());

const handBack = (who: WorldContact, notice: StoredNotice, reason: RedirectReason): Promise<void> =>
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
