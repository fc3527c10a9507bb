import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { settingActor, systemActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { AskSooner } from '../../src/escalation/ask-sooner.service.js';
import { TestNotices } from '../../src/test-notices/test-notices.service.js';
import { inLondon } from '../support/clock.js';
import type { RecordedMail } from '../support/mail.js';
import { Scene, type StoredNotice } from './support/scene.js';

const TEXTS = 'texts.example';
const MOBILE = '07700900111';
const DUTY = 'officer@duty.northshire.example';

let scene: Scene;
afterEach(() => scene.close());

const dsl = () => scene.world.riverside.dsl;
/** The mails and texts to one address since the last look. */
const newTo = (address: string): RecordedMail[] => scene.newMails().filter(({ to }) => to === address);
const withMobile = (): Promise<void> =>
  scene.contact(dsl(), { mobile: MOBILE, mobile_verified_at: scene.app.clock.now(), holiday_contact: true });
const send = (risk: 'high' | 'standard'): Promise<StoredNotice> =>
  scene.postOne({ incident: { ...scene.notification().incident, risk } });

describe('Christmas: whoever reads in the holidays is told until when, which is not the bell of January', () => {
  beforeEach(async () => {
    scene = await Scene.open('2026-12-23 20:00', { environment: { SMS_MAIL_DOMAIN: TEXTS } });
    await scene.app.db.inspect(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       VALUES ($1, 'setting', '900123', '2026-12-19', '2027-01-03', false, 'holiday', 'Christmas', $2)`,
      [newId(), scene.app.clock.now()],
    );
    await withMobile();
  });

  it('HIGH: within two hours, in subject, mail, text message, inbox and cover', async () => {
    const { id, reference, acknowledge_by: bell } = await send('high');
    expect(inLondon(bell!)).toBe('2027-01-04 08:45');
    const sent = scene.newMails();
    const mail = sent.find(({ to }) => to === dsl().email);
    const text = sent.find(({ to }) => to === `${MOBILE}@${TEXTS}`);
    expect(mail?.subject).toBe(`Safeguarding notice to read by 22:00 (${reference})`);
    expect(mail?.text).toMatch(
      new RegExp(
        `^You have a safeguarding notice to read by 22:00\\. Reference ${reference}\\. Sign in: \\S+$`,
      ),
    );
    expect(text?.text).toMatch(/^You have a safeguarding notice to read by 22:00\. Reference /);
    const reader = await scene.signIn(dsl());
    expect((await reader.visit('/inbox')).text).toContain('2 hours left read by 22:00');
    expect((await reader.visit(`/notices/${id}`)).text).toContain('2 hours left, read by 22:00');
    const actor = settingActor(dsl().id, scene.world.riverside.urn);
    const at = await scene.app.get(AskSooner, { strict: false }).remindLater(actor, dsl().id, id, 120);
    expect(inLondon(at)).toBe('2026-12-23 21:55');
  });

  it('HIGH, unread at that time: late from then on, and on the morning of the bell to be read by the bell', async () => {
    const { reference } = await send('high');
    await scene.app.runUntil('2026-12-23 22:00');
    const [told] = newTo(DUTY).slice(-1);
    expect(told?.subject).toBe(`Safeguarding notice to read now (it was due by 22:00) (${reference})`);
    expect(told?.text).toMatch(/read by 22:00\. Reference \S+\. Sign in: \S+$/);
    const reader = await scene.signIn(dsl());
    expect((await reader.visit('/inbox')).text).toContain('Missed less than a minute ago read by 22:00');
    await scene.until('2027-01-04 07:44');
    await scene.app.runUntil('2027-01-04 07:45');
    const [reminder] = newTo(dsl().email);
    expect(reminder?.subject).toBe(`Safeguarding notice to read by 08:45 (${reference})`);
    expect(reminder?.text).toMatch(/read by 08:45\. Reference \S+\. Sign in: \S+$/);
    const later = await scene.signIn(dsl());
    expect((await later.visit('/inbox')).text).toContain('1 hour left read by 08:45');
  });

  it('STANDARD: by noon of the next working day', async () => {
    const { reference } = await send('standard');
    const [mail] = newTo(dsl().email);
    expect(mail?.subject).toBe(`Safeguarding notice to read by 12:00 on Thursday 24 December (${reference})`);
    const reader = await scene.signIn(dsl());
    expect((await reader.visit('/inbox')).text).toContain('16 hours left read by 12:00 tomorrow');
  });
});

describe('a weekend', () => {
  it('on Friday night the subject says which morning is meant, and the mail its sentence and nothing more', async () => {
    scene = await Scene.open('2026-11-20 22:00');
    const { reference } = await send('high');
    const [mail] = newTo(dsl().email);
    expect(mail?.subject).toBe(`Safeguarding notice to read by 08:45 on Monday 23 November (${reference})`);
    expect(mail?.text).toMatch(
      /^You have a safeguarding notice to read by 08:45\. Reference \S+\. Sign in: \S+$/,
    );
  });
});

describe('a test notice that travels with a real one', () => {
  it('is counted apart in mail and text message, and the real one stays real', async () => {
    scene = await Scene.open('2026-11-24 10:00', { environment: { SMS_MAIL_DOMAIN: TEXTS } });
    await withMobile();
    const { urn } = scene.world.riverside;
    await scene.app.get(TestNotices, { strict: false }).send(systemActor('test'), urn);
    const { reference } = await send('high');
    const sent = scene.newMails();
    const mail = sent.find(({ to }) => to === dsl().email);
    expect(mail?.subject).toBe(`Safeguarding notice to read by 11:00 (${reference}) (and 1 TEST)`);
    expect(mail?.text).toMatch(
      new RegExp(
        `^You have a safeguarding notice to read by 11:00\\. Also 1 TEST notice\\. References ${reference}, \\S+ \\(TEST\\)\\. `,
      ),
    );
    const text = sent.find(({ to }) => to === `${MOBILE}@${TEXTS}`);
    expect(text?.text).toMatch(
      new RegExp(
        `^You have a safeguarding notice to read by 11:00 \\(and 1 TEST\\)\\. Reference ${reference}\\. `,
      ),
    );
  });
});
