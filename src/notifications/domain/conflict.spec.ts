import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { conflictsOf } from './conflict.js';
import { adultNameValue, couldBeSamePerson } from './name-match.js';

describe('couldBeSamePerson', () => {
  it.each<[string, string | null, string | null, boolean]>([
    ['Sarah Smith', 'Sarah', 'Smith', true],
    ['Mrs Sarah SMITH (DSL)', 'sarah', 'smith', true],
    ['Smith, Sarah', 'Sarah', 'Smith', true],
    ['Sarah Smith', 'Smith', 'Sarah', true],
    ['S. Smith', 'Sarah', 'Smith', true],
    ['Sarah Smith', 'S', 'Smith', true],
    ['Sarah Jane Smith', 'Jane', 'Smith', true],
    ['Sarah Smith-Jones', 'Sarah', 'Jones', true],
    ['Sarah Jones', 'Sarah', 'Smith-Jones', true],
    ['Sarah Smith Jones', 'Sarah', 'Smith-Jones', true],
    ['Liz Example', 'Elizabeth', 'Example', true],
    ['Sam Example', 'Samantha', 'Example', true],
    ['Zoe ONeill', 'Zoë', "O'Neill", true],
    ['Anna van der Berg', 'Anna', 'van der Berg', true],
    ['Anna Vanderberg', 'Anna', 'van der Berg', true],
    ['Mary-Jane Example', 'Maryjane', 'Example', true],
    ['سارة محمد', 'سَارَة', 'محمد', true],
    ['Jordan Example', null, 'Example', true],
    ['Example', 'Jordan', 'Example', false],
    ['Jordan Smith', null, 'Jordan', false],
    ['Sarah Smith', 'Sarah', null, false],
    ['Sarah Smith', null, null, false],
    ['Sarah Smith', 'Sarah', 'Smythe', false],
    ['Sarah Smith', 'Susan', 'Smith', false],
    ['T Smith', 'Sarah', 'Smith', false],
    ['Al Smith', 'Alan', 'Jones', false],
    ['Anna de Silva', 'Anna', 'de Souza', false],
    ['Anna van Dijk', 'Anna', 'van der Berg', false],
    ['Sarah Green-Brown', 'Sarah', 'Brown-White', true],
    ['Sarah Green-Brown', 'Sarah', 'White', false],
    ['', 'Sarah', 'Smith', false],
    ['( )', '-', '-', false],
  ])('%s and %s %s: %s', (contact, forename, surname, expected) => {
    expect(couldBeSamePerson(contact, { forename, surname })).toBe(expected);
  });

  it('knows everybody by their own name, in any spelling, order or title, and never throws', () => {
    const word = fc.stringMatching(/^[A-Z][a-zé'-]{2,12}[a-z]$/);
    fc.assert(
      fc.property(word, word, (forename, surname) => {
        for (const name of [
          `${forename} ${surname}`,
          `${surname}, ${forename}`,
          `Dr ${forename.toUpperCase()} ${surname}`,
        ]) {
          expect(couldBeSamePerson(name, { forename, surname })).toBe(true);
        }
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string(), (a, forename, surname) => {
      expect(typeof couldBeSamePerson(a, { forename, surname })).toBe('boolean');
    })); // prettier-ignore
  });
});

describe('conflictsOf', () => {
  const contacts = [
    { id: 'dsl', name: 'Sarah Smith' },
    { id: 'deputy', name: 'Jordan Example' },
    { id: 'head', name: 'Ann Head' },
  ];

  it('leaves out every contact who could be an adult of the incident, whatever the role, once', () => {
    const adults = [
      { forename: 'Jordan', surname: 'Example', role: 'suspect' as const },
      { forename: 'J', surname: 'Example', role: 'other' as const },
      { forename: 'Sarah', surname: 'Smith', role: 'victim' as const },
    ];
    expect(conflictsOf(contacts, adults)).toEqual({
      contactIds: ['deputy', 'dsl'],
      staffWithoutMatch: false,
    });
  });

  it.each([
    ['staff who match', 'staff', 'Sarah', ['dsl'], false],
    ['staff who do not', 'staff', 'Petra', [], true],
    ['a governor who does not', 'governor', 'Petra', [], true],
    ['no connection', 'none', 'Petra', [], false],
    ['unknown connection', 'unknown', 'Petra', [], false],
  ] as const)('%s', (_, schoolConnection, forename, contactIds, staffWithoutMatch) => {
    const adults = [{ forename, surname: 'Smith', schoolConnection }];
    expect(conflictsOf(contacts, adults)).toEqual({ contactIds, staffWithoutMatch });
  });

  it('sends a nameless member of staff to the desk', () => {
    expect(conflictsOf(contacts, [{ schoolConnection: 'staff' }]).staffWithoutMatch).toBe(true);
    expect(conflictsOf(contacts, null)).toEqual({ contactIds: [], staffWithoutMatch: false });
  });

  it('indexes an adult by both names or not at all', () => {
    expect(adultNameValue({ forename: 'Zoë', surname: "O'Neill" })).toBe('zoe|oneill');
    expect(adultNameValue({ surname: 'Smith' })).toBeNull();
  });
});
