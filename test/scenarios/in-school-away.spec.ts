import { afterEach, describe, expect, it } from '@jest/globals';
import { authorityActor, settingActor, systemActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.js';
import { HandOver } from '../../src/escalation/hand-over.service.js';
import { Outbox } from '../../src/jobs/outbox.js';
import { AcknowledgeNotice } from '../../src/notices/acknowledge-notice.service.js';
import { AnswerInSchool } from '../../src/notices/answer-in-school.service.js';
import { ExcludeContact } from '../../src/notices/exclude-contact.service.js';
import type { WorldContact } from '../support/world.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';
const MONDAY = '2026-11-23';
const TUESDAY = '2026-11-24';
const duty = (time: string): string[] =>
  ['manager', 'officer'].map((who) => `${time} ${who}@duty.northshire.example`);
/** Nobody answers. */
const unanswered = (): string[] => [`08:15 ${DSL}`, `08:45 ${DEPUTY}`, `08:50 ${HEAD}`, ...duty('08:55')];

let scene: Scene;
afterEach(() => scene.close());

const as = (contact: WorldContact) => settingActor(contact.id, scene.world.riverside.urn);

async function enterAbsence(
  who: WorldContact,
  day: string,
  cover: WorldContact | null = null,
): Promise<void> {
  await scene.app.db.inspect(
    `INSERT INTO absence (id, contact_id, from_date, to_date, cover_contact_id, created_at) VALUES ($1, $2, $3, $3, $4, $5)`,
    [newId(), who.id, day, cover?.id ?? null, scene.app.clock.now()],
  );
}

/** As every page that changes anything about who is there does it. */
const coverChanged = (): Promise<void> =>
  scene.app
    .get(Database, { strict: false })
    .transaction(systemActor('test'), (tx) =>
      scene.app.get(Outbox, { strict: false }).add(tx, 'directory.cover-changed', { urn: '900123' }),
    );

async function away(who: WorldContact, day: string, cover: WorldContact | null = null): Promise<void> {
  await enterAbsence(who, day, cover);
  await coverChanged();
}

const answerYes = (who: WorldContact, id: string): Promise<void> =>
  scene.app.get(AnswerInSchool, { strict: false }).run(as(who), who.id, id, 'yes');
const handOver = (from: WorldContact, id: string, to: WorldContact): Promise<void> =>
  scene.app.get(HandOver, { strict: false }).run(as(from), from.id, id, to.id);

async function postedOnSunday(): Promise<string> {
  scene = await Scene.open('2026-11-22 21:40');
  const { id } = await scene.postOne();
  await scene.happened();
  return id;
}

async function readOnSunday(): Promise<string> {
  const id = await postedOnSunday();
  await scene.acknowledge(scene.world.riverside.dsl, id);
  return id;
}

describe('a notice that is read by somebody who is entered as away already', () => {
  const unreadAt0750 = async (cover: WorldContact | null = null): Promise<void> => {
    await scene.until(`${MONDAY} 07:00`);
    await away(scene.world.riverside.dsl, MONDAY, cover);
    expect(await scene.until(`${MONDAY} 07:50`)).toEqual(on(MONDAY, [`07:45 ${DEPUTY}`]));
  };

  it('in bed, on the morning itself: she is asked, and silence goes on to the deputies, the head and the desk', async () => {
    const id = await postedOnSunday();
    await unreadAt0750();
    await scene.acknowledge(scene.world.riverside.dsl, id);
    expect(await scene.until(`${MONDAY} 12:00`)).toEqual(on(MONDAY, unanswered()));
    expect(await scene.actions(id)).toContain('notice.in-school-asked');
  });

  it('or is told of it by telephone at home', async () => {
    const id = await postedOnSunday();
    await unreadAt0750();
    const { officer } = scene.world.desks.duty;
    await scene.app
      .get(AcknowledgeNotice, { strict: false })
      .byTelephone(authorityActor(officer.id, '999'), officer.id, id, {
        contactId: scene.world.riverside.dsl.id,
        toldAt: scene.app.clock.now(),
        identityCheck: 'known-voice',
        note: '',
      });
    expect(await scene.until(`${MONDAY} 12:00`)).toEqual(on(MONDAY, unanswered()));
  });

  it('after the bell: she is asked at once, with half an hour to answer', async () => {
    const id = await postedOnSunday();
    await unreadAt0750();
    await scene.until(`${MONDAY} 09:20`);
    await scene.acknowledge(scene.world.riverside.dsl, id);
    expect(await scene.until(`${MONDAY} 12:00`)).toEqual(
      on(MONDAY, [`09:20 ${DSL}`, `09:50 ${DEPUTY}`, `09:55 ${HEAD}`, ...duty('10:00')]),
    );
  });

  it('asks nothing of whoever stands in for her', async () => {
    const id = await postedOnSunday();
    await unreadAt0750(scene.world.riverside.deputy);
    await scene.acknowledge(scene.world.riverside.deputy, id);
    expect(await scene.until(`${MONDAY} 12:00`)).toEqual([]);
  });
});

describe('an owner who is away on the day by which the decision is due', () => {
  it('is asked on the morning of that day, not on the one on which the absence is entered', async () => {
    scene = await Scene.open(`${MONDAY} 12:20`);
    const { dsl } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.until(`${MONDAY} 13:00`);
    await scene.acknowledge(dsl, id);
    expect(await scene.until(`${MONDAY} 15:20`)).toEqual([]);
    await away(dsl, TUESDAY);
    expect(await scene.until(`${MONDAY} 23:00`)).toEqual([]);
    // The decision is due at 10:30, an hour after the reminder.
    expect(await scene.until(`${TUESDAY} 12:00`)).toEqual(
      on(TUESDAY, [...unanswered(), `09:30 ${DSL}`, `10:30 ${HEAD}`]),
    );
  });

  it('falls ill on the very day after all: asked then, and not only on the next', async () => {
    scene = await Scene.open(`${MONDAY} 12:20`);
    const { dsl } = scene.world.riverside;
    const { id } = await scene.postOne();
    await scene.until(`${MONDAY} 13:00`);
    await scene.acknowledge(dsl, id);
    await scene.until(`${MONDAY} 13:30`);
    await away(dsl, TUESDAY);
    await scene.until(`${MONDAY} 14:00`);
    await away(dsl, MONDAY);
    expect(await scene.until(`${MONDAY} 14:29`)).toEqual(on(MONDAY, [`14:00 ${DSL}`]));
    expect(await scene.until(`${MONDAY} 15:00`)).toEqual(
      on(MONDAY, [`14:30 ${DEPUTY}`, `14:35 ${HEAD}`, ...duty('14:40')]),
    );
  });
});

describe('an answer', () => {
  it('holds, whatever else changes at the school', async () => {
    const id = await readOnSunday();
    const { dsl, deputy } = scene.world.riverside;
    await scene.until(`${MONDAY} 07:00`);
    await away(dsl, MONDAY);
    await scene.until(`${MONDAY} 08:20`);
    await answerYes(dsl, id);
    await scene.until(`${MONDAY} 08:30`);
    await coverChanged();
    await scene.until(`${MONDAY} 09:00`);
    await away(deputy, TUESDAY);
    expect(await scene.until(`${MONDAY} 12:00`)).toEqual([]);
  });

  it('that nobody gave is not asked for once more on the same day, whatever else changes at the school', async () => {
    await readOnSunday();
    await scene.until(`${MONDAY} 07:00`);
    await away(scene.world.riverside.dsl, MONDAY);
    expect(await scene.until(`${MONDAY} 09:30`)).toEqual(on(MONDAY, unanswered()));
    await coverChanged();
    expect(await scene.until(`${MONDAY} 12:00`)).toEqual([]);
  });

  it('of an owner who must not know of it any more says nothing of the colleague to whom it passes', async () => {
    const id = await postedOnSunday();
    const { dsl, deputy } = scene.world.riverside;
    await scene.acknowledge(deputy, id);
    await scene.until(`${MONDAY} 07:00`);
    await away(dsl, MONDAY);
    await scene.until(`${MONDAY} 08:20`);
    await answerYes(deputy, id);
    expect(await scene.until(`${MONDAY} 09:00`)).toEqual([]);
    const { officer } = scene.world.desks.duty;
    await scene.app
      .get(ExcludeContact, { strict: false })
      .run(authorityActor(officer.id, '999'), officer.id, id, deputy.id);
    const told = await scene.until(`${MONDAY} 09:45`);
    expect(told).toEqual(
      expect.arrayContaining(on(MONDAY, [`09:00 ${DSL}`, `09:35 ${HEAD}`, ...duty('09:40')])),
    );
    expect(told.filter((line) => line.endsWith(HEAD))).toHaveLength(1);
  });

  it('of one owner says nothing of the next', async () => {
    const id = await readOnSunday();
    const { dsl, deputy } = scene.world.riverside;
    await scene.until(`${MONDAY} 07:00`);
    await away(deputy, MONDAY);
    await scene.until(`${MONDAY} 08:20`);
    await answerYes(dsl, id);
    await scene.until(`${MONDAY} 09:00`);
    await handOver(dsl, id, deputy);
    const told = await scene.until(`${MONDAY} 09:45`);
    expect(told).toEqual(expect.arrayContaining(on(MONDAY, [`09:35 ${HEAD}`, ...duty('09:40')])));
  });
});

describe('a question that is open when the notice is handed over', () => {
  it('to somebody who does not work that day: stays open, and silence goes on to the others', async () => {
    const id = await readOnSunday();
    const { dsl, deputy } = scene.world.riverside;
    await scene.contact(deputy, { working_days: [2, 3, 4, 5] });
    expect(await scene.until(`${MONDAY} 08:20`)).toEqual(on(MONDAY, [`08:15 ${DSL}`]));
    await handOver(dsl, id, deputy);
    const told = await scene.until(`${MONDAY} 12:00`);
    const [handed, asked] = [
      told.filter((line) => line.includes('08:20')),
      told.filter((line) => !line.includes('08:20')),
    ];
    expect(new Set(handed)).toEqual(new Set(on(MONDAY, [`08:20 ${DEPUTY}`])));
    expect(asked).toEqual(on(MONDAY, unanswered().slice(1)));
  });

  it('to somebody who works: is answered', async () => {
    const id = await readOnSunday();
    const { dsl, head } = scene.world.riverside;
    await scene.until(`${MONDAY} 08:20`);
    await handOver(dsl, id, head);
    expect(await scene.until(`${MONDAY} 12:00`)).toEqual(on(MONDAY, [`08:20 ${HEAD}`]));
  });
});
