import type { Client } from './area.js';

async function tokenOf(url: string, { id, secret }: Client): Promise<string> {
  const answer = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (!answer.ok) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** One token of each client; they hold for ten minutes, longer than any section. */
export async function tokensFor(url: string, clients: readonly Client[]): Promise<string[]> {
  const tokens: string[] = [];
  for (const client of clients) tokens.push(await tokenOf(url, client));
  return tokens;
}
