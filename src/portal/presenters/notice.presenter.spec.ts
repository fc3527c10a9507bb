import { describe, expect, it } from '@jest/globals';
import { CONTENT, NARRATIVE, NOTICE, NOW, at } from './fixtures/content.fixture.js';
import { READING } from './fixtures/pages.fixture.js';
import { describeChanges, noticeFacts, policeTexts, presentVoice } from './notice-facts.js';
import { othersToldWords, presentCover, presentNotice, stepOf } from './notice.presenter.js';

describe('the notice page', () => {
  it('never rewrites the police’s words', () => {
    expect(policeTexts(CONTENT)[0]?.text).toBe(NARRATIVE);
  });

  it('shows a child’s own circumstances instead of the incident’s', () => {
    const own = { ...CONTENT, child: { ...CONTENT.child, circumstances: 'Only about Ada.' } };
    expect(policeTexts(own)[0]?.text).toBe('Only about Ada.');
    expect(JSON.stringify(presentNotice({ ...READING, content: own, previous: null }))).not.toContain(
      'neighbour',
    );
  });

  it('hides the address everywhere when it is a safe address, also in what changed', () => {
    const before = { ...CONTENT, child: { ...CONTENT.child, homePostcode: 'ZZ9 9ZZ' } };
    const view = JSON.stringify(presentNotice({ ...READING, previous: before }));
    expect(view).not.toMatch(/ZZ1 1AA|ZZ9 9ZZ/);
    const open = { ...CONTENT, restrictions: { ...CONTENT.restrictions, safeAddress: false } };
    expect(noticeFacts(open)).toContainEqual({ label: 'Home postcode', value: 'ZZ1 1AA' });
  });

  it('does not show an address that became safe as what stood there before', () => {
    const before = { ...CONTENT, restrictions: { ...CONTENT.restrictions, safeAddress: false } };
    expect(JSON.stringify(presentNotice({ ...READING, previous: before }))).not.toContain('ZZ1 1AA');
  });

  it('lists what changed and nothing else', () => {
    const before = { ...CONTENT, incident: { ...CONTENT.incident, risk: 'medium' as const } };
    expect(describeChanges(before, CONTENT)).toEqual([
      { label: 'Police grade of risk to the adult', before: 'Medium', after: 'High' },
    ]);
    expect(describeChanges(CONTENT, CONTENT)).toEqual([]);
  });

  it('shows every restriction that was added or lifted', () => {
    const lifted = { ...CONTENT, restrictions: { ...CONTENT.restrictions, activeInvestigation: false } };
    expect(describeChanges(CONTENT, lifted).map(({ label }) => label)).toEqual([
      'The police are investigating',
    ]);
    expect(describeChanges(lifted, CONTENT).map(({ label }) => label)).toEqual([
      'The police are investigating',
    ]);
  });

  it('tells apart not asked, not recorded and not spoken to', () => {
    expect(presentVoice(null).spokenTo).toContain('did not record');
    const silent = { spokenTo: false, alone: null, words: null, demeanour: 'Asleep' };
    expect(presentVoice(silent)).toMatchObject({
      spokenTo: 'The police did not speak to the child.',
      demeanour: 'Asleep',
    });
  });

  it.each([
    [0, 'No other setting was told about this incident.'],
    [1, '1 other setting was told about this incident.'],
    [2, '2 other settings were told about this incident.'],
  ])('counts %d other settings, never names them', (count, words) => {
    expect(othersToldWords(count)).toBe(words);
  });

  it('says who printed which notice', () => {
    expect(presentNotice(READING).printedBy).toBe(
      'Mary Ash, DSL, Riverside Primary School, from the page opened on Monday 23 November 2026 at 07:52 · Notice K7M4QX',
    );
  });
});

describe('the next step', () => {
  it.each([
    ['delivered', null, true, 'acknowledge'],
    ['acknowledged', NOW, true, 'action'],
    ['actioned', NOW, true, 'done'],
    ['delivered', null, false, 'none'],
    ['retracted', null, true, 'none'],
    ['redirected', null, true, 'none'],
    ['superseded', NOW, true, 'none'],
  ] as const)('%s, acknowledged %s, may act %s: %s', (state, acknowledgedAt, mayAct, step) => {
    expect(stepOf({ state, acknowledgedAt }, mayAct)).toBe(step);
  });
});

describe('the cover', () => {
  it('carries the name, the date of birth and nothing of what happened', () => {
    const cover = presentCover(NOTICE, CONTENT, NOW);
    expect(cover.child).toMatchObject({ name: 'Ada Example', born: '4 March 2017' });
    expect(JSON.stringify(cover)).not.toMatch(/neighbour|Carl|High|ZZ1|Nana/);
  });

  it('says who has it already, and then no deadline to read it by', () => {
    expect(presentCover(NOTICE, CONTENT, NOW).acknowledgement).toBeNull();
    const read = { ...NOTICE, acknowledgedAt: at('2026-11-23T06:59:00Z'), acknowledgedBy: 'Mary Ash' };
    expect(presentCover(read, CONTENT, NOW).acknowledgement).toContain('Mary Ash acknowledged it at 06:59');
  });

  it('says missed only while nobody has acknowledged', () => {
    const late = { ...NOTICE, acknowledgeBy: at('2026-11-23T07:00:00Z') };
    expect(presentCover(late, CONTENT, NOW).missed).toBe(true);
    expect(presentCover({ ...late, acknowledgedAt: at('2026-11-23T06:59:00Z') }, CONTENT, NOW).missed).toBe(
      false,
    );
  });

  it('in the holidays is to be read by the earlier deadline, as the notice itself is', () => {
    const holidays = {
      ...NOTICE,
      acknowledgeBy: at('2027-01-04T08:45:00Z'),
      holidayBy: at('2026-12-24T12:00:00Z'),
    };
    const now = at('2026-12-23T20:00:00Z');
    expect(presentCover(holidays, CONTENT, now)).toMatchObject({
      timeLeft: '16 hours left',
      readBy: { words: '12:00 tomorrow' },
      missed: false,
    });
    expect(presentNotice({ ...READING, notice: holidays, now }).clock?.doBy).toBe('Read by 12:00 tomorrow');
    expect(presentCover(holidays, CONTENT, at('2026-12-24T12:00:00Z')).missed).toBe(true);
  });

  it('keeps a partial name', () => {
    const baby = {
      ...CONTENT,
      child: { ...CONTENT.child, forename: null, surname: null, dateOfBirth: null, ageEstimate: 1 },
    };
    expect(presentCover(NOTICE, baby, NOW).child).toMatchObject({
      name: 'Name not given',
      born: 'Not given (thought to be about 1)',
    });
  });
});
