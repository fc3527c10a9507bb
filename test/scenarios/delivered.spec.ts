import { afterEach, describe, expect, it } from '@jest/globals';
import { authorityActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { SendMailing } from '../../src/delivery/send-mailing.service.js';
import { PlaceNotice } from '../../src/notices/place-notice.service.js';
import { eventually } from '../support/wait.js';
import { Scene } from './support/scene.js';

const UNPLACED = { settings: [], schoolStated: 'A school by the river', homeAuthorityCode: '999' };

let scene: Scene;
afterEach(() => scene.close());

const shown = async (noticeId: string): Promise<{ state: string; deliveredAt: string | null }> => {
  const [row] = await scene.app.db.inspect<{ id: string }>(
    `SELECT notification_id AS id FROM notice WHERE id = $1`,
    [noticeId],
  );
  const { body } = await scene.police.get<{ notices: { state: string; deliveredAt: string | null }[] }>(
    `/v1/notifications/${row?.id}`,
  );
  const [{ state, deliveredAt }] = body.notices;
  return { state, deliveredAt };
};

describe('a notice is delivered when a mail about it has reached somebody of its owner’s', () => {
  it('not when an officer’s is taken that was under way when the child was placed', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { riverside, desks } = scene.world;
    const { officer } = desks.triage;
    const { id } = await scene.postOne({ children: [scene.child(riverside, UNPLACED)] });
    await scene.happened();
    const message = newId();
    await scene.app.db.inspect(
      `INSERT INTO outgoing_message (id, notice_id, generation, rung, contact_id, channel, state, not_before, created_at)
       SELECT $2, id, generation, 'place-repeat-1', $3, 'email', 'pending', $4, $4 FROM notice WHERE id = $1`,
      [id, message, officer.id, scene.app.clock.now()],
    );
    const state = async (): Promise<string | undefined> => {
      const find = `SELECT state FROM outgoing_message WHERE id = $1`;
      return (await scene.app.db.inspect<{ state: string }>(find, [message]))[0]?.state;
    };
    scene.app.mail.behave({ kind: 'slow', delayMs: 2_000, to: [officer.email] });
    const underWay = scene.app.get(SendMailing, { strict: false }).run(officer.id, 'email');
    await eventually(async () => (await state()) === 'sending', { within: 10_000 });
    const place = scene.app.get(PlaceNotice, { strict: false });
    await place.run(authorityActor(officer.id, '999'), officer.id, id, riverside.urn);
    await underWay;
    expect(await state()).toBe('accepted');
    expect(await shown(id)).toEqual({ state: 'routed', deliveredAt: null });
    scene.app.mail.goodDay();
    await scene.happened();
    expect(await shown(id)).toEqual({ state: 'delivered', deliveredAt: '2026-11-22T21:40:00.000Z' });
  });

  it('not when the duty desk is told, where nobody at the school can be', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.app.db.inspect(`UPDATE contact SET archived_at = created_at WHERE setting_urn = '900123'`);
    const { id } = await scene.postOne();
    expect(await scene.happened()).toContain('2026-11-22 21:40 officer@duty.northshire.example');
    expect(await shown(id)).toEqual({ state: 'routed', deliveredAt: null });
  });

  it('a desk’s own, when an officer is told', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { id } = await scene.postOne({ children: [scene.child(scene.world.riverside, UNPLACED)] });
    expect(await scene.happened()).toContain('2026-11-22 21:40 officer@triage.northshire.example');
    expect(await shown(id)).toEqual({ state: 'triage', deliveredAt: '2026-11-22T21:40:00.000Z' });
  });
});
