import { allProblems, type ProblemCode } from '../domain/problem.js';
import { exampleNotification } from '../dto/example-notification.js';

/** What to do about each problem; `type` of every problem document points here. */
const ADVICE: Readonly<Record<ProblemCode, string>> = {
  'malformed-json':
    'Send one JSON object in UTF-8, and the whole of it. A body cut in half is remembered as refused.',
  'invalid-idempotency-key': 'Use 1 to 255 printable ASCII characters, or leave the header out.',
  unauthenticated: 'Get a token from POST /oauth/token; it is good for ten minutes.',
  'wrong-scope': 'Ask for a token with the scope that the answer names.',
  'not-found': 'There is no such thing, or it belongs to another force.',
  'method-not-allowed': 'See /docs for the methods of each address.',
  'idempotency-key-reused': 'Send the first request again as it was, or use a new key.',
  'version-content-differs': 'Send the change with a higher version, or without a version.',
  'version-older-than-newest': 'Send the change with a higher version, or without a version.',
  'too-large': 'A notification has at most 256 KiB.',
  'wrong-media-type': 'Send the header Content-Type: application/json.',
  'invalid-content': 'Mend every error listed; each has a JSON pointer, a code and a hint. Nothing was kept.',
  'too-many-requests': 'Wait for the seconds in Retry-After, then repeat the request.',
  internal: 'Repeat the request; if it fails again, tell the operator the instance.',
  'cannot-keep':
    'It may or may not have been kept. Repeat the request as it was after the seconds in Retry-After: a repeat is always safe.',
};

const ENDPOINTS: readonly (readonly [string, string])[] = [
  ['POST /oauth/token', 'An access token for ten minutes (client_secret_basic or private_key_jwt)'],
  ['POST /v1/notifications', 'Send a notification: 202 means kept, 200 that it was kept before'],
  [
    'GET /v1/notifications/{id}',
    'What became of it: which setting or desk, delivered, acknowledged, acted on',
  ],
  ['GET /v1/notifications?forceReference=', 'The same by your own reference'],
  [
    'POST /v1/heartbeat',
    'Your feed is alive and has sent so many: silence is then told to you, not mistaken for a quiet night',
  ],
  ['GET /openapi.json', 'Everything in OpenAPI 3.1'],
];

export function docsPage(serverUrl: string): string {
  const rows = ENDPOINTS.map(
    ([what, why]) => `<tr><td><code>${escape(what)}</code></td><td>${escape(why)}</td></tr>`,
  );
  const token = `curl -u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials ${serverUrl}/oauth/token`;
  const send = [
    `curl ${serverUrl}/v1/notifications -H "Authorization: Bearer $TOKEN" \\`,
    `  -H 'Content-Type: application/json' -H 'Idempotency-Key: any-text-of-yours' -d @notification.json`,
  ].join('\n');
  return page(
    'Firstbell police API',
    `<table><thead><tr><th scope="col">Address</th><th scope="col">What it is for</th></tr></thead><tbody>${rows.join('')}</tbody></table>
<p>Repeating a request is always safe. What is refused is remembered without its content, and if nothing mends it within
30 minutes the force’s mailbox and the operator are told. Errors are <a href="/docs/problems">problem documents</a>.</p>
<h2>A token</h2><pre>${escape(token)}</pre>
<h2>A notification</h2><pre>${escape(send)}</pre>
<h2>notification.json</h2><pre>${escape(JSON.stringify(exampleNotification(), null, 2))}</pre>`,
  );
}

export function problemsPage(): string {
  const sections = allProblems().map(
    ({ code, status, title }) =>
      `<h2 id="${code}">${escape(title)}</h2><p><code>${code}</code>, status ${status}. ${escape(ADVICE[code])}</p>`,
  );
  return page('Problems of the police API', sections.join('\n'));
}

function page(title: string, content: string): string {
  return `<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title></head>
<body><main><h1>${escape(title)}</h1>
${content}
</main></body></html>
`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
