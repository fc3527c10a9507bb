import { allProblems } from '../domain/problem.js';
import { exampleNotification } from '../dto/example-notification.js';
import { ANSWER_SCHEMAS, NOTIFICATION_SCHEMAS, type JsonSchema } from './schemas.js';

const schema = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const json = (name: string, more: JsonSchema = {}): JsonSchema => ({
  content: { 'application/json': { schema: schema(name), ...more } },
});
const RETRY_AFTER = { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds' } };

const problemContent = { content: { 'application/problem+json': { schema: schema('Problem') } } };

/** One response for each status that has a problem, naming its codes. */
function problems(...statuses: readonly number[]): Record<string, JsonSchema> {
  return Object.fromEntries(
    statuses.map((status) => {
      const titles = allProblems().filter((each) => each.status === status);
      const description = titles.map(({ code, title }) => `${code}: ${title}`).join('. ');
      const headers = status === 429 || status === 503 ? { headers: RETRY_AFTER } : {};
      return [String(status), { description: description || 'See the code', ...headers, ...problemContent }];
    }),
  );
}

const REPLAYED = { 'Idempotency-Replayed': { schema: { const: 'true' } } };
const LOCATION = { Location: { schema: { type: 'string', format: 'uri-reference' } } };
const scoped = (scope: string): JsonSchema[] => [{ forceClient: [scope] }];

const POST_NOTIFICATION = {
  summary: 'Send a notification, or a new version of one',
  description:
    '202 means kept. Repeating a request is always safe: what is kept already is answered 200 with the first answer’s body.',
  security: scoped('notifications:write'),
  parameters: [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: 'Per force, kept 30 days.',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
    },
  ],
  requestBody: { required: true, ...json('Notification', { example: exampleNotification() }) },
  responses: {
    '202': { description: 'Kept', headers: LOCATION, ...json('Kept') },
    '200': { description: 'Was kept before', headers: { ...REPLAYED, ...LOCATION }, ...json('Kept') },
    ...problems(400, 401, 403, 409, 413, 415, 422, 429, 503),
  },
};

const TOKEN = {
  summary: 'Get an access token (client credentials, 10 minutes)',
  security: [{ clientBasic: [] }, {}],
  requestBody: {
    required: true,
    content: {
      'application/x-www-form-urlencoded': {
        schema: {
          type: 'object',
          required: ['grant_type'],
          properties: {
            grant_type: { const: 'client_credentials' },
            scope: { type: 'string', description: 'Absent: every scope of the client.' },
            client_assertion_type: { const: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' },
            client_assertion: { type: 'string', description: 'private_key_jwt, instead of HTTP Basic.' },
          },
        },
      },
    },
  },
  responses: {
    '200': { description: 'A token', ...json('Token') },
    '400': { description: 'invalid_request, unsupported_grant_type, invalid_scope', ...json('TokenError') },
    '401': { description: 'invalid_client', ...json('TokenError') },
    '429': { description: 'Too many wrong secrets', headers: RETRY_AFTER, ...json('TokenError') },
    '503': { description: 'Not now', headers: RETRY_AFTER, ...json('TokenError') },
  },
};

function getStatus(summary: string, parameter: JsonSchema): JsonSchema {
  return {
    summary,
    security: scoped('notifications:read'),
    parameters: [parameter],
    responses: {
      '200': { description: 'What became of it', ...json('Status') },
      ...problems(401, 403, 404, 429, 503),
    },
  };
}

const HEARTBEAT = {
  summary: 'Say that your feed is alive, and how much it has sent',
  description:
    'A night without incidents then differs from a feed that is broken: you are expected by 07:00 London time unless agreed otherwise, ' +
    'and your mailbox is told when neither a notification nor a heartbeat has come. Once an hour is enough.',
  security: scoped('notifications:write'),
  requestBody: { required: true, ...json('Heartbeat', { example: { sent: 12 } }) },
  responses: {
    '200': { description: 'Heard', ...json('HeartbeatHeard') },
    ...problems(400, 401, 403, 413, 415, 422, 429, 503),
  },
};

/** The police API (OpenAPI 3.1). `serverUrl`: the origin at which it is reached. */
export function openApiDocument(serverUrl: string): JsonSchema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Firstbell police API',
      version: '1',
      description:
        'What a police system sends about a child who may be a victim of domestic abuse, and what it learns.',
    },
    servers: [{ url: serverUrl }],
    paths: {
      '/oauth/token': { post: TOKEN },
      '/v1/notifications': {
        post: POST_NOTIFICATION,
        get: getStatus('What became of a notification, by your own reference', {
          name: 'forceReference',
          in: 'query',
          required: true,
          schema: { type: 'string' },
        }),
      },
      '/v1/heartbeat': { post: HEARTBEAT },
      '/v1/notifications/{id}': {
        get: getStatus('What became of a notification', {
          name: 'id',
          in: 'path',
          required: true,
          schema: { type: 'string', format: 'uuid' },
        }),
      },
    },
    components: {
      schemas: { ...NOTIFICATION_SCHEMAS, ...ANSWER_SCHEMAS },
      securitySchemes: {
        clientBasic: { type: 'http', scheme: 'basic' },
        forceClient: {
          type: 'oauth2',
          flows: {
            clientCredentials: {
              tokenUrl: '/oauth/token',
              scopes: {
                'notifications:write': 'Send notifications',
                'notifications:read': 'Learn what became of them',
              },
            },
          },
        },
      },
    },
  };
}
