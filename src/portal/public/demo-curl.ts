import type { DemoJson } from '../../demonstration/demo-file.service.js';

const HOUR_MS = 3_600_000;
const REFERENCE = 'REFERENCE';

/** Lines to paste into a shell: a token, then one notification about a child at the first school. Null without a force. */
export function demoCurl({ url, forces, settings }: DemoJson, now: Date): string | null {
  const [force] = forces;
  const [school] = settings;
  if (!force || !school) return null;
  const notification = {
    forceReference: REFERENCE,
    category: 'domestic-abuse',
    incident: {
      startedAt: new Date(now.getTime() - HOUR_MS).toISOString().replace(/\.\d+Z$/, 'Z'),
      risk: 'high',
      circumstances: 'Neighbours reported shouting. The child was upstairs throughout.',
    },
    children: [
      {
        reference: '1',
        forename: 'Ada',
        surname: 'Example',
        dateOfBirth: '2017-03-04',
        homePostcode: 'ZZ1 1AA',
        homeAuthorityCode: school.authority,
        education: 'registered',
        presence: 'present',
        settings: [{ urn: school.urn }],
      },
    ],
  };
  // Outside the single quotes the shell fills in the time, so that each paste is a notification of its own.
  const members = Object.entries(notification).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  const body = `{ ${members.join(',\n    ')} }`.replace(REFERENCE, `'"DEMO-$(date +%s)"'`);
  return [
    `TOKEN=$(curl -s -u '${force.clientId}:${force.clientSecret}' -d grant_type=client_credentials \\`,
    `  ${url}/oauth/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl -i -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\`,
    `  ${url}/v1/notifications -d '${body}'`,
  ].join('\n');
}
