import { afterEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.js';
import { ClaimMailing, type Claimed, type Wanted } from '../../src/delivery/claim-mailing.service.js';
import { Notices } from '../../src/notices/notices.service.js';
import { Scene } from '../scenarios/support/scene.js';

let scene: Scene;
afterEach(() => scene.close());

const ACTOR = systemActor('test');
const database = (): Database => scene.app.get(Database, { strict: false });
const claim = (
  wanted: readonly Wanted[],
  taken: 'wait' | 'skip-locked' = 'skip-locked',
): Promise<Claimed[]> =>
  database().transaction(ACTOR, (tx) =>
    scene.app
      .get(ClaimMailing, { strict: false })
      .run(tx, wanted, new Set(wanted.map(({ mailingId }) => mailingId)), taken),
  );
const wants = (contactId: string): Wanted => ({ mailingId: newId(), contactId, channel: 'email' });
const kinds = (claimed: readonly Claimed[]): string[] => claimed.map(({ kind }) => kind);

/** Two readers whose mail waits because the server said "not now". */
async function waiting(): Promise<{ dsl: Wanted; deputy: Wanted; noticeId: string }> {
  scene = await Scene.open('2026-11-22 21:40', { jobs: { autoStart: false } });
  scene.app.mail.behave({ kind: 'defers' });
  const { id } = await scene.postOne();
  await scene.app.drain();
  const { dsl, deputy } = scene.world.riverside;
  return { dsl: wants(dsl.id), deputy: wants(deputy.id), noticeId: id };
}

describe('mails that are claimed together', () => {
  it('are one mailing for each person; the same person wanted twice is claimed once', async () => {
    const { dsl, deputy } = await waiting();
    const again = wants(dsl.contactId);
    expect(kinds(await claim([dsl, deputy, again]))).toEqual(['claim', 'claim', 'nothing']);
    const rows = await scene.app.db.inspect<{ id: string }>(
      `SELECT mailing_id AS id FROM outgoing_message WHERE state = 'sending' ORDER BY mailing_id`,
    );
    expect(rows.map(({ id }) => id)).toEqual([dsl.mailingId, deputy.mailingId].sort());
  });

  it('whose claim was committed though the answer was lost are nobody’s: they are held, never taken for done', async () => {
    const { dsl, deputy } = await waiting();
    expect(kinds(await claim([dsl, deputy]))).toEqual(['claim', 'claim']);
    expect(kinds(await claim([dsl, deputy]))).toEqual(['held', 'held']);
    expect(kinds(await claim([dsl], 'wait'))).toEqual(['held']);
  });

  it('wait for nobody: somebody else’s notice is busy', async () => {
    const { dsl, deputy, noticeId } = await waiting();
    const notices = scene.app.get(Notices, { strict: false });
    await database().transaction(ACTOR, async (tx) => {
      await notices.lock(tx, noticeId);
      expect(kinds(await claim([dsl, deputy]))).toEqual(['busy', 'busy']);
      expect(kinds(await claim([dsl]))).toEqual(['busy']);
    });
    expect(kinds(await claim([dsl, deputy]))).toEqual(['claim', 'claim']);
  });

  it('one that acknowledging made needless while it was waited for is nothing, and is taken back', async () => {
    const { dsl, noticeId } = await waiting();
    await scene.acknowledge(scene.world.riverside.dsl, noticeId);
    expect(kinds(await claim([dsl]))).toEqual(['nothing']);
  });
});
