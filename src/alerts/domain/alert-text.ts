export interface AlertRow {
  kind: string;
  subject: string;
  detail: Record<string, unknown>;
  raised_at: Date;
}

interface AlertWords {
  subject: string;
  what: string;
  todo: string;
}

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
    subject: 'a refused notification was not mended',
    what: 'A notification was refused and nothing that mends it has come for 30 minutes. No school knows of it.',
    todo: 'Look the reference up in the sending system, mend what the answer named, and send it again.',
  },
  'provider-down': {
    subject: 'messages do not leave',
    what: 'A provider of mail or text messages does not answer, or too slowly, and somebody waits who has no other way.',
    todo: 'Look at the provider named below (OPERATIONS.md, "A provider that is down"). Messages wait and go when it is back.',
  },
  'fallback-undelivered': {
    subject: 'the fallback address does not work',
    what: 'Nobody at a desk can be told, and the fallback address does not take mail either.',
    todo: 'Telephone the authority now, then give it a fallback address that works (firstbell sender set).',
  },
  'job-exhausted': {
    subject: 'a piece of work has failed for good',
    what: 'A piece of work used up its attempts. What follows it has been started.',
    todo: 'Look the id up in the log; the runbook is OPERATIONS.md, "Work that failed".',
  },
};

/** Ids, codes and what to do; never what the notification says. */
export function alertText(alert: AlertRow): { subject: string; text: string } {
  const words = WORDS[alert.kind] ?? { subject: alert.kind, what: alert.kind, todo: 'See OPERATIONS.md.' };
  const detail = Object.entries(alert.detail).map(([name, value]) => `  ${name}: ${String(value)}`);
  return {
    subject: `Firstbell alert: ${words.subject}`,
    text: [
      words.what,
      words.todo,
      '',
      `Subject: ${alert.subject}`,
      `Since: ${alert.raised_at.toISOString()}`,
      ...detail,
      '',
    ].join('\n'),
  };
}
