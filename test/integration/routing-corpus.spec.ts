import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemActor } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.js';
import type { NotificationDto } from '../../src/notifications/dto/notification.dto.js';
import { childToRoute } from '../../src/routing/domain/child-to-route.js';
import { routeChild } from '../../src/routing/domain/route-child.js';
import { RoutingFactsRepository } from '../../src/routing/routing-facts.repository.js';
import { normaliseSettingName } from '../../src/directory/domain/setting-name.js';
import { startApp, type TestApp } from '../support/app.js';
import { Factory } from '../support/factories.js';
import { inventCases } from '../bench/corpus/cases.js';
import { MemoryFacts } from '../bench/corpus/memory-facts.js';
import { AUTHORITIES, inventCountry } from '../bench/corpus/register.js';

const country = inventCountry(2);
const cases = inventCases(country, 2, 60);
let app: TestApp;

beforeAll(async () => {
  app = await startApp({ jobs: { autoStart: false } });
  const at = app.clock.now();
  for (const code of AUTHORITIES)
    await app.db.inspect(`INSERT INTO authority (code, name, created_at) VALUES ($1, $1, $2)`, [code, at]);
  const rows = country.register.map((one) => ({ ...one, normalised: normaliseSettingName(one.name).core }));
  await app.db.inspect(
    `INSERT INTO setting (urn, authority_code, laestab, name, normalised_name, kind, status, town, postcode, low_age, high_age,
       easting, northing, imported_at)
     SELECT urn, "authorityCode", laestab, name, normalised, 'school', status, town, postcode, "lowAge", "highAge", easting, northing, $2
     FROM jsonb_to_recordset($1::jsonb) AS row(urn text, "authorityCode" text, laestab text, name text, normalised text, status text,
       town text, postcode text, "lowAge" int, "highAge" int, easting int, northing int)`,
    [JSON.stringify(rows), at],
  );
  await app.db.inspect(
    `INSERT INTO setting_link (urn, link_urn, type, kind)
     SELECT urn, "successorUrn", 'Successor', 'successor' FROM jsonb_to_recordset($1::jsonb) AS row(urn text, "successorUrn" text)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(country.links)],
  );
  await app.db.inspect(`ANALYZE setting`);
}, 60_000);
afterAll(() => app.close());

it('the corpus’s look-ups in memory decide as those of the database do', async () => {
  const memory = new MemoryFacts(country, cases);
  const factory = new Factory(5);
  const facts = app.get(RoutingFactsRepository, { strict: false });
  const differing: string[] = [];
  for (const { stated, child } of cases) {
    const json = factory.child({ ...child, homeAuthorityCode: stated.homeAuthorityCode, homePostcode: stated.homePostcode,
      education: stated.education, schoolStated: stated.schoolStated, settings: stated.settings as { urn: string }[] }); // prettier-ignore
    const notification = factory.notification(app.clock.now(), { children: [json] }) as NotificationDto;
    const [dto] = notification.children;
    if (!dto) throw new Error('no child');
    const known = await app
      .get(Database, { strict: false })
      .transaction(systemActor('test'), (tx) => facts.factsFor(tx, notification, dto, 'none'));
    const here = { ...childToRoute(dto, app.clock.now()), age: stated.age };
    const asked = routeChild(here, { ...known, forceDefaultAuthorityCode: AUTHORITIES[0] ?? null });
    const remembered = routeChild(here, memory.factsFor({ stated }));
    const brief = (one: typeof asked): string => (one.decision === 'setting' ? one.urns.join() : one.desk);
    if (brief(asked) !== brief(remembered))
      differing.push(`${stated.schoolStated}: ${brief(asked)} / ${brief(remembered)}`);
  }
  expect(differing).toEqual([]);
}, 60_000);
