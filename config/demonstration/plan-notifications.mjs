// The notifications that `npm run demo` posts on a Sunday night, in the contract of POST /v1/notifications.
export function planNotifications({ urnOf, contactOf }) {
  const sister = contactOf('Two Rivers', 'deputy').name;
  const [sisterForename, ...sisterSurname] = sister.split(' ');
  const voice = {
    spokenTo: true,
    alone: true,
    words: '"I took my brother under the table."',
    demeanour: 'Quiet, holding a toy.',
  };
  const officer = (number) => ({
    name: `PC ${['Ottilie Wrenfield', 'Barnaby Sloecombe', 'Imogen Tarnhow'][number % 3]}`,
    collarNumber: `N${4100 + number}`,
    teamEmail: 'encompass@northshire-police.example',
    teamPhone: '01632 960900',
  });
  const suspect = (surname, more = {}) => ({
    role: 'suspect',
    forename: 'Gareth',
    surname,
    relationshipToChild: 'father',
    schoolConnection: 'none',
    mayCollect: 'unknown',
    ...more,
  });
  const victim = (surname) => ({
    role: 'victim',
    forename: 'Marian',
    surname,
    relationshipToChild: 'mother',
    schoolConnection: 'none',
    mayCollect: 'yes',
  });
  const child = (reference, forename, surname, dateOfBirth, more) => ({
    reference,
    forename,
    surname,
    dateOfBirth,
    homePostcode: 'ZZ1 1AA',
    homeAuthorityCode: '999',
    education: 'registered',
    presence: 'present',
    ...more,
  });
  const at = (name, stated) => ({ settings: [{ urn: urnOf(name) }], schoolStated: stated });
  const notification = (number, risk, circumstances, more) => ({
    forceReference: `DEMO-2026-00482${String(10 + number)}`,
    version: 1,
    category: 'domestic-abuse',
    incident: {
      startedAt: `2026-11-22T${String(19 + (number % 3))}:${String(10 + number * 3)}:00Z`,
      attendedAt: `2026-11-22T${String(20 + (number % 3))}:${String(5 + number * 3).padStart(2, '0')}:00Z`,
      risk,
      circumstances,
      policeAction: 'Words of advice given; safeguarding referral made.',
    },
    officer: officer(number),
    ...more,
    referrals: [{ to: 'children-social-care', at: '2026-11-22T22:45:00Z' }],
  });

  return {
    '1-acknowledged-at-once': notification(
      1,
      'high',
      'Neighbours reported shouting and breaking glass. The child was on the stairs throughout.',
      {
        adults: [
          suspect('Thornapple', {
            mayCollect: 'no',
            orders: [
              {
                kind: 'non-molestation',
                terms: 'Not to attend the school or speak to the child.',
                until: '2027-01-31',
              },
            ],
          }),
          victim('Thornapple'),
        ],
        children: [
          child('1', 'Ada', 'Thornapple', '2017-03-04', { ...at('Riverside', 'Riverside Primary'), voice }),
        ],
        restrictions: {
          doNotDiscloseTo: ['Gareth Thornapple'],
          safeAddress: true,
          activeInvestigation: true,
        },
      },
    ),
    '2-reaches-the-deputy': notification(
      2,
      'standard',
      'Verbal argument about money. The child was upstairs and heard it.',
      {
        adults: [suspect('Mossgrove'), victim('Mossgrove')],
        children: [child('1', 'Bryony', 'Mossgrove', '2018-06-12', at('Hollow Lane', 'Hollow Lane'))],
      },
    ),
    '3-reaches-the-head': notification(
      3,
      'not-assessed',
      'Door damaged. The child opened it to the officers and asked them to be quiet for the baby.',
      {
        adults: [suspect('Fernhollow'), victim('Fernhollow')],
        children: [
          child('1', 'Caspian', 'Fernhollow', '2016-01-29', {
            ...at('Fox Hollow', 'Fox Hollow Primary'),
            voice,
          }),
        ],
      },
    ),
    '4-reaches-the-duty-desk': notification(4, 'high', 'Victim taken to hospital. The child called 999.', {
      adults: [suspect('Larkmead'), victim('Larkmead')],
      children: [child('1', 'Delyth', 'Larkmead', '2010-09-17', at('Ember Valley', 'Ember Valley'))],
      restrictions: { doNotDiscloseTo: [], safeAddress: false, activeInvestigation: true },
    }),
    '5-to-triage': notification(5, 'medium', 'Pushing in the hallway. The child was in bed.', {
      adults: [suspect('Quarrendon'), victim('Quarrendon')],
      children: [
        child('1', 'Emrys', 'Quarrendon', '2018-11-02', { settings: [], schoolStated: "St Mary's" }),
      ],
    }),
    '6-siblings-at-two-schools': notification(
      6,
      'medium',
      'Argument in the car; both children were in the back.',
      {
        adults: [suspect('Wildgoose'), victim('Wildgoose')],
        children: [
          child('1', 'Florian', 'Wildgoose', '2018-02-20', at('Oakfield Junior', 'Oakfield Juniors')),
          child('2', 'Greta', 'Wildgoose', '2012-05-08', at('Harbourmouth', 'Harbourmouth')),
        ],
      },
    ),
    '7-the-deputy-is-a-relative': notification(
      7,
      'standard',
      'The suspect left before police came and is thought to be with family.',
      {
        adults: [
          suspect(sisterSurname.join(' '), { forename: 'Alaric' }),
          victim('Nightjar'),
          {
            role: 'other',
            forename: sisterForename,
            surname: sisterSurname.join(' '),
            relationshipToChild: 'aunt',
            schoolConnection: 'staff',
            mayCollect: 'unknown',
          },
        ],
        children: [child('1', 'Hester', 'Nightjar', '2017-08-30', at('Two Rivers', 'Two Rivers Primary'))],
      },
    ),
    '8-placed-by-name': notification(8, 'not-assessed', 'Silent 999 call. The child answered the door.', {
      adults: [suspect('Pettigrove'), victim('Pettigrove')],
      children: [
        child('1', 'Isolde', 'Pettigrove', '2019-04-14', {
          settings: [],
          schoolStated: 'Copper Beech Prim. Sch.',
        }),
      ],
    }),
  };
}
