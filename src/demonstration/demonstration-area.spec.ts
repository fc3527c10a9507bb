import { beforeAll, describe, expect, it } from '@jest/globals';
import { validateNotification } from '../notifications/dto/validate-notification.js';
import { DEFAULT_THRESHOLDS, type ChildToRoute, type RoutingFacts } from '../routing/domain/routing.types.js';
import { routeChild } from '../routing/domain/route-child.js';
import { isOpen } from '../directory/domain/setting.js';
import { readDemonstrationArea, type DemonstrationArea } from '../../test/support/demonstration-area.js';
import { readDemonstrationNotifications } from './demonstration-files.js';

let area: DemonstrationArea;
beforeAll(async () => {
  area = await readDemonstrationArea();
});

const named = (name: string) => {
  const setting = area.settings.find((one) => one.name.startsWith(name));
  if (!setting) throw new Error(name);
  return setting;
};
const rolesAt = (urn: string) =>
  area.contacts.flatMap(({ place }) => (place.kind === 'setting' && place.urn === urn ? [place.role] : []));

describe('the demonstration area', () => {
  it('has about 150 settings of every kind in three authorities', () => {
    expect(area.settings.length).toBeGreaterThanOrEqual(145);
    expect([...new Set(area.settings.map((one) => one.authorityCode))].sort()).toEqual(['990', '991', '999']);
    const types = new Set(area.settings.map((one) => one.typeCode));
    for (const type of ['1', '2', '3', '7', '11', '14', '15', '18', '30', '34', '45', 'EY'])
      expect(types).toContain(type);
    expect(new Set(area.settings.map((one) => one.status)).size).toBe(4);
    expect(
      area.settings
        .filter((one) => !one.routable)
        .map((one) => one.typeCode)
        .sort(),
    ).toEqual(['29', '37']);
    expect(named('Ysgol Gynradd Bryn Môr').nation).toBe('wales');
    expect(named('Chloë Danvers').name).toContain('Chloë');
  });

  it('begins with Riverside Primary of the documentation, with a DSL, a deputy and a head', () => {
    expect(area.settings[0]).toMatchObject({
      urn: '900123',
      name: 'Riverside Primary School',
      authorityCode: '999',
      status: 'open',
    });
    expect(rolesAt('900123')).toEqual(['dsl', 'deputy', 'head']);
    expect(area.contacts.find(({ email }) => email === 'dsl@riverside-primary.example')).toMatchObject({
      verified: true,
      sharedMailbox: false,
    });
  });

  it('is plainly invented', () => {
    for (const one of area.settings) {
      expect(Number(one.urn)).toBeGreaterThanOrEqual(900000);
      expect(one.postcode).toMatch(/^ZZ/);
      expect(one.telephone).toMatch(/^01632 960\d{3}$/);
    }
    for (const { email, mobile } of area.contacts) {
      expect(email).toMatch(/\.example$/);
      if (mobile) expect(mobile).toMatch(/^\+447700900\d{3}$/);
    }
    expect(new Set(area.settings.map((one) => one.urn)).size).toBe(area.settings.length);
  });

  it('staffs every desk, and leaves some settings without anybody', () => {
    for (const desk of area.desks) {
      const roles = area.contacts.flatMap(({ place }) =>
        place.kind === 'desk' && place.authorityCode === desk.authorityCode && place.desk === desk.desk
          ? [place.role]
          : [],
      );
      expect(roles).toEqual(expect.arrayContaining(['officer', 'manager', 'out-of-hours']));
    }
    expect(area.desks).toHaveLength(13);
    const nobody = area.settings.filter(
      (one) => one.kind === 'school' && isOpen(one.status) && one.routable && rolesAt(one.urn).length === 0,
    );
    expect(nobody.map((one) => one.name.split(' ')[0]).sort()).toEqual(['Compass', 'Ivy', 'Ysgol']);
  });

  it('refers only to what exists', () => {
    const urns = new Set(area.settings.map((one) => one.urn));
    const authorities = new Set(area.settings.map((one) => one.authorityCode));
    for (const { place } of area.contacts) if (place.kind === 'setting') expect(urns).toContain(place.urn);
    for (const { urn, linkedUrn } of area.links)
      expect([urns.has(urn), urns.has(linkedUrn)]).toEqual([true, true]);
    for (const { urn } of area.schoolHours) expect(urns).toContain(urn);
    for (const { layer, key } of area.calendar) {
      if (layer === 'setting') expect(urns).toContain(key);
      if (layer === 'authority') expect(authorities).toContain(key);
      if (layer === 'trust') expect(area.settings.map((one) => one.trustCode)).toContain(key);
    }
    for (const force of area.forces) {
      if (force.defaultAuthorityCode) expect(authorities).toContain(force.defaultAuthorityCode);
    }
    expect(area.forces.length).toBeGreaterThanOrEqual(2);
    expect(area.people.map(({ role }) => role)).toContain('administrator');
  });

  it('is in school on Monday 23 November 2026 and on holiday in the last week of October', () => {
    const closedOn = (day: string) =>
      area.calendar
        .filter(
          (one) => one.state === 'closed' && one.from <= day && day <= one.to && one.layer === 'authority',
        )
        .map(({ key }) => key)
        .sort();
    expect(closedOn('2026-11-23')).toEqual([]);
    for (const day of ['2026-10-26', '2026-10-30', '2026-12-21', '2027-01-01'])
      expect(closedOn(day)).toEqual(['990', '991', '999']);
  });
});

describe('the notifications of the demonstration', () => {
  interface Body {
    adults: { forename: string; surname: string; schoolConnection: 'none' | 'staff' }[];
    children: {
      dateOfBirth: string;
      homePostcode: string;
      homeAuthorityCode: string;
      education: 'registered';
      settings: { urn: string }[];
      schoolStated: string;
    }[];
  }

  it('are valid and go where their names say', async () => {
    const facts: RoutingFacts = {
      settings: area.settings,
      successors: [],
      namesakes: area.settings,
      aliases: [],
      pupilBase: null,
      adults: [],
      authoritiesServed: ['999', '990', '991'],
      earlyYearsIncluded: [],
      authorityOfHomePostcode: null,
      incidentAuthorityCode: null,
      forceDefaultAuthorityCode: '999',
      thresholds: DEFAULT_THRESHOLDS,
    };
    const went: Record<string, string[]> = {};
    for (const { name, body } of await readDemonstrationNotifications()) {
      expect(validateNotification(body, new Date('2026-11-22T23:10:00Z'))).toMatchObject({ ok: true });
      const { children, adults } = body as Body;
      const connected = adults.map((adult) => ({
        schoolConnection: adult.schoolConnection,
        matchedUrns: area.contacts.flatMap(({ name: contact, place }) =>
          place.kind === 'setting' && contact === `${adult.forename} ${adult.surname}` ? [place.urn] : [],
        ),
      }));
      went[name] = children.map((one) => {
        const age = 2026 - Number(one.dateOfBirth.slice(0, 4)) - (one.dateOfBirth.slice(5) > '11-22' ? 1 : 0);
        const child: ChildToRoute = { ...one, age, nameComplete: true };
        const decision = routeChild(child, { ...facts, adults: connected });
        if (decision.decision === 'desk')
          return `${decision.desk}@${decision.authority}: ${decision.candidates.length > 1}`;
        return area.settings.find(({ urn }) => urn === decision.urns[0])?.name ?? '';
      });
    }
    expect(went).toEqual({
      '1-acknowledged-at-once': ['Riverside Primary School'],
      '2-reaches-the-deputy': ['Hollow Lane Primary School'],
      '3-reaches-the-head': ['Fox Hollow Community Primary School'],
      '4-reaches-the-duty-desk': ['Ember Valley School'],
      '5-to-triage': ['triage@999: true'],
      '6-siblings-at-two-schools': ['Oakfield Junior School', 'Harbourmouth Academy'],
      '7-the-deputy-is-a-relative': [expect.stringContaining('Two Rivers')],
      '8-placed-by-name': ['Copper Beech Primary School'],
    });
  });
});
