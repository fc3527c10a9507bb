import { afterEach, describe, expect, it } from '@jest/globals';
import { authorityActor } from '../../src/common/actor.js';
import { AcknowledgeNotice } from '../../src/notices/acknowledge-notice.service.js';
import { PlaceNotice } from '../../src/notices/place-notice.service.js';
import { TakeCharge } from '../../src/notices/take-charge.service.js';
import { inLondon, london } from '../support/clock.js';
import { on, Scene } from './support/scene.js';

const DSL = 'dsl@riverside.example';
const DEPUTY = 'deputy@riverside.example';
const HEAD = 'head@riverside.example';
const DUTY = ['manager@duty.northshire.example', 'officer@duty.northshire.example'];
const TRIAGE = ['manager@triage.northshire.example', 'officer@triage.northshire.example'];

const duty = (time: string): string[] => DUTY.map((address) => `${time} ${address}`);
const triage = (time: string): string[] => TRIAGE.map((address) => `${time} ${address}`);

let scene: Scene;
afterEach(() => scene.close());

describe('a desk that takes charge', () => {
  const takeCharge = async (noticeId: string): Promise<void> => {
    const { officer } = scene.world.desks.duty;
    await scene.app
      .get(TakeCharge, { strict: false })
      .run(authorityActor(officer.id, '999'), officer.id, noticeId);
  };

  it('pauses its own repeats for two hours and not one rung of the school', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.contact(scene.world.riverside.deputy, { working_days: [2, 3, 4, 5] });
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 07:50');
    await takeCharge(id);
    expect(await scene.until('2026-11-23 08:20')).toEqual(
      on('2026-11-23', [`08:00 ${DEPUTY}`, `08:15 ${HEAD}`]),
    );
    await scene.until('2026-11-23 08:45');
    await takeCharge(id);
    expect(await scene.until('2026-11-23 10:45')).toEqual([]);
    expect(await scene.until('2026-11-23 11:15')).toEqual(on('2026-11-23', duty('11:15')));
  });

  it('records whom it told by telephone: the ladder stops, and it never counts as before the bell', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { head } = scene.world.riverside;
    const { officer } = scene.world.desks.duty;
    const { id } = await scene.postOne();
    await scene.until('2026-11-23 08:40');
    const told = { contactId: head.id, toldAt: london('2026-11-23 08:38'), note: '' };
    await scene.app
      .get(AcknowledgeNotice, { strict: false })
      .byTelephone(authorityActor(officer.id, '999'), officer.id, id, {
        ...told,
        identityCheck: 'called-number-on-file',
      });
    expect(await scene.until('2026-11-23 12:00')).toEqual([]);
    expect(await scene.notice(id)).toMatchObject({
      acknowledged_via: 'telephone',
      acknowledged_by: head.id,
      missed_at: null,
    });
  });
});

describe('a child whom nobody could place', () => {
  const unplaced = { settings: [], schoolStated: 'A school by the river', homeAuthorityCode: '999' };

  it('is the triage desk’s at once, then the duty desk’s at its place-by time, then again every 15 minutes', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const notice = await scene.postOne({ children: [scene.child(scene.world.riverside, unplaced)] });
    expect(notice.state).toBe('triage');
    const placeBy = inLondon(notice.place_by!);
    expect(await scene.happened()).toEqual(on('2026-11-22', triage('21:40')));
    const told = await scene.until('2026-11-23 08:35');
    const atPlaceBy = told.filter((line) => line.startsWith(placeBy));
    expect(atPlaceBy).toEqual(expect.arrayContaining(DUTY.map((address) => `${placeBy} ${address}`)));
    const later = told.filter((line) => line > `${placeBy} z`).map((line) => line.slice(11, 16));
    expect([...new Set(later)]).toEqual(
      ['08:00', '08:15', '08:30', '08:45'].filter(
        (time) => `2026-11-23 ${time}` > placeBy && time <= '08:35',
      ),
    );
  });

  it('is heard of at its place-by time also where an officer has charge of it: she may have been called away', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const notice = await scene.postOne({ children: [scene.child(scene.world.riverside, unplaced)] });
    const placeBy = inLondon(notice.place_by!);
    const minutesBefore = (minutes: number): string =>
      inLondon(new Date(notice.place_by!.getTime() - minutes * 60_000));
    await scene.until(minutesBefore(20));
    const { officer } = scene.world.desks.triage;
    await scene.app
      .get(TakeCharge, { strict: false })
      .run(authorityActor(officer.id, '999'), officer.id, notice.id);
    const [manager] = TRIAGE;
    expect(await scene.until(placeBy)).toEqual(
      [...DUTY, manager].map((address) => `${placeBy} ${address}`).sort(),
    );
    // Her own reminders stay away for as long as she has charge.
    expect(await scene.until(inLondon(new Date(notice.place_by!.getTime() + 60 * 60_000)))).toEqual([]);
  });

  it.each([
    ['standard' as const, []],
    ['high' as const, ['2026-11-21 09:00', '2026-11-22 09:00']],
  ])(
    'and of whom no officer can be told: the duty desk at once, again each morning, and at its place-by time (%s)',
    async (risk, mornings) => {
      scene = await Scene.open('2026-11-20 22:00');
      scene.app.mail.behave({ kind: 'bounces', to: TRIAGE });
      const notice = await scene.postOne({
        children: [scene.child(scene.world.riverside, unplaced)],
        incident: { ...scene.notification().incident, risk },
      });
      const placeBy = notice.place_by!;
      const later = new Date(placeBy.getTime() + 15 * 60_000);
      const told = [...(await scene.happened()), ...(await scene.until(inLondon(later)))];
      const ofDesk = (line: string): boolean => DUTY.some((address) => line.endsWith(address));
      expect(told.filter(ofDesk)).toEqual(
        ['2026-11-20 22:00', ...mornings, inLondon(placeBy), inLondon(later)].flatMap((at) =>
          DUTY.map((address) => `${at} ${address}`),
        ),
      );
      const reminded = (await scene.actions(notice.id)).filter((action) => action === 'desk.reminded');
      expect(reminded.length).toBe(4 + mornings.length);
    },
  );

  it('in a newer version of the police’s: counts from now, not from the first version’s evening', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { riverside } = scene.world;
    const body = scene.notification({ children: [scene.child(riverside, { reference: '1' })] });
    const { body: answer } = await scene.police.post(body);
    await scene.happened();
    const [one] = await scene.noticesOf(answer.id);
    await scene.acknowledge(riverside.dsl, one.id);
    await scene.until('2026-11-24 19:00');
    const again = { ...body, version: 2, children: [{ ...body.children[0], ...unplaced }] };
    expect((await scene.police.post(again)).status).toBe(202);
    expect((await scene.happened()).filter((line) => !line.endsWith(DSL))).toEqual(
      on('2026-11-24', triage('19:00')),
    );
    const [newer] = (await scene.noticesOf(answer.id)).filter(({ version }) => version === 2);
    expect([newer.state, inLondon(newer.place_by!)]).toEqual(['triage', '2026-11-25 08:00']);
  });

  it('placed by an officer, gets a new ladder towards the true deadline, and R does not move', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { officer } = scene.world.desks.triage;
    const triaged = await scene.postOne({ children: [scene.child(scene.world.riverside, unplaced)] });
    await scene.until('2026-11-23 07:10');
    await scene.app
      .get(PlaceNotice, { strict: false })
      .run(authorityActor(officer.id, '999'), officer.id, triaged.id, '900123');
    expect(await scene.until('2026-11-23 07:50')).toEqual(
      on('2026-11-23', [`07:10 ${DEPUTY}`, `07:10 ${DSL}`, `07:45 ${DEPUTY}`, `07:45 ${DSL}`]),
    );
    const placed = await scene.notice(triaged.id);
    expect(placed.generation).toBe(triaged.generation + 1);
    expect(placed.received_at).toEqual(triaged.received_at);
    expect(inLondon(placed.acknowledge_by!)).toBe('2026-11-23 08:45');
  });

  it('placed after the bell has passed, is due by the rule for now, and statistics keep the true deadline', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { officer } = scene.world.desks.triage;
    const triaged = await scene.postOne({ children: [scene.child(scene.world.riverside, unplaced)] });
    await scene.until('2026-11-23 09:30');
    await scene.app
      .get(PlaceNotice, { strict: false })
      .run(authorityActor(officer.id, '999'), officer.id, triaged.id, '900123');
    await scene.happened();
    const placed = await scene.notice(triaged.id);
    expect(inLondon(placed.acknowledge_by!)).toBe('2026-11-23 10:30');
    expect(inLondon(placed.first_acknowledge_by!)).toBe('2026-11-23 08:45');
    expect(placed.received_late).toBe(false);
  });
});
