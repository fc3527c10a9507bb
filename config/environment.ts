import { IsOptional, validateSync } from 'class-validator';
import {
  clockText,
  databaseUrl,
  mailAddress,
  oneOf,
  proxies,
  publicUrl,
  Satisfies,
  urlOf,
  wholeNumber,
} from './checks.js';
import { nearestName } from './nearest-name.js';
import { StartRefused } from './problems.js';

const REDIS_EXAMPLE = 'redis://:password@host:6379 or rediss://...';
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
  @IsOptional()
  @Satisfies(oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'))
  LOG_LEVEL?: string;
  @IsOptional() @Satisfies(wholeNumber(2, 500)) DATABASE_POOL_SIZE?: string;
  @IsOptional() @Satisfies(wholeNumber(2, 500)) QUEUE_POOL_SIZE?: string;
  @IsOptional() METRICS_TOKEN?: string;
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
  'LOG_LEVEL',
  'DATABASE_POOL_SIZE',
  'QUEUE_POOL_SIZE',
  'METRICS_TOKEN',
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
    ...(environment.DATABASE_URL ? configuredProblems(environment) : embeddedProblems(environment)),
    ...typos(source),
  ];
  if (problems.length > 0) throw new StartRefused(problems);
  return environment;
}

function configuredProblems(environment: Environment): string[] {
  const problems = REQUIRED.filter(([name]) => !environment[name]).map(
    ([name, meaning]) => `${name} is missing: set it to ${meaning}.`,
  );
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
