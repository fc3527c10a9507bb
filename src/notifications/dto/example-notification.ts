import type { NotificationDto } from './notification.dto.js';

/** The contract's own example with invented people: for the documentation, the printed curl and the tests. */
export function exampleNotification(): NotificationDto {
  return {
    forceReference: 'DEMO-2026-0048213',
    version: 1,
    category: 'domestic-abuse',
    incident: {
      startedAt: '2026-11-22T21:40:00Z',
      attendedAt: '2026-11-22T22:05:00Z',
      risk: 'high',
      circumstances:
        'Neighbours reported shouting. Officers found the kitchen door off its hinges and broken crockery on the floor. ' +
        'The child was upstairs in the back bedroom and came down when the officers called.',
      policeAction: 'One adult arrested and held overnight. Safety plan agreed with the other.',
    },
    officer: {
      name: 'PC Robin Sample',
      collarNumber: '4821',
      teamEmail: 'safeguarding@demo-police.example',
      teamPhone: '01632 960123',
    },
    adults: [
      {
        role: 'suspect',
        forename: 'Jordan',
        surname: 'Example',
        relationshipToChild: 'father',
        schoolConnection: 'none',
        mayCollect: 'no',
        orders: [
          { kind: 'non-molestation', terms: 'Not to go within 100 metres of the home', until: '2027-01-31' },
        ],
      },
      {
        role: 'victim',
        forename: 'Alex',
        surname: 'Example',
        relationshipToChild: 'mother',
        schoolConnection: 'none',
        mayCollect: 'yes',
        orders: [],
      },
    ],
    children: [
      {
        reference: '1',
        forename: 'Ada',
        surname: 'Example',
        knownAs: [],
        dateOfBirth: '2017-03-04',
        homePostcode: 'ZZ1 1AA',
        homeAuthorityCode: '999',
        upn: null,
        education: 'registered',
        presence: 'present',
        circumstances: null,
        voice: {
          spokenTo: true,
          alone: true,
          words: 'I put my fingers in my ears.',
          demeanour: 'Quiet, holding the dog',
        },
        ethnicity: null,
        language: null,
        interpreter: null,
        communicationNeeds: null,
        settings: [{ urn: '900123' }],
        schoolStated: 'Riverside Primary',
      },
    ],
    restrictions: { doNotDiscloseTo: [], safeAddress: false, activeInvestigation: true },
    referrals: [{ to: 'children-social-care', at: '2026-11-22T23:30:00Z' }],
  };
}
