import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { demoCurl } from './demo-curl.js';

const DEMO = {
  url: 'http://127.0.0.1:3000',
  mailUrl: 'http://127.0.0.1:3000/mail',
  forces: [{ code: 'F', name: 'A Force', clientId: 'fb_client', clientSecret: 'a-secret_1' }],
  authorities: [],
  settings: [{ urn: '900123', name: 'Riverside', authority: '999', contacts: [] }],
  people: [],
};

describe('the lines to paste', () => {
  it('are a shell’s own words: with another curl they post JSON with a reference of its own', () => {
    const lines = demoCurl(DEMO, new Date('2026-11-22T22:00:00Z')) ?? '';
    // Stands for curl: the token's answer for the first line, its own arguments for the second.
    const curl = `curl() { case "$*" in *oauth*) printf '{"access_token":"tok.en","x":1}';; *) for last; do :; done; printf '%s' "$TOKEN|$last";; esac; }`;
    const said = execFileSync('sh', ['-c', `${curl}\n${lines}`], { encoding: 'utf8' });
    const [token, body = ''] = said.split('|');
    expect(token).toBe('tok.en');
    const notification = JSON.parse(body) as Record<string, unknown>;
    expect(notification['forceReference']).toMatch(/^DEMO-\d+$/);
    expect(notification).toMatchObject({
      incident: { startedAt: '2026-11-22T21:00:00Z' },
      children: [{ homeAuthorityCode: '999', settings: [{ urn: '900123' }] }],
    });
  });

  it('are left out where there is no force to send them', () => {
    expect(demoCurl({ ...DEMO, forces: [] }, new Date())).toBeNull();
  });
});
