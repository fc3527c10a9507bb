import {
  ADULT_ROLES,
  CATEGORIES,
  EDUCATIONS,
  MAY_COLLECT,
  PRESENCES,
  RISKS,
  SCHOOL_CONNECTIONS,
} from '../dto/code-lists.js';
import { CODE, LONG_TEXT, NAME, PHRASE } from '../dto/limits.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
const text = (maxLength: number, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  maxLength,
  ...more,
});
const maybeText = (maxLength: number): JsonSchema => ({ type: ['string', 'null'], maxLength });
const maybeCode = (codes: readonly string[]): JsonSchema => ({ enum: [...codes, null] });
const maybeFlag: JsonSchema = { type: ['boolean', 'null'] };
const instant: JsonSchema = { type: 'string', format: 'date-time' };
const date: JsonSchema = { type: 'string', format: 'date' };
const list = (items: JsonSchema, maxItems: number): JsonSchema => orNull({ type: 'array', items, maxItems });

function object(properties: Record<string, JsonSchema>, ...required: string[]): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(required.length ? { required } : {}),
  };
}

/** What a force may send, as JSON Schema (2020-12). The rules themselves are the DTO classes; a test compares the two. */
export const NOTIFICATION_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Notification: object(
    {
      forceReference: text(PHRASE, { minLength: 1 }),
      version: {
        type: ['integer', 'null'],
        minimum: 1,
        description: 'Absent: the same content replays, other content becomes the next version.',
      },
      category: { enum: [...CATEGORIES] },
      incident: ref('Incident'),
      officer: orNull(ref('Officer')),
      adults: list(ref('Adult'), 50),
      children: { type: 'array', items: ref('Child'), minItems: 1, maxItems: 20 },
      restrictions: orNull(ref('Restrictions')),
      referrals: list(ref('Referral'), 50),
    },
    'forceReference',
    'category',
    'incident',
    'children',
  ),
  Incident: object(
    {
      startedAt: { ...instant, description: 'With its offset; at most 5 minutes ahead.' },
      attendedAt: orNull(instant),
      risk: {
        ...maybeCode(RISKS),
        description: 'The police grade of risk to the adult, not the child. Absent: not-assessed.',
      },
      circumstances: maybeText(LONG_TEXT),
      policeAction: maybeText(LONG_TEXT),
    },
    'startedAt',
  ),
  Officer: object({
    name: maybeText(NAME),
    collarNumber: maybeText(PHRASE),
    teamEmail: maybeText(NAME),
    teamPhone: maybeText(PHRASE),
  }),
  Adult: object({
    role: maybeCode(ADULT_ROLES),
    forename: maybeText(NAME),
    surname: maybeText(NAME),
    relationshipToChild: maybeText(NAME),
    schoolConnection: maybeCode(SCHOOL_CONNECTIONS),
    mayCollect: maybeCode(MAY_COLLECT),
    orders: list(ref('Order'), 50),
  }),
  Order: object({ kind: maybeText(PHRASE), terms: maybeText(LONG_TEXT), until: orNull(date) }),
  Child: {
    ...object(
      {
        reference: text(PHRASE, { minLength: 1, description: 'Unique within the notification.' }),
        forename: maybeText(NAME),
        surname: maybeText(NAME),
        knownAs: list(text(NAME), 50),
        dateOfBirth: orNull(date),
        ageEstimate: { type: ['number', 'null'], minimum: 0, maximum: 25 },
        homePostcode: maybeText(CODE),
        homeAuthorityCode: maybeText(CODE),
        upn: maybeText(CODE),
        education: maybeCode(EDUCATIONS),
        presence: { enum: [...PRESENCES] },
        circumstances: {
          ...maybeText(LONG_TEXT),
          description: "Replaces the incident's for this child's settings.",
        },
        voice: orNull(ref('Voice')),
        ethnicity: maybeText(NAME),
        language: maybeText(NAME),
        interpreter: { type: ['string', 'boolean', 'null'], maxLength: NAME },
        communicationNeeds: maybeText(LONG_TEXT),
        settings: list(ref('Setting'), 20),
        schoolStated: maybeText(NAME),
      },
      'reference',
      'presence',
    ),
    anyOf: [{ required: ['dateOfBirth'] }, { required: ['ageEstimate'] }],
  },
  Voice: object({
    spokenTo: maybeFlag,
    alone: maybeFlag,
    words: maybeText(LONG_TEXT),
    demeanour: maybeText(LONG_TEXT),
  }),
  Setting: object({ urn: maybeText(CODE), laestab: maybeText(CODE) }),
  Restrictions: object({
    doNotDiscloseTo: list(text(NAME), 50),
    safeAddress: maybeFlag,
    activeInvestigation: maybeFlag,
  }),
  Referral: object({ to: maybeText(NAME), at: orNull(instant) }),
};

const fault = object({ pointer: { type: 'string' }, code: { type: 'string' }, detail: { type: 'string' } });

/** What we answer. */
export const ANSWER_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Kept: {
    type: 'object',
    required: ['id', 'forceReference', 'version', 'status', 'receivedAt', 'warnings', 'links'],
    properties: {
      id: { type: 'string', format: 'uuid', description: 'The same for every version.' },
      forceReference: { type: 'string' },
      version: { type: 'integer' },
      status: { const: 'accepted' },
      receivedAt: instant,
      warnings: { type: 'array', items: ref('Fault') },
      links: { type: 'object', properties: { self: { type: 'string', format: 'uri-reference' } } },
    },
  },
  Heartbeat: {
    type: 'object',
    required: ['sent'],
    additionalProperties: false,
    properties: {
      sent: {
        type: 'integer',
        minimum: 0,
        maximum: 1_000_000,
        description: 'Notifications sent since your heartbeat before.',
      },
    },
  },
  HeartbeatHeard: {
    type: 'object',
    required: ['receivedAt', 'sent', 'received', 'since'],
    properties: {
      receivedAt: instant,
      sent: { type: 'integer', description: 'As you said.' },
      received: {
        type: 'integer',
        description:
          'New notifications that were kept since; versions and repeats do not count. Fewer than you sent: some were refused or lost.',
      },
      since: { anyOf: [instant, { type: 'null' }], description: 'Your heartbeat before; null: none.' },
    },
  },
  Status: {
    allOf: [
      ref('Kept'),
      { type: 'object', properties: { notices: { type: 'array', items: ref('NoticeStatus') } } },
    ],
  },
  NoticeStatus: {
    type: 'object',
    properties: {
      childReference: { type: 'string' },
      urn: { type: 'string', description: 'The setting that has it; or:' },
      desk: { type: 'string', description: 'The kind of desk that has it.' },
      state: { type: 'string' },
      redirectReason: {
        type: 'string',
        enum: ['not-our-pupil'],
        description:
          'The setting said so: please correct the school in your records. Another notice follows it.',
      },
      deliveredAt: orNull(instant),
      acknowledgedAt: orNull(instant),
      actionedAt: orNull(instant),
    },
  },
  Fault: fault,
  Problem: {
    type: 'object',
    description: 'RFC 9457. Holds no personal data.',
    properties: {
      type: { type: 'string', format: 'uri-reference' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string' },
      detail: { type: 'string' },
      instance: { type: 'string', description: 'Quote it when asking for help.' },
      errors: { type: 'array', items: ref('Fault') },
    },
  },
  Token: {
    type: 'object',
    properties: {
      access_token: { type: 'string' },
      token_type: { const: 'Bearer' },
      expires_in: { const: 600 },
      scope: { type: 'string' },
    },
  },
  TokenError: {
    type: 'object',
    properties: { error: { type: 'string' }, error_description: { type: 'string' } },
  },
};
