import { afterEach, describe, expect, it } from '@jest/globals';
import { Scene } from './support/scene.js';

const OPERATOR = 'operator@firstbell.example';

let scene: Scene;
afterEach(() => scene.close());

describe('a setting at which nobody can be reached', () => {
  it('is mailed to the operator once a day, not once for ever', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    await scene.app.db.inspect(`UPDATE contact SET archived_at = created_at WHERE setting_urn = '900123'`);
    const alerted = async (): Promise<number> =>
      (await scene.happened()).filter((line) => line.endsWith(OPERATOR)).length;
    await scene.police.post(scene.notification());
    expect(await alerted()).toBe(1);
    await scene.police.post(scene.notification());
    expect(await alerted()).toBe(0);
    await scene.app.db.inspect(`UPDATE alert SET mailed_at = mailed_at - interval '24 hours'`);
    await scene.police.post(scene.notification());
    expect(await alerted()).toBe(1);
  });
});
