import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { ForceFeeds } from '../../src/watch/force-feeds.service.js';
import { TestNotices } from '../../src/test-notices/test-notices.service.js';
import { TestSchedule } from '../../src/test-notices/test-schedule.service.js';
import { london } from '../support/clock.js';
import { Scene } from './support/scene.js';

const ACTOR = systemActor('test');
let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open('2026-11-24 10:00');
});
afterEach(() => scene.close());

const tests = (): TestNotices => scene.app.get(TestNotices, { strict: false });

async function send(): Promise<string> {
  await tests().send(ACTOR, scene.world.riverside.urn);
  await scene.app.drain();
  const [row] = await scene.app.db.inspect<{ id: string }>(
    'SELECT id FROM notice WHERE test ORDER BY received_at DESC LIMIT 1',
  );
  return row?.id ?? '';
}

describe('a test notice', () => {
  it('goes to the real people as a real one would, and every message says TEST', async () => {
    const id = await send();
    expect(await scene.notice(id)).toMatchObject({
      state: 'delivered',
      setting_urn: '900123',
      received_late: true,
    });
    const mails = scene.newMails();
    expect(mails.map(({ to }) => to).sort()).toEqual(['deputy@riverside.example', 'dsl@riverside.example']);
    for (const mail of mails) {
      expect(mail.subject).toMatch(/^TEST: /);
      expect(mail.text).toMatch(/^TEST: /);
    }
  });

  it('is answered with the same button, and the report says who, how fast, on which step', async () => {
    const id = await send();
    scene.newMails();
    scene.app.clock.advance(7 * 60_000);
    await scene.acknowledge(scene.world.riverside.deputy, id);
    const [report] = await tests().reports(ACTOR, { urn: '900123' });
    expect(report).toMatchObject({
      acknowledgedBy: 'Dep riverside',
      acknowledgedRole: 'deputy',
      rung: 'first',
      failed: [],
    });
    expect((report?.acknowledgedAt?.getTime() ?? 0) - (report?.sentAt.getTime() ?? 0)).toBe(7 * 60_000);
    // It ends by itself: no support decision is asked for.
    expect(await scene.until('2026-11-25 12:00')).toEqual([]);
    expect((await scene.notice(id)).state).toBe('retracted');
  });

  it('that nobody answers climbs to the desk, marked as a test there too, and then ends', async () => {
    const id = await send();
    scene.newMails();
    await scene.until('2026-11-25 12:00');
    const sent = scene.app.mail.all.filter(({ to }) => to.endsWith('northshire.example'));
    expect(sent.length).toBeGreaterThan(0);
    for (const { subject } of sent) expect(subject).toMatch(/^TEST: /);
    expect((await scene.notice(id)).state).toBe('retracted');
    const repeats = await scene.app.db.inspect(
      `SELECT 1 FROM outgoing_message WHERE rung LIKE 'desk-repeat%'`,
    );
    expect(repeats).toEqual([]);
    const [report] = await tests().reports(ACTOR, { authorityCode: '999' });
    expect(report).toMatchObject({ acknowledgedAt: null, rung: 'missed' });
    expect(report?.endedAt).not.toBeNull();
  });

  it('names the addresses that failed', async () => {
    const id = await send();
    await scene.app.db.inspect(
      `UPDATE outgoing_message SET state = 'bounced', error_code = '550' WHERE notice_id = $1 AND contact_id = $2`,
      [id, scene.world.riverside.dsl.id],
    );
    scene.newMails();
    const [report] = await tests().reports(ACTOR, { urn: '900123' });
    expect(report?.failed).toEqual([{ name: 'Dee riverside', role: 'dsl', channel: 'email', code: '550' }]);
  });

  it('names the addresses that had failed before: no message was made, so none could fail', async () => {
    const { deputy, dsl, head } = scene.world.riverside;
    const since = london('2026-11-03 09:00');
    await scene.contact(dsl, { email_bounced_at: since });
    await scene.contact(head, { email_verified_at: null });
    const id = await send();
    scene.newMails();
    scene.app.clock.advance(4 * 60_000);
    await scene.acknowledge(deputy, id);
    const [report] = await tests().reports(ACTOR, { urn: '900123' });
    expect(report).toMatchObject({ failed: [], nobodyTold: false });
    expect(report?.notTold).toEqual([
      { name: 'Dee riverside', role: 'dsl', channel: 'email', why: 'bounced', since },
      { name: 'Hed riverside', role: 'head', channel: 'email', why: 'never-verified', since: null },
    ]);
    const visitor = await scene.signIn(deputy);
    const { text } = await visitor.visit('/test-notices');
    expect(text).toContain('Answered by Dep riverside (deputy DSL) after 4 minutes');
    expect(text).toContain('No e-mail to Dee riverside: bounced on Tuesday 3 November 2026');
    expect(text).toContain('No e-mail to Hed riverside: never verified');
  });

  it('that reached nobody at the setting says so, in the same words whether nobody is there or everybody is left out', async () => {
    const { dsl, deputy, head } = scene.world.riverside;
    await tests().send(ACTOR, '900123');
    for (const { id } of [dsl, deputy, head]) {
      await scene.app.db.inspect(
        `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at)
         SELECT id, $1, 'by-person', $2 FROM notice WHERE test`,
        [id, scene.app.clock.now()],
      );
    }
    await scene.app.db.inspect(`UPDATE contact SET archived_at = $1 WHERE setting_urn = '900124'`, [
      scene.app.clock.now(),
    ]);
    await tests().send(ACTOR, '900124');
    await scene.until('2026-11-24 10:10');
    const reports = await tests().reports(ACTOR, { authorityCode: '999' });
    expect(reports.map(({ urn, nobodyTold, failed, notTold }) => [urn, nobodyTold, failed, notTold])).toEqual(
      [
        ['900123', true, [], []],
        ['900124', true, [], []],
      ],
    );
    const officer = await scene.signIn(scene.world.desks.duty.officer);
    const { text } = await officer.visit('/test-notices');
    expect(text.split('Nobody at this setting could be told')).toHaveLength(3);
  });

  it('counts in no statistic, is no sign of life of a force, and no police system can see it', async () => {
    const id = await send();
    scene.newMails();
    await scene.acknowledge(scene.world.riverside.dsl, id);
    const officer = await scene.signIn(scene.world.desks.duty.officer);
    await officer.visit('/authority');
    expect(officer.page.text).toMatch(/1 test notice, never counted/);
    expect(officer.page.text).not.toMatch(/100 ?%/);
    const feeds = await scene.app.db.database.transaction(ACTOR, async (tx) => {
      const service = scene.app.get(ForceFeeds, { strict: false });
      await service.learn(tx);
      return service.all(tx);
    });
    expect(feeds).toEqual([]);
    const [kept] = await scene.app.db.inspect<{ id: string }>('SELECT id FROM notification WHERE test');
    expect((await scene.police.get(`/v1/notifications/${kept?.id}`)).status).toBe(404);
  });

  it('is not sent twice at once, nor to a setting that is closed', async () => {
    await send();
    scene.newMails();
    await expect(tests().send(ACTOR, '900123')).rejects.toThrow(/still running/);
    await scene.app.db.inspect(`UPDATE setting SET status = 'closed' WHERE urn = '900124'`);
    await expect(tests().send(ACTOR, '900124')).rejects.toThrow(/no open setting/);
  });
});

describe('the termly schedule', () => {
  it('sends by itself on a school day of each term, and arms the next', async () => {
    const schedule = scene.app.get(TestSchedule, { strict: false });
    const [planned] = await schedule.switchOn(ACTOR, ['900123']);
    expect(planned?.nextAt?.toISOString().slice(0, 4)).toBe('2027');
    await scene.until('2027-03-20 00:00');
    const sent = await scene.app.db.inspect<{ sent_at: Date; scheduled: boolean }>(
      'SELECT sent_at, scheduled FROM test_notice',
    );
    expect(sent).toEqual([{ sent_at: planned?.nextAt, scheduled: true }]);
    const [next] = await schedule.of(ACTOR, { authorityCode: '999' });
    expect(next?.nextAt?.getTime()).toBeGreaterThan(london('2027-04-23 00:00').getTime());
  });

  it('of a setting whose calendar has no fitting day is looked at again each month, and sends nothing for that', async () => {
    const schedule = scene.app.get(TestSchedule, { strict: false });
    await scene.app.db.inspect(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       VALUES (gen_random_uuid(), 'setting', '900123', '2026-12-01', '2029-12-31', false, 'holiday', 'Rebuilding', $1)`,
      [scene.app.clock.now()],
    );
    expect(await schedule.switchOn(ACTOR, ['900123'])).toEqual([{ urn: '900123', nextAt: null }]);
    await scene.app.db.inspect(`DELETE FROM calendar_entry WHERE title = 'Rebuilding'`);
    await scene.until('2027-01-05 00:00');
    expect(await scene.app.db.inspect('SELECT 1 FROM test_notice')).toEqual([]);
    const [next] = await schedule.of(ACTOR, { authorityCode: '999' });
    expect(next?.nextAt?.toISOString().slice(0, 4)).toBe('2027');
  });

  it('that is switched off sends nothing, though its timer is armed', async () => {
    const schedule = scene.app.get(TestSchedule, { strict: false });
    await schedule.switchOn(ACTOR, ['900123']);
    await schedule.switchOff(ACTOR, ['900123']);
    await scene.until('2027-03-20 00:00');
    expect(await scene.app.db.inspect('SELECT 1 FROM test_notice')).toEqual([]);
  });
});
