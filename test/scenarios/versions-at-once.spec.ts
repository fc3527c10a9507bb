import { afterEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.js';
import { RouteNotice } from '../../src/routing/route-notice.service.js';
import { eventually } from '../support/wait.js';
import { Scene } from './support/scene.js';

let scene: Scene;
afterEach(() => scene.close());

const ROUTING = systemActor('test');

function gate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open: () => open() };
}

describe('a second version that is routed while the first still is', () => {
  it('of a child at two schools takes the place of both notices of the first, also of the one that was not there yet', async () => {
    scene = await Scene.open('2026-11-22 21:40');
    const { riverside, hillside } = scene.world;
    const settings = [{ urn: riverside.urn }, { urn: hillside.urn }];
    const first = scene.notification({ children: [scene.child(riverside, { settings })], version: 1 });
    const { body } = await scene.police.post(first);
    await scene.police.post({ ...first, version: 2 });
    const [one, two] = await scene.noticesOf(body.id);
    expect([one.state, two.state]).toEqual(['received', 'received']);

    const database = scene.app.get(Database, { strict: false });
    const route = scene.app.get(RouteNotice, { strict: false });
    const routed = gate();
    const committing = gate();
    const older = database.transaction(ROUTING, async (tx) => {
      await route.run(tx, one.id);
      routed.open();
      await committing.passed;
    });
    await Promise.race([routed.passed, older]);
    const newer = database.transaction(ROUTING, (tx) => route.run(tx, two.id));
    await eventually(
      async () => {
        const [{ n }] = await scene.app.db.inspect<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return n > 0;
      },
      { within: 10_000, what: 'the newer version to wait for the older one' },
    );
    committing.open();
    await Promise.all([older, newer]);

    await scene.happened();
    const notices = await scene.noticesOf(body.id);
    expect(
      notices.map(({ version, setting_urn: urn, state }) => `${version} ${urn} ${state}`).sort(),
    ).toEqual([
      `1 ${riverside.urn} superseded`,
      `1 ${hillside.urn} superseded`,
      `2 ${riverside.urn} delivered`,
      `2 ${hillside.urn} delivered`,
    ]);
  });
});
