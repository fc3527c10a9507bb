import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from './app.js';
import { Factory } from './factories.js';
import { PoliceSystem } from './police.js';
import { Visitor } from './visitor.js';
import { seedWorld, type World } from './world.js';

describe('a small world under test', () => {
  let app: TestApp;
  let world: World;

  beforeAll(async () => {
    app = await startApp();
    world = await seedWorld(app.db, app.clock.now());
  });

  afterAll(() => app.close());

  it('lets a force post and the DSL read who was told', async () => {
    const police = await PoliceSystem.register(app);
    const factory = new Factory(11);
    const child = factory.child({ settings: [{ urn: world.riverside.urn }] });
    const answer = await police.post(factory.notification(app.clock.now(), { children: [child] }));
    expect(answer).toMatchObject({ status: 202, body: { status: 'accepted', version: 1 } });
    await app.drain();
    for (const { email } of [world.riverside.dsl, world.riverside.deputy])
      await app.mail.waitFor({ to: email });
  });

  it('lets a person sign in by the mailed code', async () => {
    const dsl = new Visitor(app);
    const inbox = await dsl.signIn(world.riverside.dsl.email);
    expect(inbox.status).toBe(200);
    expect(inbox.text).toContain(world.riverside.name);
  });
});
