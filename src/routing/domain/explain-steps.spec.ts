import { expect, it } from '@jest/globals';
import { explainSteps } from './explain-steps.js';
import {
  DEFAULT_THRESHOLDS,
  type ChildToRoute,
  type RoutingFacts,
  type SettingFact,
} from './routing.types.js';

const school = (urn: string, status: SettingFact['status'] = 'open'): SettingFact => ({
  ...{ urn, name: `School ${urn}`, kind: 'school', status, routable: true, authorityCode: '999' },
  ...{ laestab: null, town: 'Wexcombe', postcode: null, lowAge: null, highAge: null },
});
const child = (more: Partial<ChildToRoute>): ChildToRoute => ({
  ...{ education: 'registered', nameComplete: true, age: 9, homePostcode: null, homeAuthorityCode: '999' },
  ...{ settings: [], schoolStated: null },
  ...more,
});
const facts = (more: Partial<RoutingFacts> = {}): RoutingFacts => ({
  ...{ settings: [], successors: [], namesakes: [], aliases: [], pupilBase: null, adults: [] },
  ...{ authoritiesServed: ['999'], earlyYearsIncluded: [], authorityOfHomePostcode: null },
  ...{ incidentAuthorityCode: null, forceDefaultAuthorityCode: null, thresholds: DEFAULT_THRESHOLDS },
  ...more,
});

it('follows each link of a chain, through a loop, to its ends', () => {
  const settings = [school('1', 'closed'), school('2', 'closed'), school('3')];
  const successors = [
    { urn: '1', successorUrn: '2' },
    { urn: '2', successorUrn: '1' },
    { urn: '2', successorUrn: '3' },
  ];
  expect(explainSteps(child({ settings: [{ urn: '1' }] }), facts({ settings, successors }))).toEqual([
    'number: URN 1 is School 1 (closed, authority 999)',
    'successor: 1 -> 2 School 2 (closed, authority 999)',
    'successor: 2 -> 1 School 1 (closed, authority 999) (a loop, not followed again)',
    'successor: 2 -> 3 School 3 (open, authority 999)',
    'roll: there is none to ask',
    'name: none stated',
  ]);
});

it('says what the roll answered and which local names there are', () => {
  const pupilBase = {
    ...{ urns: ['3'], ambiguous: true, left: ['4'] },
    suggestions: [{ urn: '4', why: 'under a name that sounds alike' }],
  };
  const known = facts({
    settings: [school('3'), school('4')],
    namesakes: [school('3')],
    pupilBase,
    aliases: [{ core: 'tin', urn: '3' }],
  });
  expect(explainSteps(child({ settings: [{ urn: '9' }], schoolStated: 'Tin School' }), known)).toEqual([
    'number: URN 9 is not in the register',
    'roll: the child is at 3 School 3 (open, authority 999)',
    'roll: more than one pupil has this name and date of birth',
    'roll: the child has left 4 School 4 (open, authority 999)',
    'roll: nearly, for a person only: 4 School 4 (open, authority 999), under a name that sounds alike',
    'name: read as "tin"',
    'alias: an approved local name of 3 School 3 (open, authority 999)',
    'name: compared with 1 settings',
  ]);
});
