import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Scene } from './support/scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open('2026-11-22 21:40');
});
afterEach(() => scene.close());

const SUSPECT = {
  role: 'suspect' as const,
  forename: 'Rex',
  surname: 'Examplewise',
  schoolConnection: 'none' as const,
  mayCollect: 'no' as const,
  orders: [{ terms: 'Not within 100 metres of the school' }],
};

/** What a DSL is shown of a notice graded `standard`, in the list and on the notice itself. */
async function shown(profile: string): Promise<{ inbox: string; page: string }> {
  await scene.app.db.inspect(`UPDATE force SET disclosure_profile = $1`, [profile]);
  const notification = scene.notification();
  const { id } = await scene.postOne({
    adults: [SUSPECT],
    incident: { ...notification.incident, risk: 'standard' },
  });
  const dsl = await scene.signIn(scene.world.riverside.dsl);
  const { text: inbox } = await dsl.visit('/inbox');
  await dsl.visit(`/notices/${id}`);
  const { text: page } = await dsl.submit({}, '/open');
  scene.newMails();
  return { inbox, page };
}

describe('what force and authority withhold', () => {
  it('is shown as withheld, never as another word of the police', async () => {
    const { inbox, page } = await shown('minimal');
    for (const text of [inbox, page]) {
      expect(text).toContain('Grade not shown to schools');
      expect(text).not.toMatch(/Not assessed|Standard police grade/);
    }
    expect(page).toContain('Must not collect the child: Rex Examplewise');
    expect(page).toContain('Order, its kind not given: Rex Examplewise');
    expect(page).not.toMatch(/Other adult|Court order|Suspect/);
  });

  it('shows the police’s own grade, role and kind of order where the profile has them', async () => {
    const { inbox, page } = await shown('full');
    for (const text of [inbox, page]) expect(text).toContain('Standard police grade');
    expect(page).toContain('Must not collect the child: Rex Examplewise (suspect)');
    expect(page).toContain('Suspect');
  });
});
