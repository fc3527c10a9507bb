import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { systemActor } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.js';
import { ImportSettings } from '../../src/directory/import-settings.service.js';
import type { NotificationDto } from '../../src/notifications/dto/notification.dto.js';
import { routeChild } from '../../src/routing/domain/route-child.js';
import { childToRoute } from '../../src/routing/domain/child-to-route.js';
import { RoutingFactsRepository } from '../../src/routing/routing-facts.repository.js';
import { startApp, type TestApp } from '../support/app.js';
import { Factory } from '../support/factories.js';
import { gias, type GiasRow } from './directory-fixture.js';

let app: TestApp;
const HOME = '880';

/** Hundreds of schools of the same name in the country; one of them, with the highest URN, near the child. */
const country: GiasRow[] = Array.from({ length: 500 }, (_, index) => ({
  urn: 940_000 + index,
  la: String(801 + (index % 60)),
  laName: `Area ${801 + (index % 60)}`,
  name: index % 2 ? 'St Mary’s Catholic Primary School' : "St. Mary's R.C. Primary School",
}));

beforeAll(async () => {
  app = await startApp({ jobs: { autoStart: false } });
  const near: GiasRow[] = [
    { urn: 949_998, la: HOME, laName: 'Homeshire', name: 'St Marys Catholic Primary School' },
    {
      urn: 949_999,
      la: HOME,
      laName: 'Homeshire',
      name: 'St Marys Catholic Primary School, Old Site',
      status: '2',
    },
  ];
  await app.get(ImportSettings, { strict: false }).fromGias(gias(...country, ...near));
});
afterAll(() => app.close());

async function factsFor(homeAuthorityCode: string | null) {
  const factory = new Factory(3);
  const child = factory.child({
    homeAuthorityCode,
    settings: [],
    schoolStated: 'st marys rc primary',
    forename: 'Ada',
    surname: 'Example',
  });
  const notification = factory.notification(app.clock.now(), { children: [child] }) as NotificationDto;
  const [dto] = notification.children;
  if (!dto) throw new Error('no child');
  const facts = await app
    .get(Database, { strict: false })
    .transaction(systemActor('test'), (tx) =>
      app.get(RoutingFactsRepository, { strict: false }).factsFor(tx, notification, dto, 'none'),
    );
  return { facts, dto };
}

describe('namesakes', () => {
  it('of the home authority are never cut off by a country full of others', async () => {
    const { facts, dto } = await factsFor(HOME);
    expect(facts.namesakes[0]?.urn).toBe('949998');
    expect(facts.namesakes.length).toBeLessThanOrEqual(300);
    // The closed one is there for its name's sake, behind the open one; nothing follows it, so it never sends.
    expect(facts.namesakes[1]).toMatchObject({ urn: '949999', status: 'closed' });
    const decision = routeChild(childToRoute(dto, app.clock.now()), facts);
    expect(decision.candidates[0]?.urn).toBe('949998');
  });

  it('without a known home are still found, and a person chooses', async () => {
    const { facts, dto } = await factsFor(null);
    expect(facts.namesakes.length).toBe(300);
    expect(routeChild(childToRoute(dto, app.clock.now()), facts).decision).toBe('desk');
  });
});

describe('a register as large as the country', () => {
  it('is read, stored and stored again in one pass each', async () => {
    const rows = 5_000;
    let bytes = 0;
    const large = gias(
      ...Array.from({ length: rows }, (_, index) => ({
        urn: 950_000 + index,
        la: HOME,
        name: `School ${index}`,
      })),
    );
    const chunked = () =>
      Readable.from(
        (async function* () {
          for await (const chunk of large()) {
            const whole = Buffer.from(chunk);
            for (let from = 0; from < whole.length; from += 65_536) {
              bytes += 65_536;
              yield whole.subarray(from, from + 65_536);
            }
          }
        })(),
      );
    const service = app.get(ImportSettings, { strict: false });
    const told: number[] = [];
    expect(await service.fromGias(chunked, { progress: (lines) => told.push(lines) })).toMatchObject({
      added: rows,
    });
    expect(told.slice(0, 3)).toEqual([1_000, 2_000, 3_000]);
    expect(bytes).toBeGreaterThan(65_536);
    expect(await service.fromGias(large)).toMatchObject({ read: rows, added: 0, opened: [], renamed: [] });
  });
});
