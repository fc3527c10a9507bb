import { describe, expect, it } from '@jest/globals';
import type { ChildDto } from '../dto/child.dto.js';
import { exampleNotification } from '../dto/example-notification.js';
import type { NotificationDto } from '../dto/notification.dto.js';
import { validateNotification } from '../dto/validate-notification.js';
import { nameCompleteness } from './child-name.js';
import { warningsFor } from './warnings.js';

const base = exampleNotification();
const ada: ChildDto = base.children[0];
const ben: ChildDto = {
  ...ada,
  reference: '2',
  forename: 'Ben',
  knownAs: ['Benji'],
  schoolStated: 'Hilltop Junior School',
};

const short = (notification: NotificationDto) =>
  warningsFor(notification).map(({ pointer, code }) => `${pointer} ${code}`);
const withChild = (changes: Partial<ChildDto>): NotificationDto => ({
  ...base,
  children: [{ ...ada, ...changes }],
});
const withText = (circumstances: string, children: ChildDto[] = [ada, ben]): NotificationDto => ({
  ...base,
  incident: { ...base.incident, circumstances },
  children,
});
const AT = '/incident/circumstances';

describe('warnings about a child', () => {
  it('gives none for the example', () => {
    expect(short(base)).toEqual([]);
  });

  it.each<[string, Partial<ChildDto>, string[]]>([
    ['no name', { forename: null, surname: undefined }, ['/children/0/forename child-name-missing']],
    ['an empty name', { forename: ' ', surname: '-' }, ['/children/0/forename child-name-missing']],
    ['baby', { forename: 'Baby' }, ['/children/0/forename child-name-partial']],
    ['no surname', { surname: '' }, ['/children/0/surname child-name-partial']],
    ['a name in Arabic', { forename: 'سارة', surname: 'محمد' }, []],
    ['eighteen on the day', { dateOfBirth: '2008-11-22' }, ['/children/0/dateOfBirth child-not-under-18']],
    ['seventeen', { dateOfBirth: '2008-11-23' }, []],
    ['a valid UPN', { upn: 'B801200005001' }, []],
    ['a wrong check letter', { upn: 'A801200005001' }, ['/children/0/upn upn-check-letter']],
    ['no UPN at all', { upn: 'n/k' }, ['/children/0/upn upn-form']],
    [
      'an odd URN',
      { settings: [{ urn: '900123' }, { urn: 'unknown' }] },
      ['/children/0/settings/1/urn urn-form'],
    ],
    ['LAESTAB in both spellings', { settings: [{ laestab: '202/1048' }, { laestab: '2021048' }] }, []],
    [
      'an odd LAESTAB',
      { settings: [{ laestab: '20/1048' }] },
      ['/children/0/settings/0/laestab laestab-form'],
    ],
  ])('%s', (_, changes, expected) => {
    expect(short(withChild(changes))).toEqual(expected);
  });

  it('says how much of a name there is', () => {
    expect(nameCompleteness({ forename: 'Ada', surname: 'Example' })).toBe('full');
    expect(nameCompleteness({ forename: 'baby girl', surname: 'Example' })).toBe('partial');
    expect(nameCompleteness({})).toBe('missing');
  });

  it('notices that the police attended before it started', () => {
    const incident = { ...base.incident, attendedAt: '2026-11-22T22:05:00+01:00' };
    expect(short({ ...base, incident })).toEqual(['/incident/attendedAt attended-before-started']);
  });
});

describe('warnings about texts', () => {
  it.each<[string, string, string[]]>([
    ['a postcode', 'They live at ZZ1 1AA now', ['text-contains-postcode']],
    ['a postcode in one word, small', 'now at zz11aa.', ['text-contains-postcode']],
    ['an address', 'Seen at 12a, Old Mill Lane at noon', ['text-contains-address']],
    ['a time and a badge', 'At 21:40 PC 4821 came, case A1 2017', []],
    ['a child of the notification', 'Ben hid behind the sofa', ['text-names-another-child']],
    ['its nickname, in capitals, possessive', "it was BENJI'S toy", ['text-names-another-child']],
    ['part of another word', 'Benefits and Bench', []],
    ['its school', 'The lead of Hilltop Junior was rung', ['text-names-another-school']],
    ['some other school', 'An aunt works at St Jude’s Academy', ['text-names-another-school']],
    ['no school by name', 'Both go to school. School was told. The primary school too.', []],
  ])('%s', (_, text, expected) => {
    const codes = [
      ...new Set(
        warningsFor(withText(text))
          .filter(({ pointer }) => pointer === AT)
          .map(({ code }) => code),
      ),
    ];
    expect(codes).toEqual(expected);
  });

  it('notices another school also when there is one child', () => {
    expect(short(withText('Moved to HILLTOP JUNIOR in May', [ada]))).toEqual([
      `${AT} text-names-another-school`,
    ]);
    expect(short(withText('Moved to Hilltop Junior', [{ ...ada, schoolStated: null }]))).toEqual([]);
  });

  it('leaves a child alone in its own texts', () => {
    expect(short(withText('Ada came down. Riverside Primary was told', [ada]))).toEqual([]);
    const own = [
      { ...ada, circumstances: 'Ada came down' },
      { ...ben, circumstances: 'Ben was asleep at Hilltop Junior School' },
    ];
    expect(short(withText('x', own))).toEqual([]);
  });

  it('warns only for those who would read it', () => {
    const children = [ada, { ...ben, circumstances: 'Ben was asleep' }];
    expect(short(withText('Ada came down', children))).toEqual([]);
    expect(short(withText('Ben came down', children))).toEqual([`${AT} text-names-another-child`]);
    const swapped = [ada, { ...ben, circumstances: 'Ada was asleep' }];
    expect(short(withText('x', swapped))).toEqual(['/children/1/circumstances text-names-another-child']);
  });

  it('looks at every text a school may be shown', () => {
    const voice = { spokenTo: true, words: 'Ben cried', demeanour: 'asked for Ben' };
    const notification: NotificationDto = {
      ...base,
      incident: { ...base.incident, policeAction: 'Ben taken to hospital' },
      adults: [{ relationshipToChild: 'uncle of Ben', orders: [{ terms: 'Not to see Ben' }] }],
      restrictions: { doNotDiscloseTo: ['uncle of Ben'] },
      children: [{ ...ada, voice, communicationNeeds: 'Ben signs for her' }, ben],
    };
    expect(short(notification).filter((line) => line.endsWith('text-names-another-child'))).toHaveLength(7);
  });

  it('does not take a shared first name for a leak', () => {
    expect(short(withText('Ada came down', [ada, { ...ada, reference: '2', surname: 'Other' }]))).toEqual([]);
  });

  it('repeats nothing of what was sent', () => {
    const notification = withText('Ben of Hilltop Junior School lives at 12 Old Mill Lane, ZZ1 1AA', [
      { ...ada, upn: 'A801200005001' },
      ben,
    ]);
    expect(validateNotification(notification, new Date('2026-11-22T23:10:00Z')).ok).toBe(true);
    expect(JSON.stringify(warningsFor(notification))).not.toMatch(/Ben|Hilltop|ZZ1|Mill|Ada|A8012/);
  });

  it('is done with the longest text in capitals that names a school in every third word', () => {
    // When each school kept all words before it, this took 9 GB.
    const text = 'B '.repeat(65_000) + 'School '.repeat(18_000);
    expect(short(withText(text))).toEqual([`${AT} text-names-another-school`]);
  });

  it('stays quick for the longest text', () => {
    const text =
      'She said that Ben was in the park near Hilltop Junior School, 12 Old Mill Lane, with others. '.repeat(
        2700,
      );
    const started = performance.now();
    warningsFor(withText(text));
    expect(performance.now() - started).toBeLessThan(1500);
  });
});
