import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { at, NOW } from './fixtures/content.fixture.js';
import { INBOX_RECORD, INBOX_RECORDS } from './fixtures/inbox.fixture.js';
import { orderInbox, presentInbox, sectionOf, type InboxRecord } from './inbox.presenter.js';

const record = (over: Partial<InboxRecord>): InboxRecord => ({ ...INBOX_RECORD, ...over });
const ids = (records: readonly InboxRecord[]): string[] => orderInbox(records, NOW).map(({ id }) => id);

describe('the order of the inbox', () => {
  it('puts missed first, then the earliest deadline, then HIGH among equals', () => {
    const later = record({ id: 'later', acknowledgeBy: at('2026-11-24T08:45:00Z'), risk: 'high' });
    const standard = record({ id: 'standard' });
    const high = record({ id: 'high', risk: 'high', receivedAt: at('2026-11-23T01:00:00Z') });
    const missed = record({ id: 'missed', acknowledgeBy: at('2026-11-23T07:52:00Z') });
    expect(ids([later, standard, high, missed])).toEqual(['missed', 'high', 'standard', 'later']);
  });

  it('counts not-assessed as HIGH', () => {
    const notAssessed = record({ id: 'z-not-assessed', risk: 'not-assessed' });
    expect(ids([record({ id: 'a-medium', risk: 'medium' }), notAssessed])[0]).toBe('z-not-assessed');
  });

  it('never puts a test notice above a real one with the same deadline', () => {
    const test = record({ id: 'a-test', testNotice: true, risk: 'high' });
    expect(ids([test, record({ id: 'real' })])).toEqual(['real', 'a-test']);
  });

  it('does not call an acknowledged notice missed when the bell has gone', () => {
    const acknowledged = record({
      id: 'acknowledged',
      state: 'acknowledged',
      acknowledgedAt: at('2026-11-23T07:00:00Z'),
      acknowledgeBy: at('2026-11-23T07:30:00Z'),
      actionBy: at('2026-11-23T15:15:00Z'),
    });
    expect(ids([acknowledged, record({ id: 'to-read' })])).toEqual(['to-read', 'acknowledged']);
  });

  it('gives the same order whatever order the rows came in', () => {
    const expected = ids(INBOX_RECORDS);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...INBOX_RECORDS], { minLength: INBOX_RECORDS.length }),
        (shuffled) => {
          expect(ids(shuffled)).toEqual(expected);
        },
      ),
    );
  });
});

describe('the sections of the inbox', () => {
  it.each([
    ['delivered', null, 'toRead'],
    ['triage', null, 'toRead'],
    ['acknowledged', NOW, 'actionDue'],
    ['actioned', NOW, 'done'],
    ['redirected', null, 'done'],
    ['retracted', null, 'done'],
  ] as const)('%s goes to its section', (state, acknowledgedAt, section) => {
    expect(sectionOf({ state, acknowledgedAt, asked: false })).toBe(section);
  });

  it('what is decided on stands apart while its owner is asked whether they are in school', () => {
    expect(sectionOf({ state: 'actioned', acknowledgedAt: NOW, asked: true })).toBe('toAnswer');
  });

  it('says loudly how many missed the bell, and shows every notice exactly once', () => {
    const view = presentInbox(INBOX_RECORDS, 'Riverside', NOW);
    expect(view.missedWords).toBe('1 notice missed the bell. Read it now.');
    expect(view.toRead.map(({ reference }) => reference)).toEqual(['B2XW9P', 'K7M4QX', 'T3ST0N']);
    const all = [...view.toRead, ...view.toAnswer, ...view.actionDue, ...view.done]
      .map(({ id }) => id)
      .sort();
    expect(all).toEqual(INBOX_RECORDS.map(({ id }) => id).sort());
  });

  it('in the holidays says and sorts by the earlier deadline, and on the day of the bell by the bell', () => {
    const bell = at('2027-01-04T08:45:00Z');
    const tonight = record({ id: 'tonight', acknowledgeBy: bell, holidayBy: at('2026-12-23T22:00:00Z') });
    const sooner = record({ id: 'sooner', acknowledgeBy: at('2026-12-24T08:45:00Z') });
    const shown = (now: string) => presentInbox([sooner, tonight], 'Riverside', at(now)).toRead;
    expect(shown('2026-12-23T20:00:00Z').map(({ id }) => id)).toEqual(['tonight', 'sooner']);
    expect(shown('2026-12-23T20:00:00Z')[0]?.clock).toMatchObject({
      timeLeft: '2 hours left',
      doBy: 'read by 22:00',
      missed: false,
    });
    expect(shown('2026-12-23T23:00:00Z')[0]?.clock).toMatchObject({ timeLeft: '1 hour ago', missed: true });
    const onTheDay = shown('2027-01-04T07:45:00Z').find(({ id }) => id === 'tonight');
    expect(onTheDay?.clock).toMatchObject({ timeLeft: '1 hour left', doBy: 'read by 08:45', missed: false });
  });

  it('says the running clock in words', () => {
    const [row] = presentInbox([INBOX_RECORD], 'Riverside', NOW).toRead;
    expect(row?.clock).toMatchObject({ timeLeft: '53 minutes left', doBy: 'read by 08:45', missed: false });
    const acted = presentInbox(INBOX_RECORDS, 'Riverside', NOW).actionDue[0];
    expect(acted?.clock?.doBy).toBe('record the support decision by 15:15');
    expect(acted?.acknowledgement).toBe('Mary Ash acknowledged it at 07:41, in Firstbell');
  });

  it('is empty when there is nothing', () => {
    expect(presentInbox([], 'Riverside', NOW)).toMatchObject({ isEmpty: true, missedWords: null });
  });
});

describe('a newer version from the police', () => {
  const tagged = (over: Partial<InboxRecord>): boolean[] => {
    const view = presentInbox([record({ changed: true, ...over })], 'Riverside', NOW);
    return [...view.toRead, ...view.toAnswer, ...view.actionDue, ...view.done].map(({ changed }) => changed);
  };

  it('is said of a notice that waits to be read, and not of the one it replaced', () => {
    expect(tagged({})).toEqual([true]);
    expect(tagged({ state: 'superseded' })).toEqual([false]);
  });
});
