import { jwtVerify } from 'jose';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Notify was asked to send. */
export interface NotifySent {
  id: string;
  type: 'email' | 'sms';
  to: string;
  reference: string;
  templateId: string;
  personalisation: Record<string, string>;
  replyTo: string | null;
  smsSender: string | null;
}

/** How Notify behaves; as in its documentation, "Error codes". */
export type NotifyDay =
  | 'fine'
  | 'team-only'
  | 'trial'
  | 'missing-personalisation'
  | 'invalid-address'
  | 'clock'
  | 'rate-limit'
  | 'daily-limit'
  | 'exception'
  /** Takes the request and never answers. */
  | 'hangs'
  /** Takes the message and breaks the connection before saying so. */
  | 'loses-its-yes';

const REFUSALS: Partial<Record<NotifyDay, { status: number; error: string; message: string }>> = {
  'team-only': {
    status: 400,
    error: 'BadRequestError',
    message: "Can't send to this recipient using a team-only API key",
  },
  trial: {
    status: 400,
    error: 'BadRequestError',
    message: "Can't send to this recipient when service is in trial mode",
  },
  'missing-personalisation': {
    status: 400,
    error: 'BadRequestError',
    message: 'Missing personalisation: text',
  },
  clock: {
    status: 403,
    error: 'AuthError',
    message: 'Error: Your system clock must be accurate to within 30 seconds',
  },
  'rate-limit': {
    status: 429,
    error: 'RateLimitError',
    message: 'Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds',
  },
  'daily-limit': {
    status: 429,
    error: 'TooManyRequestsError',
    message: 'Exceeded send limits (250000) for today',
  },
  exception: { status: 500, error: 'Exception', message: 'Internal server error' },
};

const SERVICE = '8b3c7a52-9d0f-4a54-8f0e-3f1f3c5b6d11';
const SECRET = '5d7f0f3a-0b59-4c51-9a52-7b1b9a3e2c44';
/** Placeholders of the templates that a service would have. */
export const TEMPLATES = {
  email: { id: '6e0c1f0a-3f58-45f7-8d3b-0a1b2c3d4e5f', placeholders: ['subject', 'text'] },
  sms: { id: '0f9e8d7c-6b5a-4f3e-8d2c-1b0a99887766', placeholders: ['text'] },
} as const;

/** A local GOV.UK Notify: POST /v2/notifications/email and /sms, bearer JWT checked, 201 bodies, its errors, and its receipts. */
export class NotifyStandIn {
  readonly apiKey = `firstbell-${SERVICE}-${SECRET}`;
  readonly sent: NotifySent[] = [];
  requests = 0;
  day: NotifyDay = 'fine';

  private constructor(private readonly server: Server) {}

  static async start(): Promise<NotifyStandIn> {
    const server = createServer((request, response) => void standIn.handle(request, response));
    const standIn = new NotifyStandIn(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Environment variables that point Firstbell here. */
  environment(callbackToken: string): Record<string, string> {
    return {
      NOTIFY_API_KEY: this.apiKey,
      NOTIFY_URL: this.url,
      NOTIFY_EMAIL_TEMPLATE_ID: TEMPLATES.email.id,
      NOTIFY_SMS_TEMPLATE_ID: TEMPLATES.sms.id,
      NOTIFY_CALLBACK_TOKEN: callbackToken,
    };
  }

  /** A delivery receipt, as Notify posts it. */
  receipt(of: NotifySent, status: string): Record<string, unknown> {
    const at = new Date().toISOString();
    return {
      id: of.id,
      reference: of.reference,
      to: of.to,
      status,
      created_at: at,
      completed_at: at,
      sent_at: at,
      notification_type: of.type,
      template_id: of.templateId,
      template_version: 1,
    };
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const type = /^\/v2\/notifications\/(email|sms)$/.exec(request.url ?? '')?.[1] as
      'email' | 'sms' | undefined;
    if (request.method !== 'POST' || !type) return refuse(response, 404, 'NoResultFound', 'No result found');
    const fault = await tokenFault(request.headers.authorization);
    if (fault) return refuse(response, 403, 'AuthError', fault);
    if (this.day === 'hangs') return;
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    const refusal = REFUSALS[this.day];
    if (refusal) return refuse(response, refusal.status, refusal.error, refusal.message);
    this.accept(type, body, response);
  }

  private accept(type: 'email' | 'sms', body: Record<string, unknown>, response: ServerResponse): void {
    const to = textIn(body, type === 'email' ? 'email_address' : 'phone_number');
    const template = TEMPLATES[type];
    const personalisation = (body['personalisation'] ?? {}) as Record<string, string>;
    const missing = template.placeholders.filter((name) => personalisation[name] === undefined);
    if (body['template_id'] !== template.id) {
      return refuse(response, 400, 'BadRequestError', 'Template not found');
    }
    if (missing.length > 0) {
      return refuse(response, 400, 'BadRequestError', `Missing personalisation: ${missing.join(', ')}`);
    }
    if (this.day === 'invalid-address') {
      const message =
        type === 'email' ? 'email_address Not a valid email address' : 'phone_number Not enough digits';
      return refuse(response, 400, 'ValidationError', message);
    }
    const sent: NotifySent = {
      id: randomUUID(),
      type,
      to,
      reference: textIn(body, 'reference'),
      templateId: template.id,
      personalisation,
      replyTo: (body['email_reply_to_id'] as string | undefined) ?? null,
      smsSender: (body['sms_sender_id'] as string | undefined) ?? null,
    };
    this.sent.push(sent);
    if (this.day === 'loses-its-yes') return void response.destroy();
    const content =
      type === 'email'
        ? {
            subject: personalisation['subject'],
            body: personalisation['text'],
            from_email: 'northshire@notify.example',
          }
        : { body: personalisation['text'], from_number: 'GOVUK' };
    answer(response, 201, {
      id: sent.id,
      reference: sent.reference,
      content,
      uri: `${this.url}/v2/notifications/${sent.id}`,
      template: { id: template.id, version: 1, uri: `${this.url}/v2/template/${template.id}` },
      scheduled_for: null,
    });
  }
}

/** As Notify checks it: signed with the key's secret, for this service, at most 30 seconds old. */
async function tokenFault(authorization: string | undefined): Promise<string | null> {
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
  if (!token) return 'Unauthorized: authentication token must be provided';
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(SECRET), {
      algorithms: ['HS256'],
      issuer: SERVICE,
    });
    const age = Math.abs(Date.now() / 1_000 - (payload.iat ?? 0));
    return age <= 30 ? null : 'Error: Your system clock must be accurate to within 30 seconds';
  } catch {
    return 'Invalid token: API key not found';
  }
}

function refuse(response: ServerResponse, status: number, error: string, message: string): void {
  answer(response, status, { status_code: status, errors: [{ error, message }] });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function textIn(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}
