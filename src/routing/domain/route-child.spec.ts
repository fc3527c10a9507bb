import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { lookUpsFor } from './look-ups.js';
import { routeChild } from './route-child.js';
import {
  DEFAULT_THRESHOLDS,
  type ChildToRoute,
  type ReasonCode,
  type RoutingDecision,
  type RoutingFacts,
  type SettingFact,
} from './routing.types.js';

const school = (urn: string, name: string, more: Partial<SettingFact> = {}): SettingFact => ({
  urn,
  name,
  kind: 'school',
  status: 'open',
  routable: true,
  authorityCode: '999',
  laestab: `999${urn.slice(2)}`,
  town: 'Wexcombe',
  postcode: 'ZZ1 1AB',
  lowAge: 4,
  highAge: 11,
  ...more,
});

const riverside = school('900123', 'Riverside Primary School');
const marysRc = school('900201', "St Mary's Catholic Primary School");
const marysCe = school('900202', "St Mary's CofE Primary School", { town: 'Thornwick', postcode: 'ZZ2 1AB' });
const marysElsewhere = school('910201', "St Mary's Primary School", {
  authorityCode: '990',
  postcode: 'ZZ7 2AB',
});
const oakJunior = school('900203', 'Oakfield Junior School', { lowAge: 7 });
const oakInfant = school('900204', 'Oakfield Infant School', { highAge: 7 });
const oldSchool = school('900301', 'Elm Bank School', { status: 'closed' });
const newSchool = school('900302', 'Elm Bank Academy', { laestab: oldSchool.laestab });
const nursery = school('930001', 'Little Acorns Day Nursery', { kind: 'early-years', lowAge: 0, highAge: 5 });
const all = [
  riverside,
  marysRc,
  marysCe,
  marysElsewhere,
  oakJunior,
  oakInfant,
  oldSchool,
  newSchool,
  nursery,
];

const aChild = (more: Partial<ChildToRoute> = {}): ChildToRoute => ({
  education: 'registered',
  nameComplete: true,
  age: 9,
  homePostcode: 'ZZ1 1AA',
  homeAuthorityCode: '999',
  settings: [],
  schoolStated: null,
  ...more,
});

const someFacts = (more: Partial<RoutingFacts> = {}): RoutingFacts => ({
  settings: all,
  successors: [{ urn: oldSchool.urn, successorUrn: newSchool.urn }],
  namesakes: all,
  aliases: [],
  pupilBase: null,
  adults: [],
  authoritiesServed: ['999', '990'],
  earlyYearsIncluded: [],
  authorityOfHomePostcode: null,
  incidentAuthorityCode: null,
  forceDefaultAuthorityCode: '990',
  thresholds: DEFAULT_THRESHOLDS,
  ...more,
});

const codes = (decision: RoutingDecision): ReasonCode[] => decision.reasons.map(({ code }) => code);
const brief = (decision: RoutingDecision) =>
  decision.decision === 'setting' ? decision.urns : `${decision.desk}@${decision.authority ?? 'nobody'}`;
const route = (child: Partial<ChildToRoute>, facts: Partial<RoutingFacts> = {}) =>
  routeChild(aChild(child), someFacts(facts));
const base = (...urns: string[]) => ({ urns, ambiguous: false });

type Row = [string, Partial<ChildToRoute>, Partial<RoutingFacts>, string[] | string, ReasonCode[]];

describe('rule 1: a number is stated', () => {
  const shared = [riverside, school('900124', 'Other School', { laestab: riverside.laestab })];
  const split = [
    { urn: '900301', successorUrn: '900302' },
    { urn: '900301', successorUrn: '900123' },
  ];
  // prettier-ignore
  it.each<Row>([
    ['open URN', { settings: [{ urn: '900123' }] }, {}, ['900123'], ['stated-urn']],
    ['proposed to close is still open', { settings: [{ urn: '900123' }] }, { settings: [{ ...riverside, status: 'proposed-to-close' }] }, ['900123'], ['stated-urn']],
    ['URN with words that say something else', { settings: [{ urn: '900123' }], schoolStated: 'Oakfield Junior' }, {}, ['900123'], ['stated-urn', 'number-contradicts-name']],
    ['the same, where the authority wants a person', { settings: [{ urn: '900123' }], schoolStated: 'Oakfield Junior' }, { numberContradictedByName: 'desk' }, 'triage@999', ['number-contradicts-name']],
    ['a person wanted, words that agree', { settings: [{ urn: '900123' }], schoolStated: 'Riverside' }, { numberContradictedByName: 'desk' }, ['900123'], ['stated-urn']],
    ['URN of an infant school, the words and the age of its junior school', { settings: [{ urn: '900204' }], schoolStated: 'Oakfield', age: 10 }, {}, ['900204'], ['stated-urn', 'number-contradicts-name']],
    ['URN of a primary school, words of a secondary one', { settings: [{ urn: '900123' }], schoolStated: 'Riverside Secondary' }, { namesakes: [riverside, school('900607', 'Riverside Comprehensive School', { lowAge: 11, highAge: 16 })] }, ['900123'], ['stated-urn', 'number-contradicts-name']],
    ['LAESTAB with words that say something else', { settings: [{ laestab: '9990123' }], schoolStated: 'Oakfield Junior' }, {}, ['900123'], ['stated-laestab', 'number-contradicts-name']],
    ['unknown URN, a slip away from the one whose words match', { settings: [{ urn: '900129' }], schoolStated: 'Riverside Primary' }, {}, 'triage@999', ['unknown-setting']],
    ['URN with words that say something else, but the roll agrees', { settings: [{ urn: '900123' }], schoolStated: 'Oakfield Junior' }, { pupilBase: base('900123') }, ['900123'], ['stated-urn', 'pupil-base']],
    ['URN with words that mean nothing here', { settings: [{ urn: '900123' }], schoolStated: 'see front sheet' }, {}, ['900123'], ['stated-urn']],
    ['URN of a junior school, words of its infant school', { settings: [{ urn: '900203' }], schoolStated: 'Oakfield Infants' }, {}, ['900203'], ['stated-urn', 'number-contradicts-name']],
    ['URN that the roll says the child has left', { settings: [{ urn: '900123' }] }, { pupilBase: { urns: [], ambiguous: false, left: ['900123'] } }, 'triage@999', ['pupil-base-left']],
    ['special school of no phase and no ages', { settings: [{ urn: '900123' }] }, { settings: [{ ...riverside, lowAge: null, highAge: null }] }, ['900123'], ['stated-urn']],
    ['LAESTAB with a slash', { settings: [{ laestab: '999/0123' }] }, {}, ['900123'], ['stated-laestab']],
    ['LAESTAB of a closed and an open school', { settings: [{ laestab: '9990301' }] }, {}, ['900302'], ['stated-laestab']],
    ['LAESTAB of two open schools', { settings: [{ laestab: '9990123' }] }, { settings: shared }, 'triage@999', ['several-open']],
    ['unknown URN', { settings: [{ urn: '999999' }] }, {}, 'triage@999', ['unknown-setting']],
    ['unknown URN with words that match', { settings: [{ urn: '999999' }], schoolStated: 'Riverside Primary' }, {}, 'triage@999', ['unknown-setting']],
    ['unusable LAESTAB', { settings: [{ laestab: 'x' }] }, {}, 'triage@999', ['unknown-setting']],
    ['closed with one successor', { settings: [{ urn: '900301' }] }, {}, ['900302'], ['successor']],
    ['closed with two open successors', { settings: [{ urn: '900301' }] }, { successors: split }, 'triage@999', ['several-successors']],
    ['closed without successor', { settings: [{ urn: '900301' }] }, { successors: [] }, 'triage@999', ['closed-without-successor']],
    ['not open yet', { settings: [{ urn: '900123' }] }, { settings: [{ ...riverside, status: 'proposed-to-open' }] }, 'triage@999', ['not-open-yet']],
    ['a university', { settings: [{ urn: '900123' }] }, { settings: [{ ...riverside, routable: false }] }, 'triage@999', ['never-routed']],
    ['dual registration: each', { settings: [{ urn: '900123' }, { urn: '900203' }] }, {}, ['900123', '900203'], ['stated-urn', 'stated-urn']],
    ['the same school twice', { settings: [{ urn: '900123' }, { laestab: '9990123' }] }, {}, ['900123'], ['stated-urn', 'stated-laestab']],
    ['one of two unknown', { settings: [{ urn: '900123' }, { urn: '999999' }] }, {}, 'triage@999', ['unknown-setting']],
    ['home-educated all the same', { settings: [{ urn: '900123' }], education: 'home-educated' }, {}, 'triage@999', ['education-contradicts']],
    ['roll agrees', { settings: [{ urn: '900123' }] }, { pupilBase: base('900123') }, ['900123'], ['stated-urn', 'pupil-base']],
    ['roll knows of a second school', { settings: [{ urn: '900123' }] }, { pupilBase: base('900203', '900123') }, ['900123', '900203'], ['stated-urn', 'pupil-base']],
    ['roll knows the child elsewhere', { settings: [{ urn: '900123' }] }, { pupilBase: base('900203') }, 'triage@999', ['pupil-base-contradicts']],
    ['roll does not know the child', { settings: [{ urn: '900123' }] }, { pupilBase: base() }, ['900123'], ['stated-urn']],
    ['roll knows one of two stated', { settings: [{ urn: '900123' }, { urn: '900203' }] }, { pupilBase: base('900123') }, 'triage@999', ['pupil-base-contradicts']],
    ['unknown URN, roll knows', { settings: [{ urn: '999999' }] }, { pupilBase: base('900123') }, ['900123'], ['unknown-setting', 'pupil-base']],
    ['two successors, roll names one', { settings: [{ urn: '900301' }] }, { successors: split, pupilBase: base('900302') }, ['900302'], ['several-successors', 'pupil-base']],
    ['two successors, roll names a third', { settings: [{ urn: '900301' }] }, { successors: split, pupilBase: base('900203') }, 'triage@999', ['pupil-base-contradicts', 'several-successors']],
  ])('%s', (_, child, facts, expected, reasons) => {
    const decision = route(child, facts);
    expect(brief(decision)).toEqual(expected);
    expect(codes(decision)).toEqual(reasons);
  });

  it('follows chains, through loops, past a school that is only proposed', () => {
    const link = (urn: string, successorUrn: string) => ({ urn, successorUrn });
    const closed = (urn: string) => school(urn, `School ${urn}`, { status: 'closed' });
    const settings = [
      closed('900401'),
      closed('900402'),
      closed('900403'),
      riverside,
      { ...oakJunior, status: 'proposed-to-open' as const },
    ];
    const successors = [
      link('900401', '900402'),
      link('900402', '900401'),
      link('900402', '900403'),
      link('900403', '900203'),
      link('900403', '900123'),
    ];
    expect(brief(route({ settings: [{ urn: '900401' }] }, { settings, successors }))).toEqual(['900123']);
    const loop = [link('900401', '900402'), link('900402', '900401')];
    expect(codes(route({ settings: [{ urn: '900401' }] }, { settings, successors: loop }))).toEqual([
      'closed-without-successor',
    ]);
  });

  it('that is contradicted keeps the other in the decision, and the school is not told of it', () => {
    const decision = route({ settings: [{ urn: '900123' }], schoolStated: 'Oakfield Junior' });
    expect(decision.candidates.map(({ urn }) => urn).slice(0, 2)).toEqual(['900123', '900203']);
    expect(decision.why).toContain('belong to different settings');
    expect(decision).toMatchObject({
      score: 1,
      schoolWhy: 'The police named your school by its number.',
    });
  });

  it('is always sent when it is open and no pupil base speaks against it', () => {
    const stated = fc.constantFrom(riverside, marysRc, oakJunior, oakInfant, newSchool);
    const words = fc.constantFrom(null, '', 'none', ...all.map(({ name }) => name), 'Oakfield', 'Riverisde');
    const age = fc.option(fc.integer({ min: 0, max: 18 }));
    fc.assert(
      fc.property(
        stated,
        words,
        age,
        fc.constantFrom(null, base()),
        ({ urn }, schoolStated, years, pupilBase) => {
          const decision = route(
            { settings: [{ urn }], schoolStated, age: years },
            { pupilBase, knownWords: ['oakfield'] },
          );
          expect(brief(decision)).toEqual([urn]);
        },
      ),
    );
  });

  it('ranks what a person must choose from', () => {
    const decision = route({ settings: [{ urn: '900301' }] }, { successors: split });
    expect(decision.candidates.map(({ urn }) => urn)).toEqual(['900123', '900302']);
  });
});

describe('rule 2: the pupil base knows the child', () => {
  // prettier-ignore
  it.each<Row>([
    ['nothing stated', {}, { pupilBase: base('900123') }, ['900123'], ['pupil-base']],
    ['two schools', {}, { pupilBase: base('900123', '900203') }, ['900123', '900203'], ['pupil-base', 'pupil-base']],
    ['a roll of a closed school', {}, { pupilBase: base('900301') }, ['900302'], ['pupil-base', 'successor']],
    ['words that could mean several', { schoolStated: "St Mary's" }, { pupilBase: base('900201') }, ['900201'], ['pupil-base']],
    ['words that certainly mean another', { schoolStated: 'Riverside Primary' }, { pupilBase: base('900201') }, 'triage@999', ['pupil-base-contradicts']],
    ['two pupils of that name and birthday', {}, { pupilBase: { urns: ['900123'], ambiguous: true } }, 'triage@999', ['pupil-base-ambiguous']],
    ['said to be home-educated', { education: 'home-educated' }, { pupilBase: base('900123') }, 'triage@999', ['education-contradicts']],
    ['roll points nowhere', {}, { pupilBase: base('999999') }, 'triage@999', ['unknown-setting']],
  ])('%s', (_, child, facts, expected, reasons) => {
    const decision = route(child, facts);
    expect(brief(decision)).toEqual(expected);
    expect(codes(decision)).toEqual(reasons);
  });
});

describe('rule 3: a school is named in words', () => {
  // prettier-ignore
  it.each<Row>([
    ['exact and alone in the authority', { schoolStated: 'Riverside Primary' }, {}, ['900123'], ['name-match']],
    ['without its kind', { schoolStated: 'riverside' }, {}, ['900123'], ['name-match']],
    ['namesakes of two churches', { schoolStated: "St Mary's" }, {}, 'triage@999', ['name-unclear']],
    ['namesakes, the church named', { schoolStated: 'Saint Marys R.C. Primary' }, {}, ['900201'], ['name-match']],
    ['namesakes, the town named', { schoolStated: "St Mary's in Thornwick" }, {}, ['900202'], ['name-match']],
    ['junior and infant, not said which', { schoolStated: 'Oakfield', age: 7 }, {}, 'triage@999', ['name-unclear']],
    ['junior and infant, said', { schoolStated: 'Oakfield Jnr' }, {}, ['900203'], ['name-match']],
    ['infant school named, of a child of junior age', { schoolStated: 'Oakfield Infants', age: 10 }, {}, 'triage@999', ['name-unclear']],
    ['primary school named, of a child of an age for another of that name', { schoolStated: 'Riverside Primary', age: 15 }, { namesakes: [riverside, school('900604', 'Riverside Academy', { lowAge: 11, highAge: 16 })] }, 'triage@999', ['name-unclear']],
    ['a college named, beside a school of that name that does not say its kind', { schoolStated: 'Oak Hill College', age: 12 }, { namesakes: [school('900605', 'Oak Hill College', { lowAge: 11, highAge: 18 }), school('900606', 'Oak Hill Academy', { lowAge: 11, highAge: 16 })] }, 'triage@999', ['name-unclear']],
    ['junior and infant, told by age', { schoolStated: 'Oakfield', age: 10 }, {}, ['900203'], ['name-match']],
    ['right name, impossible age', { schoolStated: 'Riverside Primary', age: 15 }, {}, 'triage@999', ['name-unclear', 'age-contradicts']],
    ['no home authority and no district', { schoolStated: 'Riverside Primary', homeAuthorityCode: null, homePostcode: null }, {}, 'triage@990', ['name-unclear', 'no-authority']],
    ['no home authority, same district', { schoolStated: 'Riverside Primary', homeAuthorityCode: null }, {}, ['900123'], ['name-match']],
    ['namesake in another authority only', { schoolStated: 'Riverside Primary', homeAuthorityCode: '990', homePostcode: 'ZZ7 1AA' }, {}, 'triage@990', ['name-unclear']],
    ['two letters swapped', { schoolStated: 'Riverisde' }, {}, ['900123'], ['name-match']],
    ['a letter missing', { schoolStated: 'Riversde' }, {}, 'triage@999', ['name-unclear']],
    ['one letter different', { schoolStated: 'Riverhide Primary' }, {}, 'triage@999', ['name-unclear']],
    ['a short form of one, the name of another', { schoolStated: 'Riverside' }, { namesakes: [riverside, school('900602', 'Riverside Meadows Primary')] }, 'triage@999', ['name-unclear']],
    ['the name of one with its kind, a short form of another', { schoolStated: 'Riverside Primary' }, { namesakes: [riverside, school('900602', 'Riverside Meadows Primary')] }, ['900123'], ['name-match']],
    ['a short form only', { schoolStated: 'Little Acorns', age: 9 }, { namesakes: [school('900603', 'Little Acorns and Old Oaks Primary')] }, 'triage@999', ['name-unclear']],
    ['the same name in the authority nearby', { schoolStated: 'Riverside Primary' }, { namesakes: [riverside, school('910602', 'Riverside Primary', { authorityCode: '990', postcode: 'ZZ7 1AA' })] }, 'triage@999', ['name-unclear']],
    ['the same name in an authority far away', { schoolStated: 'Riverside Primary' }, { nearbyAuthorities: [], namesakes: [riverside, school('910602', 'Riverside Primary', { authorityCode: '990', postcode: 'ZZ7 1AA' })] }, ['900123'], ['name-match']],
    ['a name nobody has', { schoolStated: 'Hogshead Manor' }, { namesakes: [] }, 'triage@999', ['name-unknown']],
    ['words any school may have', { schoolStated: 'the primary school' }, { namesakes: [school('900601', 'The Primary School')] }, 'triage@999', ['name-unclear']],
    ['a former name', { schoolStated: 'Elm Bank School' }, { namesakes: [oldSchool] }, ['900302'], ['former-name']],
    ['a former name that two schools follow', { schoolStated: 'Elm Bank School' }, { namesakes: [oldSchool], successors: [{ urn: '900301', successorUrn: '900302' }, { urn: '900301', successorUrn: '900123' }] }, 'triage@999', ['name-unclear']],
    ['a closed school that nothing follows', { schoolStated: 'Elm Bank School' }, { namesakes: [oldSchool], successors: [] }, 'triage@999', ['name-unknown']],
    ['a slip of the pen, words looked up', { schoolStated: 'Riversde' }, { knownWords: [] }, ['900123'], ['name-match']],
    ['a slip that makes another school’s word', { schoolStated: "St Mark's Catholic" }, { knownWords: ['saint', 'marks'] }, 'triage@999', ['name-unclear']],
    ['written around the name', { schoolStated: 'attends Riverside primary in Wexcombe, year 4' }, {}, ['900123'], ['name-match']],
    ['words that mean a school the child has left', { schoolStated: 'Riverside Primary' }, { pupilBase: { urns: [], ambiguous: false, left: ['900123'] } }, 'triage@999', ['pupil-base-left', 'name-match']],
    ['approved local name', { schoolStated: 'The Tin Church school' }, { aliases: [{ core: 'tin', urn: '900123' }] }, ['900123'], ['alias']],
    [
      'a local name that points to two',
      { schoolStated: 'The Tin School' },
      {
        aliases: [
          { core: 'tin', urn: '900123' },
          { core: 'tin', urn: '900203' },
        ],
      },
      'triage@999',
      ['name-unclear'],
    ],
    ['home-educated, yet a school named', { schoolStated: 'Riverside Primary', education: 'home-educated' }, {}, 'triage@999', ['education-contradicts', 'name-match']],
    ['a provider the authority includes', { schoolStated: 'Little Acorns', age: 3 }, { earlyYearsIncluded: ['999'] }, ['930001'], ['name-match']],
    ['a provider it does not include', { schoolStated: 'Little Acorns', age: 3 }, {}, 'early-years@999', ['name-match', 'early-years-not-included']],
  ])('%s', (_, child, facts, expected, reasons) => {
    const decision = route(child, facts);
    expect(brief(decision)).toEqual(expected);
    expect(codes(decision)).toEqual(reasons);
  });

  it('an authority may ask for more certainty, never for a tie', () => {
    const thresholds = { automatic: 0.1, margin: 0, schoolAge: 4 };
    expect(brief(route({ schoolStated: "St Mary's" }, { thresholds }))).toBe('triage@999');
    expect(
      brief(route({ schoolStated: 'Riverside' }, { thresholds: { ...thresholds, automatic: 1.01 } })),
    ).toBe('triage@999');
  });
});

describe('rules 4 and 5: desks', () => {
  // prettier-ignore
  it.each<Row>([
    ['home-educated', { education: 'home-educated' }, {}, 'home-education@999', ['home-educated']],
    ['home-educated, words in place of a school', { education: 'home-educated', schoolStated: 'none' }, { namesakes: [] }, 'home-education@999', ['home-educated', 'name-unknown']],
    ['not in education', { education: 'not-in-education', age: 16 }, {}, 'home-education@999', ['not-in-education']],
    ['early years', { education: 'early-years', age: null }, {}, 'early-years@999', ['early-years']],
    ['two years old', { education: 'unknown', age: 2 }, {}, 'early-years@999', ['early-years']],
    ['two years old, not in education', { education: 'not-in-education', age: 2 }, {}, 'early-years@999', ['early-years']],
    ['nothing known', { education: 'unknown' }, {}, 'triage@999', ['no-school-stated']],
    ['a baby without a name', { nameComplete: false, age: 0 }, {}, 'triage@999', ['incomplete-name']],
    ['no name, but a school', { nameComplete: false, settings: [{ urn: '900123' }] }, {}, 'triage@999', ['incomplete-name']],
  ])('%s', (_, child, facts, expected, reasons) => {
    const decision = route(child, facts);
    expect(brief(decision)).toEqual(expected);
    expect(codes(decision)).toEqual(reasons);
  });

  // prettier-ignore
  it.each([
    ['home authority', '999', null, ['999', '990'], '990', '999', false],
    ['home postcode', null, '999', ['999', '990'], '990', '999', false],
    ['not served: the incident authority', '111', null, ['999', '990'], '990', '999', true],
    ['not served, incident neither: the default', '111', null, ['990'], '990', '990', true],
    ['not served, no default: the operator', '111', null, [], '990', null, true],
    ['none known: the incident authority', null, null, ['999', '990'], null, '999', false],
    ['nothing at all: the operator', null, null, ['990'], null, null, false],
  ])('whose desk: %s', (_, homeAuthorityCode, byPostcode, served, force, authority, outside) => {
    const decision = route(
      { homeAuthorityCode, education: 'unknown' },
      {
        authorityOfHomePostcode: byPostcode,
        incidentAuthorityCode: '999',
        forceDefaultAuthorityCode: force,
        authoritiesServed: served,
      },
    );
    expect(decision).toMatchObject({
      decision: 'desk',
      desk: authority ? 'triage' : 'operator',
      authority,
      outside,
    });
  });

  it('a stated school stands in for an unknown home', () => {
    const decision = route({ homeAuthorityCode: null, settings: [{ urn: '900301' }] }, { successors: [] });
    expect(decision).toMatchObject({ desk: 'triage', authority: '990' });
    const several = [
      { urn: '900301', successorUrn: '900302' },
      { urn: '900301', successorUrn: '900123' },
    ];
    expect(
      route({ homeAuthorityCode: null, settings: [{ urn: '900301' }] }, { successors: several }),
    ).toMatchObject({ authority: '999' });
  });
});

describe('across borders', () => {
  it('a school of another served authority is told', () => {
    expect(brief(route({ settings: [{ urn: '910201' }] }))).toEqual(['910201']);
    expect(brief(route({ settings: [{ urn: '900123' }], homeAuthorityCode: '111' }))).toEqual(['900123']);
  });

  it('a school of an authority not served is handed over by the home authority', () => {
    expect(route({ settings: [{ urn: '910201' }] }, { authoritiesServed: ['999'] })).toMatchObject({
      desk: 'triage',
      authority: '999',
      outside: true,
      outsideAuthority: '990',
    });
  });
});

describe('adults on the staff', () => {
  const adult = (schoolConnection: 'none' | 'staff' | 'governor' | 'unknown', ...matchedUrns: string[]) => ({
    adults: [{ schoolConnection, matchedUrns }],
  });
  // prettier-ignore
  it.each([
    ['staff without a match', adult('staff'), 'triage@999'],
    ['governor without a match', adult('governor', '900203'), 'triage@999'],
    ['staff, a known contact', adult('staff', '900123'), ['900123']],
    ['none', adult('none'), ['900123']],
    ['unknown', adult('unknown'), ['900123']],
  ])('%s', (_, facts, expected) => {
    expect(brief(route({ settings: [{ urn: '900123' }] }, facts))).toEqual(expected);
  });

  it("goes to the desk of the school's own authority", () => {
    expect(brief(route({ settings: [{ urn: '910201' }] }, adult('staff')))).toBe('triage@990');
  });
});

describe('for any child and any facts', () => {
  const urn = fc.constantFrom(...all.map((one) => one.urn), '999999');
  const child = fc.record<ChildToRoute>({
    education: fc.constantFrom('registered', 'home-educated', 'not-in-education', 'early-years', 'unknown'),
    nameComplete: fc.boolean(),
    age: fc.option(fc.integer({ min: 0, max: 17 })),
    homePostcode: fc.constantFrom(null, 'ZZ1 1AA', 'ZZ2 9ZZ', 'nonsense'),
    homeAuthorityCode: fc.constantFrom(null, '999', '990', '111'),
    settings: fc.array(
      fc.oneof(fc.record({ urn }), fc.record({ laestab: fc.constantFrom('9990123', '9990301', '') })),
      { maxLength: 3 },
    ),
    schoolStated: fc.constantFrom(
      null,
      '',
      "St Mary's",
      'Riverside Primary',
      'Oakfield',
      'Elm Bank',
      'secretword',
    ),
  });
  const status = fc.constantFrom('open', 'closed', 'proposed-to-close', 'proposed-to-open') as fc.Arbitrary<
    SettingFact['status']
  >;
  const facts = fc
    .record({
      statuses: fc.array(status, { minLength: all.length, maxLength: all.length }),
      successors: fc.array(fc.record({ urn, successorUrn: urn }), { maxLength: 8 }),
      pupilBase: fc.option(
        fc.record({ urns: fc.uniqueArray(urn, { maxLength: 2 }), ambiguous: fc.boolean() }),
      ),
      authoritiesServed: fc.subarray(['999', '990']),
      earlyYearsIncluded: fc.subarray(['999']),
    })
    .map(({ statuses, ...more }) => {
      const settings = all.map((one, index) => ({ ...one, status: statuses[index] ?? 'open' }));
      return someFacts({ ...more, settings, namesakes: settings });
    });

  it('never a closed, unserved or doubled setting; always an owner; the same answer twice; no police words kept', () => {
    fc.assert(
      fc.property(child, facts, (one, known) => {
        const decision = routeChild(one, known);
        expect(routeChild(structuredClone(one), structuredClone(known))).toEqual(decision);
        expect(decision.reasons.length).toBeGreaterThan(0);
        expect(JSON.stringify(decision)).not.toContain('secretword');
        if (decision.decision === 'desk') {
          expect(['triage', 'home-education', 'early-years', 'operator']).toContain(decision.desk);
          expect(decision.desk === 'operator').toBe(decision.authority === null);
          expect(decision.authority === null || known.authoritiesServed.includes(decision.authority)).toBe(
            true,
          );
          return;
        }
        expect(decision.urns.length).toBeGreaterThan(0);
        expect(new Set(decision.urns).size).toBe(decision.urns.length);
        for (const chosen of decision.urns) {
          const setting = known.settings.find((each) => each.urn === chosen);
          expect(['open', 'proposed-to-close']).toContain(setting?.status);
          expect(known.authoritiesServed).toContain(setting?.authorityCode);
        }
        expect(decision.schoolWhy).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });

  it('two equally good namesakes are never decided without a person', () => {
    fc.assert(
      fc.property(child, fc.constantFrom(...all), (one, twin) => {
        const settings = [
          { ...twin, status: 'open' as const },
          { ...twin, urn: '900999', status: 'open' as const },
        ];
        const named = { ...one, settings: [], schoolStated: twin.name };
        expect(routeChild(named, someFacts({ settings, namesakes: settings })).decision).toBe('desk');
      }),
    );
  });
});

it('says what must be looked up', () => {
  expect(
    lookUpsFor({
      settings: [{ urn: '900123', laestab: '999/0123' }, { laestab: '999/0124' }, { laestab: '?' }],
      schoolStated: "St. Mary's RC",
    }),
  ).toEqual({
    urns: ['900123'],
    laestabs: ['9990124'],
    nameCore: 'saint marys',
  });
});
