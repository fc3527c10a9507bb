import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { authorityActor, settingActor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { PlaceNotice } from '../../src/notices/place-notice.service.js';
import { RedirectNotice } from '../../src/notices/redirect-notice.service.js';
import { ImportRoll } from '../../src/pupils/import-roll.service.js';
import type { WorldContact } from '../support/world.js';
import { Scene, type StoredNotice } from './support/scene.js';

interface Bordered extends StoredNotice {
  force_code: string;
  home_authority_code: string | null;
  incident_authority_code: string | null;
  authority_code: string | null;
  outside: boolean;
  outside_authority_code: string | null;
}

/** Across the border from Northshire: an authority with desks of its own. */
const EAST = '990';
let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open('2026-11-22 21:40');
  const at = scene.app.clock.now();
  const { inspect } = scene.app.db;
  await inspect(`INSERT INTO authority (code, name, created_at) VALUES ($1, 'Eastshire', $2)`, [EAST, at]);
  for (const kind of ['triage', 'duty']) {
    const desk = newId();
    const who = `${kind}@eastshire.example`;
    await inspect(`INSERT INTO desk (id, authority_code, kind, name) VALUES ($1, $2, $3, $3)`, [
      desk,
      EAST,
      kind,
    ]);
    await inspect(
      `INSERT INTO contact (id, desk_id, role, name, email, email_verified_at, created_at) VALUES ($1, $2, 'officer', $3, $4, $5, $5)`,
      [newId(), desk, `Officer ${kind}`, who, at],
    );
  }
  await inspect(`UPDATE setting SET authority_code = $1 WHERE urn = '900124'`, [EAST]);
});
afterEach(async () => {
  scene.newMails();
  await scene.close();
});

const whole = async (id: string): Promise<Bordered> => (await scene.notice(id)) as Bordered;

describe('a child who goes to school across the border', () => {
  const acrossTheBorder = () => scene.child(scene.world.hillside, { homeAuthorityCode: '999' });

  it('keeps the force, the place of the incident, the home and the school apart', async () => {
    const { id } = await scene.postOne({ children: [acrossTheBorder()] });
    expect(await whole(id)).toMatchObject({
      force_code: 'DEMO',
      incident_authority_code: '999',
      home_authority_code: '999',
      authority_code: EAST,
      setting_urn: '900124',
      outside: false,
    });
    await scene.app.db.inspect(`UPDATE force SET default_authority_code = $1 WHERE code = 'DEMO'`, [EAST]);
    const other = await scene.postOne({
      children: [scene.child(scene.world.riverside, { homeAuthorityCode: EAST })],
    });
    expect(await whole(other.id)).toMatchObject({
      incident_authority_code: EAST,
      home_authority_code: EAST,
      authority_code: '999',
      setting_urn: '900123',
    });
  });

  it('whose notice nobody reads: the desk of the school’s authority is told at the end, not the home’s', async () => {
    await scene.postOne({ children: [acrossTheBorder()] });
    const told = await scene.until('2026-11-23 09:20');
    expect(told).toContain('2026-11-23 08:30 duty@eastshire.example');
    expect(told.filter((line) => line.includes('northshire.example'))).toEqual([]);
  });

  it('whose school’s authority is not served: the home’s triage desk has it as outside, and the school is not told', async () => {
    await scene.app.db.inspect(`UPDATE authority SET served = false WHERE code = $1`, [EAST]);
    const { id } = await scene.postOne({ children: [acrossTheBorder()] });
    expect(await whole(id)).toMatchObject({
      state: 'triage',
      setting_urn: null,
      desk_id: scene.world.desks.triage.id,
      home_authority_code: '999',
      authority_code: '999',
      outside: true,
      outside_authority_code: EAST,
    });
    expect((await scene.happened()).filter((line) => line.includes('hillside'))).toEqual([]);
  });

  it('whose own authority is not served and whose school is not known: a desk here has it as outside', async () => {
    const { id } = await scene.postOne({
      children: [
        scene.child(scene.world.riverside, { homeAuthorityCode: '888', settings: [], schoolStated: null }),
      ],
    });
    expect(await whole(id)).toMatchObject({
      state: 'triage',
      desk_id: scene.world.desks.triage.id,
      outside: true,
      outside_authority_code: '888',
      home_authority_code: '888',
    });
  });
});

describe('how many others were told', () => {
  const ADA = { forename: 'Ada', surname: 'Thornapple', dateOfBirth: '2017-03-04', homeAuthorityCode: '999' };
  const BEA = { ...ADA, reference: '2', forename: 'Bea', dateOfBirth: '2015-03-04' };

  /** The notice as its school reads it, opened. */
  const read = async (contact: WorldContact, notice: StoredNotice): Promise<string> => {
    const visitor = await scene.signIn(contact);
    await visitor.visit(`/notices/${notice.id}`);
    const page = await visitor.submit({}, /\/open$/);
    expect(page.status).toBe(200);
    return page.text;
  };

  it('a child on two rolls: each school learns that one other was told, never which', async () => {
    const lines = [
      'Forename,Surname,DateOfBirth,Postcode,URN',
      'Ada,Thornapple,04-03-2017,ZZ1 1AA,900123',
      'Ada,Thornapple,04-03-2017,ZZ1 1AA,900124',
    ];
    await scene.app.get(ImportRoll, { strict: false }).run(() => [Buffer.from(lines.join('\n'))], {});
    const notices = await scene.post({
      children: [scene.child(scene.world.riverside, { ...ADA, settings: [], schoolStated: null })],
    });
    expect(notices).toHaveLength(2);
    for (const notice of notices) {
      const [own, other] =
        notice.setting_urn === '900123'
          ? [scene.world.riverside, 'Hillside']
          : [scene.world.hillside, 'Riverside'];
      const text = await read(own.dsl, notice);
      expect(text).toContain('1 other setting was told about this incident.');
      expect(text).not.toContain(other);
    }
  });

  it('a sibling who was handed back: the old school’s count does not show where the child went', async () => {
    const { riverside, hillside, desks } = scene.world;
    const [ada, bea] = await scene.post({
      children: [scene.child(riverside, ADA), scene.child(riverside, BEA)],
    });
    if (!ada || !bea) throw new Error('two notices were expected');
    await scene.app
      .get(RedirectNotice, { strict: false })
      .run(settingActor(riverside.dsl.id, '900123'), riverside.dsl.id, bea.id, 'not-our-pupil');
    await scene.happened();
    const before = await read(riverside.dsl, ada);
    expect(before).toContain('No other setting was told about this incident.');
    const [given] = await scene.app.db.inspect<StoredNotice>(
      `SELECT * FROM notice WHERE from_notice_id = $1`,
      [bea.id],
    );
    if (!given) throw new Error('nothing followed');
    await scene.app
      .get(PlaceNotice, { strict: false })
      .run(authorityActor(desks.triage.officer.id, '999'), desks.triage.officer.id, given.id, '900124');
    await scene.happened();
    const placed = await whole(given.id);
    expect(placed.setting_urn).toBe('900124');
    const again = await (await scene.signIn(riverside.deputy)).visit(`/notices/${ada.id}`);
    expect(again.text).not.toContain('Hillside');
    expect(await read(riverside.head, ada)).toContain('No other setting was told about this incident.');
    const theirs = await read(hillside.dsl, placed);
    expect(theirs).toContain('1 other setting was told about this incident.');
    expect(theirs).not.toContain('Riverside');
  });
});
