import { describe, expect, it } from '@jest/globals';
import { notifyFault, notifyVerdict } from './notify-outcome.js';

const answered = (status: number, error: string, message: string): object => ({
  response: { status, data: { status_code: status, errors: [{ error, message }] } },
  config: { data: '{"email_address":"dsl@school.example"}' },
});

describe('what Notify’s answer means', () => {
  it.each([
    [
      'a team-only key',
      answered(400, 'BadRequestError', "Can't send to this recipient using a team-only API key"),
    ],
    [
      'trial mode',
      answered(400, 'BadRequestError', "Can't send to this recipient when service is in trial mode"),
    ],
    ['a missing placeholder', answered(400, 'BadRequestError', 'Missing personalisation: text')],
    [
      'a wrong clock',
      answered(403, 'AuthError', 'Error: Your system clock must be accurate to within 30 seconds'),
    ],
    [
      'too fast',
      answered(
        429,
        'RateLimitError',
        'Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds',
      ),
    ],
    ['the day’s limit', answered(429, 'TooManyRequestsError', 'Exceeded send limits (250000) for today')],
    ['an exception', answered(500, 'Exception', 'Internal server error')],
  ])('%s is no bounce, and the provider’s affair', (_what, error) => {
    expect(notifyFault(error)).toMatchObject({ fault: 'transient', blames: 'provider' });
  });

  it('an invalid address or number is a bounce', () => {
    for (const message of ['email_address Not a valid email address', 'phone_number Not enough digits']) {
      expect(notifyFault(answered(400, 'ValidationError', message))).toMatchObject({
        fault: 'bounced',
        blames: 'address',
      });
    }
  });

  it('other invalid input is not', () => {
    const error = answered(400, 'ValidationError', 'template_id is not a valid UUID');
    expect(notifyFault(error)).toMatchObject({ fault: 'transient', code: 'NOTIFY 400 ValidationError' });
  });

  it('repeats neither address nor words', () => {
    const text = JSON.stringify(
      notifyFault(answered(400, 'ValidationError', 'email_address dsl@school.example')),
    );
    expect(text).not.toContain('@');
  });

  it('knows when the message may have gone', () => {
    expect(notifyFault({ code: 'ECONNREFUSED' }).maybeSent).toBe(false);
    expect(notifyFault({ code: 'ECONNRESET' }).maybeSent).toBe(true);
    expect(notifyFault({ code: 'ECONNABORTED' }).maybeSent).toBe(true);
    expect(notifyFault(answered(429, 'RateLimitError', 'x')).maybeSent).toBe(false);
  });

  it('only a permanent failure marks the address', () => {
    expect(notifyVerdict('permanent-failure')).toMatchObject({ kind: 'hard', marksAddress: true });
    expect(notifyVerdict('temporary-failure').marksAddress).toBe(false);
    expect(notifyVerdict('technical-failure').marksAddress).toBe(false);
    expect(notifyVerdict('delivered').kind).toBe('delivered');
  });
});
