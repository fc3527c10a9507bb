import { ForceClients } from '../../src/identity/police/force-clients.service.js';
import type { TestApp } from './app.js';
import type { NotificationJson } from './notification-json.js';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

export interface Accepted {
  id: string;
  forceReference: string;
  version: number;
  status: 'accepted';
  receivedAt: string;
  warnings: { pointer: string; code: string; detail: string }[];
  links: Record<string, string>;
}

/** A police system with a client of its own, talking HTTP. */
export class PoliceSystem {
  private token: string | null = null;

  private constructor(
    private readonly url: string,
    readonly clientId: string,
    readonly clientSecret: string,
  ) {}

  /** Registers a client for the force, as the operator does. */
  static async register(app: TestApp, force = 'DEMO', scopes?: readonly string[]): Promise<PoliceSystem> {
    const wanted = scopes ? { force, scopes } : { force };
    const made = await app.get(ForceClients, { strict: false }).add(wanted);
    return new PoliceSystem(app.url, made.clientId, made.clientSecret ?? '');
  }

  /** A bearer token, asked for once. */
  async bearer(): Promise<string> {
    this.token ??= await this.requestToken();
    return this.token;
  }

  private async requestToken(): Promise<string> {
    const basic = Buffer.from(
      `${encodeURIComponent(this.clientId)}:${encodeURIComponent(this.clientSecret)}`,
    );
    const answer = await fetch(`${this.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic.toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const body = (await answer.json()) as { access_token?: string };
    if (!body.access_token) throw new Error(`No token: ${answer.status} ${JSON.stringify(body)}`);
    return body.access_token;
  }

  /** @param headers e.g. `{ 'idempotency-key': 'k1' }`; a header given here replaces the usual one */
  async post<T = Accepted>(
    body: NotificationJson | object,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return this.request<T>('/v1/notifications', { method: 'POST', body: JSON.stringify(body), headers });
  }

  async get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.request<T>(path, {});
  }

  async request<T>(
    path: string,
    init: RequestInit & { headers?: Record<string, string> },
  ): Promise<Answer<T>> {
    const usual = { authorization: `Bearer ${await this.bearer()}`, 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}${path}`, { ...init, headers: { ...usual, ...init.headers } });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }
}
