import { FIRST_SETTING, type DemoJson } from './demo-file.service.js';

const HOUR_MS = 3_600_000;

/** What a person at the terminal can do next: who may sign in as what, and a notification to paste into a shell. */
export function whereToGo(demo: DemoJson, now: Date): string[] {
  const [school] = demo.settings;
  const at = (role: string): string => school?.contacts.find((one) => one.role === role)?.email ?? '';
  const who = (role: string): string => demo.people.find((one) => one.role === role)?.email ?? '';
  const people: [string, string][] = [
    [`the safeguarding lead (DSL) of ${school?.name ?? ''}`, at('dsl')],
    ['a deputy there', at('deputy')],
    ['the head there', at('head')],
    ['the authority’s triage desk', who('triage officer')],
    ['the authority’s duty desk', who('duty officer')],
    ['the police force', who('force')],
    ['the administrator', who('administrator')],
  ];
  return [
    '',
    `Sign in at ${demo.url}/sign-in with one of these addresses; the code arrives at ${demo.url}/mail`,
    ...people.filter(([, email]) => email !== '').map(([what, email]) => `  ${email.padEnd(38)} ${what}`),
    '',
    'Send a notification as the police would (paste both lines):',
    ...commands(demo, now),
  ];
}

/** The token's line, then the notification's: at 900123, with a reference of its own each time it is pasted. */
function commands({ url, forces }: DemoJson, now: Date): string[] {
  const [force] = forces;
  if (!force) return [];
  const { clientId, clientSecret } = force;
  const startedAt = new Date(now.getTime() - HOUR_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  const notification = {
    forceReference: 'DEMO-$(date +%s)',
    category: 'domestic-abuse',
    incident: {
      startedAt,
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
        homeAuthorityCode: '999',
        education: 'registered',
        presence: 'present',
        settings: [{ urn: FIRST_SETTING }],
      },
    ],
  };
  // Between double quotes the shell fills in the time; only the JSON's own quotes need a backslash.
  const body = JSON.stringify(notification).replaceAll('"', '\\"');
  return [
    `TOKEN=$(curl -s -u '${clientId}:${clientSecret}' -d grant_type=client_credentials ${url}/oauth/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d "${body}" ${url}/v1/notifications`,
  ];
}
