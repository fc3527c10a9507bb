import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authorityActor, settingActor } from '../../src/common/actor.js';
import { AcknowledgeNotice } from '../../src/notices/acknowledge-notice.service.js';
import { PlaceNotice } from '../../src/notices/place-notice.service.js';
import { RedirectNotice } from '../../src/notices/redirect-notice.service.js';
import type { NotificationJson } from '../support/notification-json.js';
import type { Visitor } from '../support/visitor.js';
import type { WorldSetting } from '../support/world.js';
import { PEOPLE, PortalScene, type StoredNotice } from './portal-support.js';

/**
 * A Sunday night and a Monday whose every notice has a known end: three read before the bell, two after it, one told by
 * telephone, two unread, and five that do not count.
 */
describe('the headline of an authority', () => {
  let scene: PortalScene;
  let officer: Visitor;
  const at = (time: string): Promise<void> => scene.app.runUntil(`2026-11-23 ${time}`);
  const acknowledge = async ({ id }: StoredNotice, setting: WorldSetting): Promise<void> => {
    const { dsl, urn } = setting;
    await scene.app
      .get(AcknowledgeNotice, { strict: false })
      .fromPortal(settingActor(dsl.id, urn), dsl.id, id);
  };
  const corrected = async (first: NotificationJson): Promise<StoredNotice> => {
    const incident = { ...first.incident, circumstances: 'Corrected: it was a glass.' };
    const [notice] = await scene.post({ ...first, incident });
    if (!notice) throw new Error('no notice of the correction');
    return notice;
  };

  beforeAll(async () => {
    scene = await PortalScene.open();
    const { riverside, hillside, desks } = scene.world;
    const triage = desks.triage.officer;
    const triageActor = authorityActor(triage.id, '999');
    const before = await scene.postOne();
    const after = await scene.postOne();
    const telephone = await scene.postOne();
    await scene.postOne();
    await scene.postOne({ settings: [] });
    await scene.postOne({ settings: [], education: 'home-educated' });
    const handedBack = await scene.postOne({ settings: [{ urn: hillside.urn }] });
    const lateCorrection = scene.notification();
    await scene.post(lateCorrection);
    const laterCorrection = scene.notification();
    const [readInTime] = await scene.post(laterCorrection);
    const test = await scene.postOne();
    await scene.app.db.inspect(`UPDATE notice SET test = true WHERE id = $1`, [test.id]);
    await at('07:00');
    await acknowledge(before, riverside);
    if (readInTime) await acknowledge(readInTime, riverside);
    await scene.app
      .get(RedirectNotice, { strict: false })
      .run(settingActor(hillside.dsl.id, hillside.urn), hillside.dsl.id, handedBack.id, 'not-our-pupil');
    const [atDesk] = await scene.app.db.inspect<StoredNotice>(
      `SELECT id, reference, state FROM notice WHERE from_notice_id = $1`,
      [handedBack.id],
    );
    if (!atDesk) throw new Error('nothing at the desk');
    await scene.app.get(PlaceNotice, { strict: false }).run(triageActor, triage.id, atDesk.id, riverside.urn);
    await at('08:00');
    await acknowledge(atDesk, riverside);
    await at('08:31');
    const told = { toldAt: scene.app.clock.now(), identityCheck: 'known-voice' as const, note: '' };
    const { duty } = desks;
    await scene.app
      .get(AcknowledgeNotice, { strict: false })
      .byTelephone(authorityActor(duty.officer.id, '999'), duty.officer.id, telephone.id, {
        contactId: riverside.head.id,
        ...told,
      });
    await at('09:00');
    await acknowledge(after, riverside);
    await acknowledge(await corrected(lateCorrection), riverside);
    await corrected(laterCorrection);
    await at('10:00');
    await scene.postOne();
    await at('16:00');
    await scene.postOne();
    officer = await scene.signIn(duty.officer.email);
  }, 120_000);

  afterAll(() => scene.close());

  it('is what was read in Firstbell by the bell, out of what was due', async () => {
    const { text } = await officer.visit('/authority');
    expect(text).toContain('38 % 3 of 8 notices read in Firstbell');
    for (const line of [
      '2 read in Firstbell after the bell',
      '1 acknowledged by telephone, counted apart',
      '2 due and not read (1 still without a setting)',
      '1 not yet due',
      '1 received late, counted apart',
      '1 for a desk itself, counted apart',
      '1 test notice, never counted',
    ])
      expect(text).toContain(line);
  });

  it('says in words how it is counted', async () => {
    const { text } = await officer.visit('/authority');
    expect(text).toContain('A telephone acknowledgement never does.');
    expect(text).toContain('a correction never improves the figure');
  });

  it('shows a telephone acknowledgement apart, never as before the bell', async () => {
    const { html } = await officer.visit('/authority?state=acknowledged');
    const rows = html.split('<tr').filter((row) => row.includes('by telephone, recorded by the desk'));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain('By telephone</td>');
    expect(rows[0]).not.toContain('>Yes</td>');
  });

  it('lists the notices by setting, state and London dates', async () => {
    const { hillside } = scene.world;
    const count = (html: string): number => html.split('/authority/notices/').length - 1;
    const all = count((await officer.visit('/authority')).html);
    expect(all).toBe(15);
    expect(count((await officer.visit(`/authority?setting=${hillside.urn}`)).html)).toBe(1);
    expect((await officer.visit(`/authority?setting=${hillside.urn}`)).text).toContain('Handed back');
    expect(count((await officer.visit('/authority?state=triage')).html)).toBe(2);
    expect(count((await officer.visit('/authority?from=2026-11-23&to=2026-11-23')).html)).toBe(2);
    expect((await officer.visit('/authority?from=2026-11-21&to=2026-11-21')).text).toContain(
      'No notices for',
    );
  });

  it('says what is wrong with a date, and keeps it', async () => {
    const page = await officer.visit('/authority?from=yesterday');
    expect([page.status, page.text.includes('Give a date, such as 2026-11-22')]).toEqual([422, true]);
    const swapped = await officer.visit('/authority?from=2026-11-23&to=2026-11-22');
    expect(swapped.text).toContain('The last day cannot be before the first');
  });

  it('counts nothing of it for another authority', async () => {
    const stranger = await scene.signIn(PEOPLE.stranger);
    const { text } = await stranger.visit('/authority');
    expect(text).toContain('No notices yet');
    expect(text).not.toContain('Riverside');
  });
});

describe('a long list', () => {
  it('is paged by fifty, forwards and back, without losing or repeating one', async () => {
    const scene = await PortalScene.open();
    try {
      for (let i = 0; i < 4; i += 1)
        await scene.post({ children: Array.from({ length: 20 }, () => scene.child()) });
      const officer = await scene.signIn(scene.world.desks.duty.officer.email);
      const seen: string[][] = [];
      const read = (html: string): string[] =>
        [...html.matchAll(/\/authority\/notices\/([0-9a-f-]{36})/g)].map(([, id]) => id ?? '');
      const link = (words: string): string | undefined =>
        new RegExp(`href="([^"]+)">${words}`).exec(officer.page.html)?.[1]?.replaceAll('&amp;', '&');
      await officer.visit('/authority');
      seen.push(read(officer.page.html));
      for (let next = link('Older'); next; next = link('Older')) {
        await officer.visit(next);
        seen.push(read(officer.page.html));
      }
      expect(seen.map((ids) => ids.length)).toEqual([50, 30]);
      expect(new Set(seen.flat()).size).toBe(80);
      await officer.visit(link('Newer') ?? '');
      expect(read(officer.page.html)).toEqual(seen[0]);
      expect(link('Newer')).toBeUndefined();
    } finally {
      await scene.close();
    }
  }, 60_000);
});
