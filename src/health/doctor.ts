import type { INestApplicationContext } from '@nestjs/common';
import { Redis } from 'ioredis';
import { createTransport } from 'nodemailer';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config/config.js';
import { BankHolidayHorizon } from '../calendar/bank-holiday-horizon.service.js';
import { TermDatesHorizon } from '../calendar/term-dates-horizon.service.js';
import { systemActor } from '../common/actor.js';
import { Database } from '../database/database.js';
import { Coverage, type CoverageReport } from '../directory/coverage.service.js';
import { redisProblem } from '../jobs/queue/redis-problem.js';
import { Auditor } from '../watch/auditor.service.js';
import { findingText } from '../watch/domain/finding.js';
import { HealthChecks } from './health-checks.js';

export interface Finding {
  /** What was looked at: `database`, `mail`, `desks`. */
  readonly check: string;
  readonly ok: boolean;
  /** What is wrong and how to mend it, or what was found in order. No personal data. */
  readonly text: string;
}

const LIMIT_MS = 5_000;

/** Everything that can be looked at from outside a running process. */
export async function examine(app: INestApplicationContext): Promise<Finding[]> {
  const config = app.get<Config>(CONFIG, { strict: false });
  const { checks } = await app.get(HealthChecks, { strict: false }).readiness();
  const health = Object.entries(checks).map(([check, { ok, reason }]) => ({
    check,
    ok,
    text: reason ?? 'in order',
  }));
  return [
    ...health,
    await queue(app, config),
    await mail(config),
    ...(await desks(app)),
    ...(await coverage(app, config)),
    ...(await bankHolidays(app)),
    ...(await termDates(app, config)),
    ...(await watched(app)),
  ];
}

/** What the auditor looks at each minute, asked now; and when it last looked by itself. */
async function watched(app: INestApplicationContext): Promise<Finding[]> {
  const auditor = app.get(Auditor, { strict: false });
  const results = await auditor.examine();
  const { finishedAt } = await auditor.latest();
  const last = finishedAt
    ? `the auditor last looked at ${finishedAt.toISOString()}`
    : 'the auditor has not looked yet';
  return [
    ...results.flatMap(({ name, findings }): Finding[] =>
      findings.length === 0
        ? [{ check: name, ok: true, text: 'in order' }]
        : findings.map((finding) => ({ check: name, ok: false, text: findingText(finding) })),
    ),
    { check: 'audit', ok: true, text: last },
  ];
}

async function queue(app: INestApplicationContext, config: Config): Promise<Finding> {
  const { redisUrl } = config.queue;
  if (redisUrl) return redis(redisUrl);
  const source = app.get(DataSource, { strict: false });
  const [row] = await source.query<
    {
      there: boolean;
    }[]
  >(`SELECT to_regclass('bullmq.migration') IS NOT NULL AS there`);
  return row?.there
    ? { check: 'queue', ok: true, text: 'on PostgreSQL' }
    : {
        check: 'queue',
        ok: false,
        text: 'the schema "bullmq" is missing: run "npx --no-install firstbell migrate"',
      };
}

async function redis(url: string): Promise<Finding> {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: LIMIT_MS, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const problem = redisProblem(await client.info());
    return {
      check: 'queue',
      ok: problem === undefined,
      text: problem ?? 'on Redis, append-only and without eviction',
    };
  } catch {
    return {
      check: 'queue',
      ok: false,
      text: 'REDIS_URL: nothing answers there. Start Redis, or mend the URL',
    };
  } finally {
    client.disconnect();
  }
}

async function mail(config: Config): Promise<Finding> {
  if (!config.mail.smtpUrl) return { check: 'mail', ok: true, text: 'goes through GOV.UK Notify' };
  const { hostname, port } = new URL(config.mail.smtpUrl);
  if (config.mode === 'embedded' && port === '9') {
    return { check: 'mail', ok: true, text: 'the built-in mail catcher runs with npm start' };
  }
  const transport = createTransport({
    url: config.mail.smtpUrl,
    connectionTimeout: LIMIT_MS,
    greetingTimeout: LIMIT_MS,
  });
  try {
    await transport.verify();
    return { check: 'mail', ok: true, text: `${hostname}:${port || 'default port'} takes mail` };
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return {
      check: 'mail',
      ok: false,
      text: `SMTP_URL: ${hostname} does not take mail (${typeof code === 'string' ? code : 'no answer'})`,
    };
  } finally {
    transport.close();
  }
}

/** A notice that reaches a desk with nobody at it waits for somebody to look. */
async function desks(app: INestApplicationContext): Promise<Finding[]> {
  const rows = await app.get(Database, { strict: false }).transaction(systemActor('doctor'), (tx) =>
    tx.query<{ authority: string; missing: string[] | null; empty: string[] | null }>(`
      SELECT a.code AS authority,
        array_agg(k.kind ORDER BY k.kind) FILTER (WHERE d.id IS NULL AND k.needed) AS missing,
        array_agg(k.kind ORDER BY k.kind) FILTER (WHERE d.id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM contact c WHERE c.desk_id = d.id AND c.archived_at IS NULL
            AND ((c.email_verified_at IS NOT NULL AND c.email_bounced_at IS NULL)
              OR (c.mobile_verified_at IS NOT NULL AND c.mobile_failed_at IS NULL)))) AS empty
      FROM authority a CROSS JOIN (VALUES ('triage', true), ('duty', true), ('home-education', false), ('early-years', false))
          AS k(kind, needed)
        LEFT JOIN desk d ON d.authority_code = a.code AND d.kind = k.kind
      WHERE a.served GROUP BY a.code ORDER BY a.code`),
  );
  if (rows.length === 0) return [{ check: 'desks', ok: true, text: 'no authority is served yet' }];
  const faulty = rows.filter((row) => row.missing || row.empty);
  if (faulty.length === 0)
    return [{ check: 'desks', ok: true, text: `${rows.length} authorities, each with its desks` }];
  return faulty.map(({ authority, missing, empty }) => ({
    check: 'desks',
    ok: false,
    text: [
      missing ? `authority ${authority} has no ${missing.join(' and no ')} desk` : '',
      empty
        ? `nobody can be reached at the ${empty.join(' and the ')} desk of authority ${authority}: give it a contact whose address works (page "Coverage", or contacts import)`
        : '',
    ]
      .filter(Boolean)
      .join('; '),
  }));
}

/** A setting with nobody sends every notice to its authority's desk. */
async function coverage(app: INestApplicationContext, config: Config): Promise<Finding[]> {
  const service = app.get(Coverage, { strict: false });
  const reports = await app
    .get(Database, { strict: false })
    .transaction(systemActor('doctor'), async (tx) => {
      const found: CoverageReport[] = [];
      for (const { code } of await service.authorities(tx)) found.push(await service.ofAuthority(tx, code));
      return found;
    });
  const gaps = reports.flatMap(({ authority, settings, counts }) =>
    counts.nobody === undefined
      ? []
      : [
          `nobody can be reached at ${counts.nobody} of ${settings.length} settings of authority ${authority.code}`,
        ],
  );
  if (gaps.length === 0)
    return [{ check: 'coverage', ok: true, text: 'somebody can be reached at every setting' }];
  // The demonstration area has such settings to show what becomes of their notices.
  const meant = config.mode === 'embedded';
  const how = meant ? 'on purpose, in the demonstration area' : 'see "firstbell coverage --authority <code>"';
  return gaps.map((text) => ({ check: 'coverage', ok: meant, text: `${text} (${how})` }));
}

/** A bank holiday that nobody knows is a school day, and a school day has a bell at which somebody is missed. */
async function bankHolidays(app: INestApplicationContext): Promise<Finding[]> {
  const horizon = app.get(BankHolidayHorizon, { strict: false });
  const database = app.get(Database, { strict: false });
  const nations = await database.transaction(systemActor('doctor'), (tx) => horizon.nations(tx));
  const wrong = nations.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  if (wrong.length > 0) return wrong.map((text) => ({ check: 'bank holidays', ok: false, text }));
  const until = nations.map((one) => one.until ?? '').sort()[0] ?? '';
  const read = nations.filter(({ officialUntil }) => officialUntil !== null).length;
  const how =
    read > 0
      ? "gov.uk's list where it was read, by rule beyond it"
      : 'by rule alone: one-off ones are not in it';
  return [{ check: 'bank holidays', ok: true, text: `known until ${until} (${how})` }];
}

/** Where none are known every weekday has a bell, also in the holidays: nobody is there, and the desk hears of it each time. */
async function termDates(app: INestApplicationContext, config: Config): Promise<Finding[]> {
  const horizon = app.get(TermDatesHorizon, { strict: false });
  const database = app.get(Database, { strict: false });
  const authorities = await database.transaction(systemActor('doctor'), (tx) => horizon.authorities(tx));
  const wrong = authorities.filter(({ problem }) => problem !== null);
  if (wrong.length === 0) {
    const until = authorities.map((one) => one.until ?? '').sort()[0];
    const text = until
      ? `term dates of every authority are known until ${until} or later`
      : 'no authority is served yet';
    return [{ check: 'calendar', ok: true, text }];
  }
  return wrong.map(({ code, until }) => ({
    check: 'calendar',
    // Its dates are those that this version was made with.
    ok: config.mode === 'embedded',
    text: until
      ? `term dates of authority ${code} are known until ${until} only: import the next school year's`
      : `no term dates of authority ${code} are known, so every weekday counts as a school day: import them`,
  }));
}
