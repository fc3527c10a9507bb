import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { authorityActor } from '../../src/common/actor.js';
import { ExcludeContact } from '../../src/notices/exclude-contact.service.js';
import { NotifyStandIn } from '../support/notify-stand-in.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';
const MOBILE = '07700900111';
const KEZIA = {
  role: 'suspect' as const,
  forename: 'Kezia',
  surname: 'Tumbledown',
  relationshipToChild: 'aunt',
};

let scene: Scene;
let notify: NotifyStandIn;
beforeEach(async () => {
  notify = await NotifyStandIn.start();
});
afterEach(async () => {
  await scene.close();
  await notify.close();
});

const textsTo = async (email: string): Promise<string[]> => {
  const rows = await scene.app.db.inspect<{ line: string }>(
    `SELECT concat_ws(' ', m.rung, m.state) AS line FROM outgoing_message m JOIN contact c ON c.id = m.contact_id
     WHERE c.email = $1 AND m.channel = 'sms' ORDER BY m.created_at`,
    [email],
  );
  return rows.map(({ line }) => line);
};

/** Mail by SMTP, text messages by Notify; one telephone for the whole safeguarding team. */
async function open(at: string): Promise<void> {
  const { NOTIFY_EMAIL_TEMPLATE_ID: _unused, ...texts } = notify.environment('a-token-of-enough-characters');
  scene = await Scene.open(at, { environment: texts });
  const { dsl, deputy } = scene.world.riverside;
  for (const reader of [dsl, deputy]) {
    await scene.contact(reader, { mobile: MOBILE, mobile_verified_at: scene.app.clock.now() });
  }
}

describe('a telephone that somebody who must not know also reads', () => {
  it('gets no text in place of a mail that came back; the ladder goes on to whoever has an address of their own', async () => {
    await open('2026-11-22 21:40');
    await scene.contact(scene.world.riverside.dsl, { name: 'Kezia Tumbledown' });
    scene.app.mail.behave({ kind: 'bounces', to: [DEPUTY] });
    const incident = { ...scene.notification().incident, risk: 'high' as const };
    const { id } = await scene.postOne({ incident, adults: [KEZIA] });
    expect(await scene.happened()).toEqual([`2026-11-22 21:40 ${HEAD}`]);
    expect(notify.sent).toEqual([]);
    expect(await textsTo(DEPUTY)).toEqual([]);
    expect(await scene.actions(id)).not.toContain('message.other-channel');
  });

  it('gets no text that waited for the morning, when they were excluded in the night', async () => {
    await open('2026-11-22 23:00');
    const { riverside, desks } = scene.world;
    const incident = { ...scene.notification().incident, risk: 'standard' as const };
    const { id } = await scene.postOne({ incident });
    expect(await scene.happened()).toEqual(on('2026-11-22', [`23:00 ${DEPUTY}`, `23:00 ${DSL}`]));
    expect(await textsTo(DEPUTY)).toEqual(['first pending']);
    await scene.until('2026-11-22 23:30');
    const { officer } = desks.duty;
    const exclude = scene.app.get(ExcludeContact, { strict: false });
    await exclude.run(authorityActor(officer.id, '999'), officer.id, id, riverside.dsl.id);
    expect(await scene.until('2026-11-23 06:31')).toEqual([]);
    expect(notify.sent).toEqual([]);
    expect(await textsTo(DEPUTY)).toEqual(['first suppressed']);
    // She has the mail of that night, and her own address: the ladder keeps its hours.
    expect(await scene.until('2026-11-23 07:50')).toEqual(on('2026-11-23', [`07:45 ${DEPUTY}`]));
  });

  it('gets the text as ever where nobody is left out', async () => {
    await open('2026-11-23 07:00');
    await scene.postOne();
    expect(await scene.happened()).toEqual(on('2026-11-23', [`07:00 ${DEPUTY}`, `07:00 ${DSL}`]));
    expect(notify.sent.map(({ to }) => to)).toEqual([MOBILE, MOBILE]);
  });
});
