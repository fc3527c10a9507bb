import type { AroundGet } from './browser.js';

/** As a police system wrote it; only what the story looks at is named. */
export interface PostedNotification {
  readonly forceReference: string;
  readonly version: number;
  readonly incident: { readonly risk: string; readonly circumstances: string };
  readonly adults: readonly { readonly forename: string; readonly surname: string }[];
  readonly children: readonly {
    readonly reference: string;
    readonly forename: string;
    readonly surname: string;
    readonly dateOfBirth: string;
    readonly homePostcode: string;
    readonly schoolStated: string;
    readonly settings: readonly { readonly urn: string }[];
  }[];
}

export interface PostAnswer {
  readonly status: number;
  readonly replayed: boolean;
  readonly body: {
    readonly id: string;
    readonly forceReference: string;
    readonly version: number;
    readonly receivedAt: string;
  };
}

export interface StatusAnswer {
  readonly status: number;
  readonly text: string;
  readonly body: {
    readonly id: string;
    readonly version: number;
    readonly notices: readonly {
      readonly childReference: string;
      readonly urn?: string;
      readonly desk?: string;
      readonly state: string;
      readonly acknowledgedAt: string | null;
      readonly actionedAt: string | null;
    }[];
  };
}

const BASIC = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

/** A police system: a client with its secret, tokens, JSON over HTTP. */
export class PoliceSystem {
  private token = '';

  constructor(
    private readonly origin: string,
    private readonly client: { clientId: string; clientSecret: string },
    private readonly aroundGet: AroundGet,
  ) {}

  /** @throws Error when the token endpoint refuses */
  async askForToken(): Promise<void> {
    const answer = await fetch(new URL('/oauth/token', this.origin), {
      method: 'POST',
      headers: {
        authorization: BASIC(this.client.clientId, this.client.clientSecret),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials' }).toString(),
    });
    const body = (await answer.json()) as { access_token?: string };
    if (!body.access_token) throw new Error(`No token: ${answer.status}`);
    this.token = body.access_token;
  }

  async post(notification: object, idempotencyKey: string): Promise<PostAnswer> {
    const answer = await fetch(new URL('/v1/notifications', this.origin), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.token}`,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify(notification),
    });
    return {
      status: answer.status,
      replayed: answer.headers.get('idempotency-replayed') === 'true',
      body: (await answer.json()) as PostAnswer['body'],
    };
  }

  async status(id: string): Promise<StatusAnswer> {
    const url = new URL(`/v1/notifications/${id}`, this.origin);
    return this.aroundGet(url.pathname, async () => {
      const answer = await fetch(url, { headers: { authorization: `Bearer ${this.token}` } });
      const text = await answer.text();
      return { status: answer.status, text, body: JSON.parse(text) as StatusAnswer['body'] };
    });
  }
}
