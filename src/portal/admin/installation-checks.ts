import type { AuthorityTermDates } from '../../calendar/term-dates-horizon.service.js';
import { alertTodo } from '../../alerts/domain/alert-text.js';
import type { DueWorkStatus } from '../../jobs/due-work.js';
import type { SystemCheck } from '../presenters/admin.view-model.js';
import { calendarDateWords, shortMoment } from '../presenters/london-time.js';
import type { AuditRun } from '../../watch/auditor.service.js';
import { findingText } from '../../watch/domain/finding.js';
import { durationInWords } from '../presenters/time-left.js';
import type { MailState } from './admin.repository.js';

/** A timer this late has missed its promise (design.md section 1, promise 5). */
const LATE_SECONDS = 5;
const NAMED = 5;

const HEALTH: Readonly<Record<string, { name: string; remedy: string }>> = {
  database: { name: 'Database', remedy: 'Start PostgreSQL, or mend DATABASE_URL.' },
  durability: {
    name: 'Durability',
    remedy: 'Switch fsync and synchronous_commit on: accepted must mean kept.',
  },
  migrations: { name: 'Schema', remedy: 'Run "npx --no-install firstbell migrate".' },
  clock: { name: 'Clock', remedy: 'Let both machines take their time from the same place (NTP).' },
  queue: { name: 'Queue', remedy: 'Mend the queue; until then the sweep does the work.' },
  sweep: { name: 'Sweep', remedy: 'Restart this process; if it happens again, look into its log.' },
};

const clean = (name: string, value: string): SystemCheck => ({ name, ok: true, value, remedy: null });
const faulty = (name: string, value: string, remedy: string): SystemCheck => ({
  name,
  ok: false,
  value,
  remedy,
});

export function healthChecks(
  checks: Readonly<Record<string, { ok: boolean; reason?: string }>>,
  queueBackend: DueWorkStatus['queue']['backend'],
): SystemCheck[] {
  const backends = { redis: 'on Redis', postgres: 'on PostgreSQL', none: 'in another process' };
  return Object.entries(checks).map(([key, { ok, reason }]) => {
    const known = HEALTH[key] ?? { name: key, remedy: 'See OPERATIONS.md.' };
    const found = key === 'queue' ? `In order, ${backends[queueBackend]}` : 'In order';
    return ok ? clean(known.name, found) : faulty(known.name, reason ?? 'not in order', known.remedy);
  });
}

export function workChecks(status: DueWorkStatus): SystemCheck[] {
  const late = Math.round(status.oldestDueSeconds);
  return [
    late <= LATE_SECONDS
      ? clean('Oldest due timer', 'Nothing that is due waits')
      : faulty(
          'Oldest due timer',
          `It is ${durationInWords(late * 1_000)} late (${late} s)`,
          'Look whether a worker runs and whether the database is slow.',
        ),
    status.failedJobs === 0
      ? clean('Failed jobs', 'None')
      : faulty(
          'Failed jobs',
          `${status.failedJobs} given up after their last attempt`,
          'Look their ids up in the log; OPERATIONS.md, "Work that failed".',
        ),
  ];
}

export function alertCheck(
  alerts: readonly { kind: string; test: boolean; count: number; subjects: string[] }[],
): SystemCheck {
  if (alerts.length === 0) return clean('Open alerts', 'None');
  const named = alerts.map((alert) => ({
    ...alert,
    name: `${alert.test ? 'TEST ' : ''}${alert.kind.replaceAll('-', ' ')}`,
  }));
  const words = named.map(({ name, count, subjects }) => {
    const more = count > subjects.length ? ', …' : '';
    return `${count} ${name} (${subjects.join(', ')}${more})`;
  });
  const remedies = named.map(({ name, kind, test }) =>
    named.length === 1 ? alertTodo(kind, test) : `About ${name}: ${alertTodo(kind, test)}`,
  );
  return faulty('Open alerts', words.join('; '), remedies.join(' '));
}

/** A round takes place each minute; after this long without one, nobody looks. */
const AUDIT_SILENT_MS = 180_000;

export function auditCheck(
  { finishedAt, findings, pingedAt, pingError }: AuditRun,
  realNow: Date,
): SystemCheck {
  const remedy = 'Run "npx --no-install firstbell doctor"; OPERATIONS.md, "What the auditor finds".';
  if (!finishedAt)
    return clean('Auditor', 'Has not looked yet: its first round is seconds after a worker starts');
  const ago = realNow.getTime() - finishedAt.getTime();
  if (ago > AUDIT_SILENT_MS) {
    return faulty('Auditor', `Has not looked for ${durationInWords(ago)}`, 'Look whether a worker runs.');
  }
  if (findings.length > 0) {
    const named =
      findings.slice(0, NAMED).map(findingText).join('; ') + (findings.length > NAMED ? '; …' : '');
    return faulty('Auditor', named, remedy);
  }
  if (pingError)
    return faulty('Auditor', `All clean, but the outside heartbeat was not taken (${pingError})`, remedy);
  return clean(
    'Auditor',
    pingedAt ? 'All clean; the outside heartbeat is called' : 'All clean; no outside heartbeat is set',
  );
}

export function deskCheck(desks: readonly string[]): SystemCheck {
  if (desks.length === 0) return clean('Desks', 'Somebody can be reached at every desk');
  const named = desks.slice(0, NAMED).join('; ') + (desks.length > NAMED ? '; …' : '');
  return faulty(
    'Desks',
    `${desks.length} without anybody who can be reached: ${named}`,
    'Give them contacts with a verified address (contacts import, or the authority’s page "Contacts").',
  );
}

export function settingCheck({ without, open }: { without: number; open: number }): SystemCheck {
  return without === 0
    ? clean('Settings', `Somebody can be reached at each of the ${open} open settings`)
    : faulty(
        'Settings',
        `${without} of ${open} open settings have nobody who can be reached`,
        'Ask them for contacts with a verified address; until then their notices go to the authority’s duty desk.',
      );
}

export function calendarChecks(authorities: readonly AuthorityTermDates[]): SystemCheck[] {
  return authorities.map(({ name: authority, until, problem }) => {
    const name = `Term dates, ${authority}`;
    if (!until) {
      return faulty(name, 'None: every weekday counts as a school day', 'Import the authority’s term dates.');
    }
    const words = `Known until ${calendarDateWords(until)}`;
    return problem ? faulty(name, words, 'Import the next school year’s dates.') : clean(name, words);
  });
}

export function mailCheck({ lastAcceptedAt, lost, waiting }: MailState, now: Date): SystemCheck {
  const last = lastAcceptedAt
    ? `Last accepted at ${shortMoment(lastAcceptedAt, now).words}`
    : 'Nothing has been sent yet';
  if (lost === 0 && waiting === 0) return clean('Mail', last);
  const parts = [
    ...(lost > 0 ? [`${lost} came back or were given up in the last 24 hours`] : []),
    ...(waiting > 0 ? [`${waiting} have waited for more than 5 minutes`] : []),
  ];
  return faulty(
    'Mail',
    `${last}; ${parts.join('; ')}`,
    'Look at the mail server and at the addresses that bounce.',
  );
}
