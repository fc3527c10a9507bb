import { describe, expect, it } from '@jest/globals';
import { exampleNotification } from '../dto/example-notification.js';
import type { NotificationDto } from '../dto/notification.dto.js';
import { WITHHELD } from './address-text.js';
import { discloseTo } from './disclosure.js';
import type { DisclosureProfile } from './school-view.js';

const PROFILES: DisclosureProfile[] = ['minimal', 'standard', 'full'];
const base = exampleNotification();
const [ada] = base.children;
if (!ada) throw new Error('the example has a child');
const sibling = {
  ...ada,
  reference: '2',
  forename: 'Bartholomew',
  knownAs: ['Barty'],
  schoolStated: 'Hilltop Junior',
  settings: [{ urn: '900777' }],
  circumstances: 'asleep in the car',
  voice: { spokenTo: false, words: 'nothing said' },
};
const family: NotificationDto = { ...base, children: [ada, sibling] };

describe('what a school is shown', () => {
  it('minimal: who, when, present or not, spoken to or not, and what keeps the child safe', () => {
    const view = discloseTo('minimal', base, '1');
    expect(view.child).toMatchObject({ forename: 'Ada', surname: 'Example', dateOfBirth: '2017-03-04', presence: 'present', homePostcode: null, upn: null });
    expect(view.incident).toEqual({ startedAt: base.incident.startedAt, attendedAt: null, risk: null, circumstances: null, policeAction: null });
    expect(view.voice).toEqual({ spokenTo: true, alone: null, words: null, demeanour: null });
    expect([view.officer, view.referrals, view.adults]).toEqual([null, null, null]);
    expect(view.restrictions.activeInvestigation).toBe(true);
    expect(view.bound).toEqual([{ forename: 'Jordan', surname: 'Example', relationshipToChild: 'father', mayCollect: 'no', orders: base.adults?.[0]?.orders }]);
  }); // prettier-ignore

  it('standard: the words, verbatim, the officer and referrals, and no other adults', () => {
    const view = discloseTo('standard', base, '1');
    expect(view.incident).toEqual(base.incident);
    expect(view.voice).toEqual(ada.voice);
    expect(view.officer).toEqual(base.officer);
    expect(view.referrals).toEqual(base.referrals);
    expect(view.child.homePostcode).toBe('ZZ1 1AA');
    expect(view.adults).toBeNull();
    expect(JSON.stringify(view)).not.toContain('Alex');
  });

  it('full: every adult with role and relationship', () => {
    const view = discloseTo('full', base, '1');
    expect(view.adults?.map(({ role, relationshipToChild }) => [role, relationshipToChild])).toEqual([
      ['suspect', 'father'],
      ['victim', 'mother'],
    ]);
  });

  it.each(PROFILES)('%s: never another child, and never where any child is at school', (profile) => {
    const shown = JSON.stringify(discloseTo(profile, family, '1'));
    expect(shown).not.toMatch(/Barty|Bartholomew|asleep|nothing said|Hilltop|900777|900123|Riverside/);
    expect(discloseTo(profile, family, '1').othersTold).toBe(true);
    expect(discloseTo(profile, base, '1').othersTold).toBe(false);
  });

  it('gives no count of the other children', () => {
    const three = { ...family, children: [...family.children, { ...sibling, reference: '3' }] };
    expect(discloseTo('full', three, '1')).toEqual(discloseTo('full', family, '1'));
  });

  it("reads a child's own circumstances in the place of the incident's", () => {
    expect(discloseTo('standard', family, '2').incident.circumstances).toBe('asleep in the car');
    expect(discloseTo('standard', family, '1').incident.circumstances).toBe(base.incident.circumstances);
  });

  it.each(PROFILES)('%s: a safe address appears nowhere', (profile) => {
    const text = 'Moved to 12 Old Mill Lane, ZZ9 9XX, last week';
    const notification: NotificationDto = {
      ...base,
      incident: { ...base.incident, circumstances: text, policeAction: text },
      adults: [
        { forename: 'Jordan', mayCollect: 'no', relationshipToChild: text, orders: [{ terms: text }] },
      ],
      restrictions: { safeAddress: true, doNotDiscloseTo: [text] },
      children: [
        {
          ...ada,
          homePostcode: 'ZZ9 9XX',
          voice: { words: text, demeanour: text },
          communicationNeeds: text,
        },
      ],
    };
    const view = discloseTo(profile, notification, '1');
    expect(JSON.stringify(view)).not.toMatch(/ZZ9|Mill Lane/);
    expect(view.restrictions.doNotDiscloseTo).toEqual([`Moved to ${WITHHELD}, ${WITHHELD}, last week`]);
    expect(notification.incident.circumstances).toBe(text);
  });

  it('calls an incident without a grade not assessed', () => {
    const { risk: _, ...incident } = base.incident;
    expect(discloseTo('standard', { ...base, incident }, '1').incident.risk).toBe('not-assessed');
  });

  it('knows only the children of the notification, and names nobody when it does not', () => {
    expect(() => discloseTo('full', base, 'Ada-9')).toThrow(RangeError);
    expect(() => discloseTo('full', base, 'Ada-9')).not.toThrow(/Ada/);
  });

  it('makes do with the least that a force may send', () => {
    const least: NotificationDto = {
      forceReference: 'R',
      category: 'domestic-abuse',
      incident: { startedAt: '2026-11-22T21:40:00Z' },
      children: [{ reference: '1', presence: 'unknown', ageEstimate: 6 }],
    };
    const view = discloseTo('full', least, '1');
    expect(view.child.ageEstimate).toBe(6);
    expect([view.adults, view.bound, view.referrals, view.officer]).toEqual([[], [], [], null]);
  });
});
