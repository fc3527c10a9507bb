import { describe, expect, it } from '@jest/globals';
import { emptyTelephoneForm, readLondonInstant, readTelephoneForm } from './telephone.presenter.js';

const RECEIVED = new Date('2026-11-22T22:58:00Z');
const NOW = new Date('2026-11-23T08:40:00Z');
const COMPLETE = {
  contactId: 'c-1',
  toldDate: '2026-11-23',
  toldTime: '08:35',
  identityCheck: 'called-number-on-file',
};
const fields = (body: Record<string, unknown>): string[] =>
  readTelephoneForm(body, RECEIVED, NOW).errors.map(({ field }) => field);

describe('the telephone form', () => {
  it('reads a London time', () => {
    expect(readTelephoneForm(COMPLETE, RECEIVED, NOW).toldAt).toEqual(new Date('2026-11-23T08:35:00Z'));
    expect(readLondonInstant('2026-07-01', '08:35')).toEqual(new Date('2026-07-01T07:35:00Z'));
  });

  it.each([
    ['does not exist', '2026-03-29', '01:30'],
    ['exists twice', '2026-10-25', '01:30'],
    ['is not a date', '2026-02-30', '08:00'],
    ['is not a time', '2026-02-20', 'half past eight'],
  ])('refuses a local time that %s', (_why, date, time) => {
    expect(readLondonInstant(date, time)).toBeNull();
  });

  it('offers now, and takes it when the notice came in the same minute', () => {
    const form = { ...COMPLETE, ...emptyTelephoneForm(NOW), contactId: 'c-1', identityCheck: 'known-voice' };
    expect(readTelephoneForm({ ...form }, new Date(NOW.getTime() - 1), NOW).errors).toEqual([]);
  });

  it('refuses a time after now or before the notice', () => {
    expect(fields({ ...COMPLETE, toldTime: '08:41' })).toEqual(['toldDate']);
    expect(fields({ ...COMPLETE, toldDate: '2026-11-22', toldTime: '22:00' })).toEqual(['toldDate']);
  });

  it('needs to know whom, when and how identity was checked', () => {
    expect(fields({})).toEqual(['contactId', 'toldDate', 'identityCheck']);
    expect(fields({ ...COMPLETE, identityCheck: 'other' })).toEqual(['identityNote']);
    expect(fields({ ...COMPLETE, identityCheck: 'constructor' })).toEqual(['identityCheck']);
    expect(readTelephoneForm({}, RECEIVED, NOW).toldAt).toBeNull();
  });
});
