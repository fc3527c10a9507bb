import { IsOptional, validateSync } from 'class-validator';
import {
  clockText,
  databaseUrl,
  heartbeatUrl,
  listenAddress,
  longSecret,
  mailAddress,
  mailDomain,
  notifyKey,
  oneOf,
  plainAddress,
  proxies,
  publicUrl,
  Satisfies,
  urlOf,
  uuidText,
  wholeNumber,
} from './checks.js';
import { deliveryProblems } from './delivery.js';
import { nearestName } from './nearest-name.js';
import { StartRefused } from './problems.js';

const REDIS_EXAMPLE = 'redis://:password@host:6379 or rediss://...';
const NOTIFY_EXAMPLE = 'https://api.notifications.service.gov.uk';
const IMAP_EXAMPLE = 'imaps://user:password@host:993/INBOX';
const SMTP_EXAMPLE = 'smtps://user:password@host:465 or smtp://host:587';

/** Every variable that Firstbell reads, as written. An empty value counts as absent. */
export class Environment {
  /** PostgreSQL, as the application's role. Absent: the embedded default. */
  @IsOptional() @Satisfies(databaseUrl) DATABASE_URL?: string;
  /** PostgreSQL, as the role that owns the tables: used for migrations only. */
  @IsOptional() @Satisfies(databaseUrl) DATABASE_OWNER_URL?: string;
  /** Redis or Valkey for BullMQ; absent: BullMQ's PostgreSQL backend. */
  @IsOptional() @Satisfies(urlOf(['redis', 'rediss'], REDIS_EXAMPLE)) REDIS_URL?: string;
  @IsOptional() @Satisfies(wholeNumber(0, 65_535)) PORT?: string;
  @IsOptional() HOST?: string;
  /** Where people reach the pages: links in mails begin with it. */
  @IsOptional() @Satisfies(publicUrl) PUBLIC_URL?: string;
  @IsOptional() @Satisfies(proxies) TRUST_PROXY?: string;
  @IsOptional() @Satisfies(urlOf(['smtp', 'smtps'], SMTP_EXAMPLE)) SMTP_URL?: string;
  @IsOptional() @Satisfies(mailAddress) MAIL_FROM?: string;
  /** Alerts that belong to no authority and no force go here. */
  @IsOptional() @Satisfies(mailAddress) OPERATOR_EMAIL?: string;
  /** Who takes mail: the mail server of SMTP_URL, or GOV.UK Notify. */
  @IsOptional() @Satisfies(oneOf('smtp', 'notify')) MAIL_PROVIDER?: string;
  @IsOptional() @Satisfies(wholeNumber(1, 50)) SMTP_CONNECTIONS?: string;
  /** Total time for one message; never above 60, because a claim holds for 120. */
  @IsOptional() @Satisfies(wholeNumber(1, 60)) SEND_TIMEOUT_SECONDS?: string;
  /** From here on an answer of a provider counts as slow. */
  @IsOptional() @Satisfies(wholeNumber(1, 60)) SLOW_SEND_SECONDS?: string;
  @IsOptional() @Satisfies(notifyKey) NOTIFY_API_KEY?: string;
  /** Another base address than GOV.UK Notify's own: a proxy, or a stand-in under test. */
  @IsOptional() @Satisfies(urlOf(['https', 'http'], NOTIFY_EXAMPLE)) NOTIFY_URL?: string;
  @IsOptional() @Satisfies(uuidText) NOTIFY_EMAIL_TEMPLATE_ID?: string;
  @IsOptional() @Satisfies(uuidText) NOTIFY_SMS_TEMPLATE_ID?: string;
  @IsOptional() @Satisfies(uuidText) NOTIFY_REPLY_TO_ID?: string;
  @IsOptional() @Satisfies(uuidText) NOTIFY_SMS_SENDER_ID?: string;
  /** The bearer token that was entered at Notify for delivery receipts. */
  @IsOptional() @Satisfies(longSecret) NOTIFY_CALLBACK_TOKEN?: string;
  /** A gateway that sends mail to `<number>@domain` on as a text message. */
  @IsOptional() @Satisfies(mailDomain) SMS_MAIL_DOMAIN?: string;
  /** Where bounce reports come back to; mails leave with the mailing's id after a plus sign. */
  @IsOptional() @Satisfies(plainAddress) BOUNCE_ADDRESS?: string;
  /** `host:port` on which the worker takes bounce reports by SMTP. */
  @IsOptional() @Satisfies(listenAddress) BOUNCE_LISTEN?: string;
  /** A mailbox from which the worker reads bounce reports. */
  @IsOptional() @Satisfies(urlOf(['imaps', 'imap'], IMAP_EXAMPLE)) BOUNCE_IMAP_URL?: string;
  /** Where read reports go; absent: they are flagged and stay. */
  @IsOptional() BOUNCE_IMAP_DONE_FOLDER?: string;
  @IsOptional() @Satisfies(wholeNumber(1, 3_600)) BOUNCE_IMAP_POLL_SECONDS?: string;
  /** Is told when nobody at a desk can be, and the authority has named no address of its own. */
  @IsOptional() @Satisfies(plainAddress) FALLBACK_EMAIL?: string;
  @IsOptional()
  @Satisfies(oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'))
  LOG_LEVEL?: string;
  /** Where administrators' uploads wait for their import, private to this account; every web and worker must reach it. */
  @IsOptional() UPLOADS_FOLDER?: string;
  /** gov.uk's list of bank holidays, fetched daily; absent: the shipped forecast and `calendar bank-holidays`. */
  @IsOptional()
  @Satisfies(urlOf(['https', 'http'], 'https://www.gov.uk/bank-holidays.json'))
  BANK_HOLIDAYS_URL?: string;
  @IsOptional() @Satisfies(wholeNumber(2, 500)) DATABASE_POOL_SIZE?: string;
  @IsOptional() @Satisfies(wholeNumber(2, 500)) QUEUE_POOL_SIZE?: string;
  @IsOptional() METRICS_TOKEN?: string;
  /** An outside watchman's address, called each minute in which every check is clean; it raises the alarm when the calls stop. */
  @IsOptional() @Satisfies(heartbeatUrl) HEARTBEAT_URL?: string;
  /** What one police system may ask of one process; beyond it, 429. */
  @IsOptional() @Satisfies(wholeNumber(1, 100_000_000)) CLIENT_REQUESTS_PER_MINUTE?: string;
  @IsOptional() FIRSTBELL_HOME?: string;
  @IsOptional() @Satisfies(clockText) FIRSTBELL_CLOCK?: string;
  @IsOptional() @Satisfies(oneOf('web', 'worker', 'both')) FIRSTBELL_ROLE?: string;
  /** How many processes of this installation share the database, for the count of connections. */
  @IsOptional() @Satisfies(wholeNumber(1, 1_000)) FIRSTBELL_PROCESSES?: string;
  /** A file with the keys, or the same JSON inline. */
  @IsOptional() FIRSTBELL_KEYS_FILE?: string;
  @IsOptional() FIRSTBELL_KEYS?: string;
}

/** In the order of the class; the sample of deploy/ is tested against it. */
export const VARIABLES = [
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'REDIS_URL',
  'PORT',
  'HOST',
  'PUBLIC_URL',
  'TRUST_PROXY',
  'SMTP_URL',
  'MAIL_FROM',
  'OPERATOR_EMAIL',
  'MAIL_PROVIDER',
  'SMTP_CONNECTIONS',
  'SEND_TIMEOUT_SECONDS',
  'SLOW_SEND_SECONDS',
  'NOTIFY_API_KEY',
  'NOTIFY_URL',
  'NOTIFY_EMAIL_TEMPLATE_ID',
  'NOTIFY_SMS_TEMPLATE_ID',
  'NOTIFY_REPLY_TO_ID',
  'NOTIFY_SMS_SENDER_ID',
  'NOTIFY_CALLBACK_TOKEN',
  'SMS_MAIL_DOMAIN',
  'BOUNCE_ADDRESS',
  'BOUNCE_LISTEN',
  'BOUNCE_IMAP_URL',
  'BOUNCE_IMAP_DONE_FOLDER',
  'BOUNCE_IMAP_POLL_SECONDS',
  'FALLBACK_EMAIL',
  'LOG_LEVEL',
  'UPLOADS_FOLDER',
  'BANK_HOLIDAYS_URL',
  'DATABASE_POOL_SIZE',
  'QUEUE_POOL_SIZE',
  'METRICS_TOKEN',
  'HEARTBEAT_URL',
  'CLIENT_REQUESTS_PER_MINUTE',
  'FIRSTBELL_HOME',
  'FIRSTBELL_CLOCK',
  'FIRSTBELL_ROLE',
  'FIRSTBELL_PROCESSES',
  'FIRSTBELL_KEYS_FILE',
  'FIRSTBELL_KEYS',
] as const satisfies readonly (keyof Environment)[];

const REQUIRED: readonly [keyof Environment, string][] = [
  ['PUBLIC_URL', 'the address at which people reach Firstbell, for example https://firstbell.example.org'],
  ['SMTP_URL', `the mail server, for example ${SMTP_EXAMPLE}`],
  ['MAIL_FROM', 'the sender of every mail, for example firstbell@example.org'],
  [
    'OPERATOR_EMAIL',
    'the mailbox of whoever runs this installation: alerts that belong to nobody else go there',
  ],
];

const EMBEDDED_REFUSES: readonly (keyof Environment)[] = [
  'DATABASE_OWNER_URL',
  'SMTP_URL',
  'FIRSTBELL_KEYS_FILE',
  'FIRSTBELL_KEYS',
  'FIRSTBELL_PROCESSES',
  'TRUST_PROXY',
];

/**
 * Reads the variables once. Nothing else in Firstbell reads `process.env`.
 * @throws StartRefused naming every problem at once
 */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const environment = new Environment();
  for (const name of VARIABLES) {
    const value = source[name]?.trim();
    if (value) environment[name] = value;
  }
  const problems = [
    ...validateSync(environment).flatMap((error) => Object.values(error.constraints ?? {})),
    ...deliveryProblems(environment),
    ...(environment.DATABASE_URL ? configuredProblems(environment) : embeddedProblems(environment)),
    ...typos(source),
  ];
  if (problems.length > 0) throw new StartRefused(problems);
  return environment;
}

function configuredProblems(environment: Environment): string[] {
  const byNotify = environment.MAIL_PROVIDER === 'notify';
  const required = REQUIRED.filter(([name]) => !(byNotify && name === 'SMTP_URL'));
  const problems = required
    .filter(([name]) => !environment[name])
    .map(([name, meaning]) => `${name} is missing: set it to ${meaning}.`);
  if (environment.FIRSTBELL_CLOCK) {
    problems.push(
      'FIRSTBELL_CLOCK is for the embedded demonstration only: real notices need real time. Remove it, or remove DATABASE_URL.',
    );
  }
  if (!environment.FIRSTBELL_KEYS_FILE && !environment.FIRSTBELL_KEYS) {
    problems.push(
      'FIRSTBELL_KEYS_FILE is missing: nothing can be sealed without keys. Make the file once with ' +
        '"npx --no-install firstbell keys new > keys.json", keep a copy outside the database, and give every process the same.',
    );
  }
  if (environment.FIRSTBELL_KEYS_FILE && environment.FIRSTBELL_KEYS) {
    problems.push('FIRSTBELL_KEYS_FILE and FIRSTBELL_KEYS are both set: remove one of them.');
  }
  return problems;
}

function embeddedProblems(environment: Environment): string[] {
  const problems = EMBEDDED_REFUSES.filter((name) => environment[name]).map(
    (name) => `${name} has no meaning in the embedded default: set DATABASE_URL too, or remove it.`,
  );
  if (environment.HOST && !['127.0.0.1', 'localhost'].includes(environment.HOST)) {
    problems.push(
      'HOST must be 127.0.0.1 in the embedded default, which shows its mailboxes without sign-in: remove it, or set DATABASE_URL.',
    );
  }
  if (
    environment.NOTIFY_API_KEY &&
    !/^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(`${environment.NOTIFY_URL}/`)
  ) {
    problems.push(
      'NOTIFY_API_KEY in the embedded default would send messages about invented people: remove it, or point NOTIFY_URL to this machine.',
    );
  }
  if (environment.BOUNCE_LISTEN && !environment.BOUNCE_LISTEN.startsWith('127.0.0.1:')) {
    problems.push('BOUNCE_LISTEN must begin with 127.0.0.1: in the embedded default.');
  }
  if (environment.FIRSTBELL_ROLE && environment.FIRSTBELL_ROLE !== 'both') {
    problems.push('FIRSTBELL_ROLE must be "both" in the embedded default, which is one process: remove it.');
  }
  return problems;
}

/** A misspelt variable would otherwise be a setting that silently does not apply. */
function typos(source: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(source)
    .filter((name) => name.startsWith('FIRSTBELL_') && !(VARIABLES as readonly string[]).includes(name))
    .map((name) => {
      const nearest = nearestName(name, VARIABLES);
      return `${name} is not a variable that Firstbell knows${nearest ? `; did you mean ${nearest}?` : ': remove it.'}`;
    });
}
