import { afterEach, describe, expect, it } from '@jest/globals';
import { authorityActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { DEFAULT_POLICY } from '../../src/escalation/domain/policy.js';
import { PlaceNotice } from '../../src/notices/place-notice.service.js';
import { london } from '../support/clock.js';
import { Scene } from './support/scene.js';

let scene: Scene;
afterEach(() => scene.close());

const open = (noticeId: string): Promise<{ name: string; step: string | null }[]> =>
  scene.app.db.inspect(
    `SELECT name, payload->>'step' AS step FROM outbox
     WHERE notice_id = $1 AND done_at IS NULL AND failed_at IS NULL ORDER BY due_at`,
    [noticeId],
  );
/** Whatever plans now fails, as it would for a policy that a newer version wrote. */
const breakPlanning = (noticeId: string): Promise<unknown> =>
  scene.app.db.inspect(`UPDATE notice SET policy = '{"unknown": true}' WHERE id = $1`, [noticeId]);

describe('a repeat that fails for good', () => {
  it('after the missed bell: the next repeat is armed all the same', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:45');
    await breakPlanning(id);
    scene.app.clock.set(london('2026-11-23 09:15'));
    const { exhausted } = await scene.app.drain({ ignoreBackoff: true });
    expect(exhausted).toBe(1);
    expect(await open(id)).toEqual([{ name: 'ladder.repeat-desk', step: '2' }]);
    expect((await scene.notice(id)).next_due_at).toEqual(london('2026-11-23 09:45'));
    scene.newMails();
  });

  it('at a desk: the desk’s clock goes on', async () => {
    scene = await Scene.open('2026-11-23 07:05');
    const [{ id }] = await scene.post({
      children: [scene.child(scene.world.riverside, { settings: [], schoolStated: null })],
    });
    await scene.until('2026-11-23 09:00');
    await breakPlanning(id);
    scene.app.clock.set(london('2026-11-23 09:20'));
    const { exhausted } = await scene.app.drain({ ignoreBackoff: true });
    expect(exhausted).toBe(1);
    const [next, ...others] = await open(id);
    expect(next).toMatchObject({ name: 'placing.fire', step: expect.stringMatching(/^repeat-\d+$/) });
    expect(others).toEqual([]);
    scene.newMails();
  });
});

describe('a notice that a policy holds over the holidays', () => {
  it('is told to the duty desk at once, the corrected version too', async () => {
    scene = await Scene.open('2026-12-23 12:00');
    const policy = {
      ...DEFAULT_POLICY,
      holidayMode: 'hold',
      hold: { approver: 'Director', reviewOn: '2027-06-30' },
    };
    await scene.app.db.inspect(`UPDATE authority SET ladder_policy = $1 WHERE code = '999'`, [
      JSON.stringify(policy),
    ]);
    await scene.app.db.inspect(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       VALUES ($1, 'setting', '900123', '2026-12-19', '2027-01-03', false, 'holiday', 'Christmas', now())`,
      [newId()],
    );
    const body = scene.notification();
    const incident = { ...body.incident, risk: 'standard' as const };
    const duty = [scene.world.desks.duty.manager, scene.world.desks.duty.officer].map(
      ({ email }) => `2026-12-23 12:00 ${email}`,
    );
    await scene.police.post({ ...body, incident });
    expect(await scene.happened()).toEqual(duty);
    await scene.police.post({ ...body, version: 2, incident: { ...incident, circumstances: 'Corrected.' } });
    expect(await scene.happened()).toEqual(duty);
  });
});

describe('a notice whose routing fails for good', () => {
  it('is a desk’s; placed and read, its support decision is due as if somebody must not collect the child: nobody could look', async () => {
    scene = await Scene.open('2026-11-23 07:05');
    const posted = await scene.police.post(scene.notification());
    await scene.app.db.inspect(`ALTER TABLE setting_link RENAME TO setting_link_away`);
    expect((await scene.app.drain({ ignoreBackoff: true })).exhausted).toBe(1);
    await scene.app.db.inspect(`ALTER TABLE setting_link_away RENAME TO setting_link`);
    const [notice] = await scene.noticesOf(posted.body.id);
    expect(notice.state).toBe('triage');
    const { officer } = scene.world.desks.triage;
    await scene.app
      .get(PlaceNotice, { strict: false })
      .run(authorityActor(officer.id, '999'), officer.id, notice.id, '900123');
    await scene.happened();
    await scene.acknowledge(scene.world.riverside.dsl, notice.id);
    expect((await scene.notice(notice.id)).action_by).toEqual(london('2026-11-23 14:15'));
    scene.newMails();
  });
});
