import { describe, expect, it } from '@jest/globals';
import { checksWords } from './admin.presenter.js';
import { codeInMail } from './mail-code.js';
import {
  presentAcknowledged,
  presentDeskDone,
  presentError,
  presentHandedBack,
} from './message.presenter.js';

describe('pages that say what happened', () => {
  it('tells a school that hands a notice back that it is finished', () => {
    expect(presentHandedBack('not-our-pupil', false)).toMatchObject({
      title: 'The authority’s desk has it now',
      lines: expect.arrayContaining(['You do not need to do anything else.']),
    });
  });

  it('says of a test notice that it was one', () => {
    expect(presentAcknowledged('n-1', true, null, true).testNotice).toBe(true);
    expect(presentHandedBack('knows-family', true).testNotice).toBe(true);
  });

  it('says that a telephone acknowledgement is counted apart', () => {
    expect(presentDeskDone('telephone').lines.join(' ')).toContain('never as before the bell');
  });

  it.each([400, 403, 404, 409, 429, 500, 503])('says what to do after a %d', (status) => {
    const view = presentError(status);
    expect(view.status).toBe(status);
    expect(view.lines.length).toBeGreaterThan(0);
  });

  it('keeps an unlisted status and borrows the words of its kind', () => {
    expect(presentError(418)).toMatchObject({ status: 418, title: presentError(400).title });
    expect(presentError(502)).toMatchObject({ status: 502, title: presentError(500).title });
  });

  it('says when to try again, in whole minutes and never too early', () => {
    expect(presentError(429, null, { retryAfterSeconds: 61 }).lines).toContain('Try again in 2 minutes.');
    expect(presentError(429, null, { retryAfterSeconds: 5 }).lines).toContain('Try again in 1 minute.');
  });

  it('counts checks that are not clean', () => {
    expect(checksWords([])).toBe('No checks have run yet.');
    expect(checksWords([{ ok: true }])).toBe('Every check is clean.');
    expect(checksWords([{ ok: false }, { ok: true }, { ok: false }])).toBe('2 checks need attention.');
  });
});

describe('the code in a caught mail', () => {
  it.each([
    ['Your code is\n\n492 817\n\nIt works once.', '492817'],
    ['Your code: 492817. It works once.', '492817'],
    ['Your sign-in code is 49281703', '49281703'],
    ['You have a safeguarding notice to read by 08:45. Reference ABC123.', null],
    ['Ring 01632 960123 if you did not ask for this.', null],
    ['2026\n', null],
  ])('%p', (text, code) => {
    expect(codeInMail(text)).toBe(code);
  });
});
