import { afterEach, describe, expect, it } from '@jest/globals';
import type { RecordedMail } from '../support/mail.js';
import type { Visitor } from '../support/visitor.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const HEAD = 'head@riverside.example';
const REGION = 'duty-region@example.org';
const ALERTS = 'operator@firstbell.example';
const DUTY = ['manager@duty.northshire.example', 'officer@duty.northshire.example'];

const duty = (time: string): string[] => DUTY.map((address) => `${time} ${address}`);

let scene: Scene;
afterEach(() => scene.close());

/** The DSL has read it; the school and its deputy have numbers. */
const readAt = async (at: string, environment: Record<string, string> = {}) => {
  scene = await Scene.open(at, { environment });
  const { riverside } = scene.world;
  await scene.app.db.inspect(`UPDATE setting SET telephone = '01632 960123' WHERE urn = $1`, [riverside.urn]);
  await scene.contact(riverside.deputy, { mobile: '07700900222' });
  const notice = await scene.postOne({
    children: [scene.child(riverside, { forename: 'Ermintrude', circumstances: 'A plate was thrown.' })],
  });
  await scene.happened();
  await scene.acknowledge(riverside.dsl, notice.id);
  return notice;
};
const lastMailTo = (address: string): RecordedMail | undefined =>
  scene.app.mail.all.filter(({ to }) => to === address).at(-1);
const listOf = async (officer: Visitor): Promise<string> => (await officer.visit('/authority/desk')).text;
const decide = async (noticeId: string): Promise<void> => {
  const dsl = await scene.signIn(scene.world.riverside.dsl);
  await dsl.visit(`/notices/${noticeId}`);
  await dsl.submit({}, '/open');
  await dsl.visit(`/notices/${noticeId}/action`);
  await dsl.submit({ inSchool: 'yes', told: 'early-help', decision: 'A word each morning.' }, '/action');
};

describe('a notice that was read, and that the desk is mailed about', () => {
  it('nobody has said that they are in school: stands on the list with the owner and the numbers, until somebody says so', async () => {
    const { id, reference } = await readAt('2026-11-22 21:40');
    await scene.until('2026-11-23 08:54');
    const officer = await scene.signIn(scene.world.desks.duty.officer);
    expect(await listOf(officer)).not.toContain(reference);
    expect((await officer.visit(`/authority/notices/${id}`)).text).not.toContain('01632 960123');
    expect(await scene.until('2026-11-23 08:55')).toEqual(on('2026-11-23', duty('08:55')));
    const mail = lastMailTo(DUTY[1]);
    expect(mail?.subject).toBe(
      `Safeguarding notice to take up with the school by telephone now (${reference})`,
    );
    expect(mail?.text).toMatch(
      /^You have a safeguarding notice to take up with the school by telephone now\./,
    );
    const list = await listOf(officer);
    expect(list).toContain(`Ask about notice ${reference}: Riverside Primary School`);
    expect(list).toContain(
      'Nobody has said that they are in school today. Dee riverside looks after it. Telephone 01632 960123.',
    );
    const page = await officer.visit(`/authority/notices/${id}`);
    for (const words of [
      'Dee riverside looks after it. Ask who is in school today',
      'Riverside Primary School 01632 960123',
      'Dep riverside Deputy DSL · 07700900222 · message sent at 08:45',
      'Hed riverside Head · 01632 960123 · message sent at 08:50',
    ])
      expect(page.text).toContain(words);
    expect(list + page.html).not.toMatch(/Ermintrude|A plate was thrown/);
    const deputy = await scene.signIn(scene.world.riverside.deputy);
    await deputy.visit(`/notices/${id}`);
    await deputy.submit({}, '/open');
    await deputy.visit(`/notices/${id}/read`);
    await deputy.submit({ answer: 'take-over' }, '/in-school');
    expect(await listOf(officer)).not.toContain(reference);
    expect((await officer.visit(`/authority/notices/${id}`)).text).not.toContain('07700900222');
  });

  it('the owner’s mail comes back: the desk has it at once, and not when the owner is asked anew', async () => {
    const { id, reference } = await readAt('2026-11-22 21:40');
    scene.app.mail.behave({ kind: 'bounces', to: [DSL] });
    await scene.until('2026-11-23 08:14');
    expect(await scene.until('2026-11-23 08:15')).toEqual(on('2026-11-23', duty('08:15')));
    const officer = await scene.signIn(scene.world.desks.duty.officer);
    expect(await listOf(officer)).toContain('Nobody has said that they are in school today. Dee riverside');
    // As `askIfOwnerIsAway` leaves it.
    await scene.app.db.inspect(`UPDATE notice SET in_school_asked_at = NULL WHERE id = $1`, [id]);
    expect(await listOf(officer)).not.toContain(reference);
  });

  it('decided on before the morning: stands there for that day, and asks only who is in school', async () => {
    const { id, reference } = await readAt('2026-11-22 21:40');
    await decide(id);
    await scene.until('2026-11-23 08:54');
    const officer = await scene.signIn(scene.world.desks.duty.officer);
    expect(await listOf(officer)).not.toContain(reference);
    expect(await scene.until('2026-11-23 08:55')).toEqual(on('2026-11-23', duty('08:55')));
    expect(await listOf(officer)).toContain('Nobody has said that they are in school today. Dee riverside');
    expect((await officer.visit(`/authority/notices/${id}`)).text).toContain('Dep riverside Deputy DSL');
    expect(officer.page.text).not.toContain('no support decision');
    await scene.until('2026-11-24 08:56');
    expect(await listOf(officer)).not.toContain(reference);
  });

  it('a head who cannot be told: the desk has it in their place, until the decision is recorded', async () => {
    const { id, reference } = await readAt('2026-11-23 07:20');
    await scene.contact(scene.world.riverside.head, { archived_at: scene.app.clock.now() });
    expect(await scene.until('2026-11-23 15:15')).toEqual(
      on('2026-11-23', [`14:15 ${DSL}`, ...duty('15:15')]),
    );
    expect(lastMailTo(DUTY[0])?.text).toContain('to take up with the school by telephone now.');
    const officer = await scene.signIn(scene.world.desks.duty.officer);
    expect(await listOf(officer)).toContain(
      'No support decision is recorded, and the head could not be told. Dee riverside looks after it.',
    );
    const page = await officer.visit(`/authority/notices/${id}`);
    expect(page.text).toContain('Ask what has been decided.');
    expect(page.text).toContain('07700900222');
    await decide(id);
    expect(await listOf(officer)).not.toContain(reference);
  });
});

describe('a desk that no mail reaches, of a notice that was read', () => {
  it('the fallback address is told that it was read, each school day, and the desk that is rung finds it', async () => {
    const { id, reference } = await readAt('2026-11-23 07:20', { FALLBACK_EMAIL: REGION });
    const officer = await scene.signIn(scene.world.desks.duty.officer);
    scene.app.mail.behave({ kind: 'bounces', to: DUTY });
    expect(await scene.until('2026-11-24 08:59')).toEqual(
      on('2026-11-23', [`14:15 ${DSL}`, `15:15 ${HEAD}`]),
    );
    expect(await scene.until('2026-11-24 09:00')).toEqual(
      on('2026-11-24', [`09:00 ${REGION}`, `09:00 ${ALERTS}`].sort()),
    );
    const mail = lastMailTo(REGION);
    expect(mail?.text).toContain(
      'give it the reference; it has been read, and somebody there must sign in and see what has not been done about it.',
    );
    expect(mail?.text).toContain(`Reference ${reference}.`);
    expect(mail?.text).not.toMatch(/Riverside|child|abuse|HIGH/i);
    expect(await listOf(officer)).toContain(`Ask about notice ${reference}`);
    expect(await scene.until('2026-11-25 09:00')).toContain(`2026-11-25 09:00 ${REGION}`);
    await decide(id);
    expect((await scene.until('2026-11-26 09:30')).filter((line) => line.endsWith(REGION))).toEqual([]);
  });

  it('where every address of the desk was known not to work, the notice still stands on its list', async () => {
    const { reference } = await readAt('2026-11-23 07:20', { FALLBACK_EMAIL: REGION });
    const { officer, manager } = scene.world.desks.duty;
    const visitor = await scene.signIn(officer);
    for (const one of [officer, manager])
      await scene.contact(one, { email_bounced_at: scene.app.clock.now() });
    expect(await scene.until('2026-11-24 09:00')).toContain(`2026-11-24 09:00 ${REGION}`);
    expect(await listOf(visitor)).toContain(`Ask about notice ${reference}`);
  });
});
