import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { Database, type Tx } from '../../src/database/database.js';
import { normaliseSettingName } from '../../src/directory/domain/setting-name.js';
import type { NotificationDto } from '../../src/notifications/dto/notification.dto.js';
import { childToRoute } from '../../src/routing/domain/child-to-route.js';
import { routeChild } from '../../src/routing/domain/route-child.js';
import { RoutingFactsRepository } from '../../src/routing/routing-facts.repository.js';
import { startApp, type TestApp } from '../support/app.js';
import { Factory } from '../support/factories.js';
import { COMMON, PLACES, SAINTS } from '../bench/corpus/words.js';

const COUNT = 50_000;
/** What one child may cost, however large the register is. */
const MOST_STATEMENTS = 12;
const KINDS = [
  'Primary School',
  'C of E Primary School',
  'Catholic Primary School',
  'Infant School',
  'High School',
  'Academy',
];
const NAMES = [...SAINTS.map(([saint]) => saint), ...COMMON, ...PLACES];

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ jobs: { autoStart: false } });
  const at = app.clock.now();
  await app.db.inspect(
    `INSERT INTO authority (code, name, created_at) SELECT (200 + n)::text, 'Area ' || n, $1 FROM generate_series(0, 152) n`,
    [at],
  );
  const rows = Array.from({ length: COUNT }, (_, n) => {
    const name = `${NAMES[(n * 7) % NAMES.length]} ${KINDS[n % KINDS.length]}`;
    const area = n % 153;
    return {
      ...{
        urn: String(100_000 + n),
        authority: String(200 + area),
        name,
        core: normaliseSettingName(name).core,
      },
      ...{
        status: n % 2 === 0 ? 'open' : 'closed',
        town: `Town ${n % 1200}`,
        postcode: `ZZ${area % 99} ${n % 9}AA`,
      },
      ...{
        easting: 400_000 + (area % 13) * 12_000 + (n % 11) * 1_000,
        northing: 300_000 + (area % 12) * 12_000 + (n % 7) * 1_000,
      },
    };
  });
  await app.db.inspect(
    `INSERT INTO setting (urn, authority_code, name, normalised_name, kind, status, town, postcode, low_age, high_age, easting, northing, imported_at)
     SELECT urn, authority, name, core, 'school', status, town, postcode, 4, 11, easting, northing, $2
     FROM jsonb_to_recordset($1::jsonb) AS row(urn text, authority text, name text, core text, status text, town text, postcode text, easting int, northing int)`,
    [JSON.stringify(rows), at],
  );
  await app.db.inspect(`ANALYZE setting`);
}, 120_000);
afterAll(() => app.close());

it('a child is routed in a fixed number of statements at a register of 50,000', async () => {
  const factory = new Factory(5);
  const facts = app.get(RoutingFactsRepository, { strict: false });
  const times: number[] = [];
  const counts: number[] = [];
  for (let n = 0; n < 60; n += 1) {
    const stated =
      [`St Mary's`, 'Oakfeild primary', NAMES[(n * 31) % NAMES.length], 'Riverside Infants'][n % 4] ?? null;
    const json = factory.child({
      ...{
        forename: 'Ada',
        surname: 'Example',
        dateOfBirth: '2017-03-04',
        homeAuthorityCode: String(200 + n),
      },
      ...{
        homePostcode: `ZZ${n % 99} 1AA`,
        schoolStated: stated,
        settings: n % 10 === 0 ? [{ urn: String(100_001 + 2 * n) }] : [],
      },
    });
    const notification = factory.notification(app.clock.now(), { children: [json] }) as NotificationDto;
    const [dto] = notification.children;
    if (!dto) throw new Error('no child');
    await app.get(Database, { strict: false }).transaction(systemActor('test'), async (tx) => {
      let statements = 0;
      const counting = new Proxy(tx, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== 'function') return value;
          return (...given: unknown[]): unknown => {
            if (name === 'query' || name === 'execute') statements += 1;
            return Reflect.apply(value, target, given);
          };
        },
      }) satisfies Tx;
      const began = performance.now();
      const decision = routeChild(
        childToRoute(dto, app.clock.now()),
        await facts.factsFor(counting, notification, dto, 'none'),
      );
      times.push(performance.now() - began);
      counts.push(statements);
      expect(decision.reasons.length).toBeGreaterThan(0);
    });
  }
  expect(Math.max(...counts)).toBeLessThanOrEqual(MOST_STATEMENTS);
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  process.stdout.write(
    `routing at ${COUNT} settings: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, at most ${Math.max(...counts)} statements\n`,
  );
}, 60_000);
