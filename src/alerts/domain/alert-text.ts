export interface AlertRow {
  kind: string;
  subject: string;
  detail: Record<string, unknown>;
  raised_at: Date;
  /** References that no mail has named yet; none: the one in `detail` is said again. */
  unmailed?: readonly string[];
}

interface AlertWords {
  subject: string;
  what: string;
  todo: string;
}

const NAMED = 50;

const WORDS: Readonly<Record<string, AlertWords>> = {
  'desk-unreachable': {
    subject: 'nobody at a desk can be reached',
    what: 'A notice reached a desk at which nobody can be told.',
    todo: 'Telephone the authority now, and give the desk a contact whose address works (firstbell doctor lists desks).',
  },
  'setting-unreachable': {
    subject: 'nobody at a setting can be reached',
    what: 'A setting has a notice and nobody there can be told. The duty desk has it.',
    todo: 'Ask the setting for a contact whose address works.',
  },
  'refused-notification': {
    subject: 'refused notifications were not mended',
    what: 'Notifications of this force were refused, the oldest 30 minutes ago, and nothing that mends them has come. No school knows of them.',
    todo: 'Look the references up in the sending system, mend what the codes name, and send them again.',
  },
  'provider-down': {
    subject: 'messages do not leave',
    what: 'A provider of mail or text messages does not answer, or too slowly, and somebody waits who has no other way.',
    todo: 'Look at the provider named below (OPERATIONS.md, "A provider that is down"). Messages wait and go when it is back.',
  },
  'bounce-storm': {
    subject: 'a provider calls nearly everybody unknown',
    what: 'Most of the people written to in the last quarter of an hour were refused as unknown. No address is switched off for that. Whoever has no other way is not told; the ladders have gone on to the desks.',
    todo: 'Mend the provider (or the mail domain) named in the subject. Notices that nobody has read are sent again when it works; telephone the schools of HIGH ones.',
  },
  'bounces-unread': {
    subject: 'bounce reports are not read',
    what: 'For a quarter of an hour or more the bounce mailbox could not be read to its end. Whoever’s mail came back counts as told.',
    todo: 'Look at the log for bounces.mailbox and bounces.message, then at BOUNCE_IMAP_URL, its password and BOUNCE_IMAP_DONE_FOLDER.',
  },
  'fallback-undelivered': {
    subject: 'the fallback address does not work',
    what: 'Nobody at a desk can be told, and the fallback address does not take mail either.',
    todo: 'Telephone the authority now, then give it a fallback address that works (firstbell sender set).',
  },
  'calendar-runs-out': {
    subject: 'bank holidays are running out',
    what: 'The bank holidays of a nation are not known a year ahead, or some have left the official list.',
    todo: 'Import the newest list: firstbell calendar bank-holidays <bank-holidays.json>; OPERATIONS.md, "Bank holidays".',
  },
  'sign-in-guessing': {
    subject: 'sign-in codes are being guessed',
    what: 'In the last quarter of an hour more than 100 wrong sign-in codes came from everywhere, or 30 from one network, which is sent no more codes until they are older than that.',
    todo: 'Look in the log of the proxy from where POST /sign-in/code comes: block a stranger; where it is a school or an office, ask what goes wrong there. Nobody who has signed in with the same browser before is kept out.',
  },
  'timers-overdue': {
    subject: 'timers are late',
    what: 'Work whose time has come has waited for more than a minute.',
    todo: 'Look whether a worker runs and whether the database is slow; then at the log, for the job named below.',
  },
  'messages-stuck': {
    subject: 'messages do not move',
    what: 'Messages were claimed and never finished, or waited without a job to send them (those have theirs again now).',
    todo: 'Look at the mail server and at the log; OPERATIONS.md, "What the auditor finds".',
  },
  'notice-unwatched': {
    subject: 'an open notice had no timer',
    what: 'An open notice had no timer that would have told anybody. It has one again, and its desk or setting is told now.',
    todo: 'Nothing is lost; find out how it came to this: its id is the subject, the audit trail tells its life.',
  },
  'feed-silent': {
    subject: 'a force has sent nothing',
    what: 'Neither a notification nor a heartbeat has come from this force by the time it was expected.',
    todo: 'Ask the force whether its sending system runs. Until something comes, no school of its area hears of this night.',
  },
  'not-ready': {
    subject: 'a part is not in order',
    what: 'A check of this installation fails.',
    todo: 'Run firstbell doctor; it says what to mend.',
  },
  'sender-silent': {
    subject: 'no sender answers',
    what: 'The auditor asked the workers for a sign of life, by the way that a mail takes, and nobody answered.',
    todo: 'Look whether a worker runs and whether its senders hang; restart it if need be.',
  },
  'operator-unreachable': {
    subject: 'alerts do not reach the operator',
    what: 'A mail about an alert came back from the operator’s address, was refused for a day, or has waited for an hour. The outside heartbeat is not called until this is seen to.',
    todo: 'Mend the mailbox or OPERATOR_EMAIL, look at what was missed (firstbell alerts list), then close this alert (firstbell alerts close).',
  },
  'audit-failed': {
    subject: 'a check could not look',
    what: 'One of the auditor’s checks failed or took too long, so that nobody knows whether all is well.',
    todo: 'Look at the log for audit.check-failed.',
  },
  'job-exhausted': {
    subject: 'a piece of work has failed for good',
    what: 'A piece of work used up its attempts. What follows it has been started.',
    todo: 'Look the id up in the log; the runbook is OPERATIONS.md, "Work that failed".',
  },
};

const wordsOf = (kind: string): AlertWords =>
  WORDS[kind] ?? { subject: kind, what: kind, todo: 'See OPERATIONS.md.' };

const TEST_TODO = 'A test notice showed it: no child waits. Mend it before one does (firstbell doctor).';

/** What to do about an alert of this kind, in whole sentences. */
export const alertTodo = (kind: string, test = false): string => (test ? TEST_TODO : wordsOf(kind).todo);

/** Ids, codes and what to do; never what the notification says. */
export function alertText({ kind, subject, detail, raised_at: raisedAt, unmailed = [] }: AlertRow): {
  subject: string;
  text: string;
} {
  const { notice, test, ...rest } = detail;
  const words = wordsOf(kind);
  const mark = test === true ? 'TEST: ' : '';
  const facts = Object.entries({ ...noticesOf(unmailed, notice), ...rest });
  return {
    subject: `${mark}Firstbell alert: ${words.subject}`,
    text: [
      `${mark}${words.what}`,
      alertTodo(kind, test === true),
      '',
      `Subject: ${subject}`,
      `Since: ${raisedAt.toISOString()}`,
      ...facts.map(([name, value]) => `  ${name}: ${String(value)}`),
      '',
    ].join('\n'),
  };
}

function noticesOf(unmailed: readonly string[], latest: unknown): Record<string, string> {
  const one = unmailed[0] ?? latest;
  if (unmailed.length <= 1) return typeof one === 'string' ? { notice: one } : {};
  const more = unmailed.length > NAMED ? ` and ${unmailed.length - NAMED} more (firstbell alerts list)` : '';
  return { notices: unmailed.slice(0, NAMED).join(', ') + more };
}
