import { describe, expect, it } from '@jest/globals';
import { compileRules, type CompiledRules } from '../dto/compile-rules.js';
import { NotificationDto } from '../dto/notification.dto.js';
import { allProblems } from '../domain/problem.js';
import { docsPage, problemsPage } from './docs-pages.js';
import { openApiDocument } from './openapi.js';
import { NOTIFICATION_SCHEMAS } from './schemas.js';

const SERVER = 'https://firstbell.example.org';

/** Member names by path, from the schema and from the rules. */
function membersOfSchema(name: string, path = ''): string[] {
  const { properties = {} } = NOTIFICATION_SCHEMAS[name] as { properties?: Record<string, unknown> };
  return Object.entries(properties).flatMap(([member, schema]) => {
    const nested = /#\/components\/schemas\/(\w+)/.exec(JSON.stringify(schema))?.[1];
    return [`${path}/${member}`, ...(nested ? membersOfSchema(nested, `${path}/${member}`) : [])];
  });
}
function membersOfRules({ members }: CompiledRules, path = ''): string[] {
  return [...members.values()].flatMap(({ name, nested }) => [
    `${path}/${name}`,
    ...(nested ? membersOfRules(nested, `${path}/${name}`) : []),
  ]);
}

describe('the description of the police API', () => {
  it('names exactly the members that the rules know', () => {
    const rules = membersOfRules(compileRules(NotificationDto));
    expect(membersOfSchema('Notification').sort()).toEqual(rules.sort());
  });

  it('points only at schemas that it has', () => {
    const document = openApiDocument(SERVER) as { components: { schemas: Record<string, unknown> } };
    const text = JSON.stringify(document);
    const wanted = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
    expect([...wanted].filter((name) => !(String(name) in document.components.schemas))).toEqual([]);
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: SERVER }] });
  });

  it('explains every problem under its code', () => {
    for (const { code } of allProblems()) expect(problemsPage()).toContain(`id="${code}"`);
    expect(docsPage(SERVER)).toContain(`${SERVER}/oauth/token`);
  });
});
