import { TYPED } from '../day.js';
import { finding, type Evidence, type Finding } from './finding.js';

interface Place {
  readonly where: string;
  readonly text: string;
}

const escape = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Words that name a person, a home, a school or what happened: as whole words, as written. */
function secretsOf({ notifications, ledger }: Evidence): { word: string; pattern: RegExp }[] {
  const all = [...notifications, ...ledger.postings.map(({ notification }) => notification)];
  const people = all.flatMap((one) => [...one.children, ...one.adults]);
  const names = people.flatMap(({ forename, surname }) => [forename, surname]);
  const children = all.flatMap((one) => one.children);
  const homes = children.flatMap(({ homePostcode, dateOfBirth, schoolStated }) => [
    homePostcode,
    homePostcode.replaceAll(' ', ''),
    dateOfBirth,
    schoolStated,
  ]);
  const circumstances = all.flatMap((one) => one.incident.circumstances.split(/(?<=\.)\s+/));
  const words = new Set([...names, ...homes, ...circumstances, ...TYPED, 'domestic', 'abuse']);
  return [...words].map((word) => ({
    word,
    pattern: new RegExp(`(?<![\\p{L}\\d])${escape(word)}(?![\\p{L}\\d])`, 'iu'),
  }));
}

/** Everywhere that is not a sealed row or a page for a reader. A recipient's own address may name a school. */
async function placesToLook({ sql, mails, log }: Evidence): Promise<Place[]> {
  const rows = await sql.rows<Place>(
    `SELECT 'outbox' AS where, name || ' ' || payload::text || ' ' || coalesce(last_error, '') AS text FROM outbox
     UNION ALL SELECT 'audit detail', action || ' ' || detail::text FROM audit_event
     UNION ALL SELECT 'alert', kind || ' ' || subject || ' ' || detail::text FROM alert
     UNION ALL SELECT 'routing decision', why::text FROM routing_decision`,
  );
  const caught = mails.map((mail) => {
    const { to: _to, ...headers } = mail.headers;
    return { where: 'mail', text: [mail.subject, mail.text, JSON.stringify(headers)].join('\n') };
  });
  return [...rows, ...caught, ...log.map((text) => ({ where: 'log', text }))];
}

/** Jobs as BullMQ's PostgreSQL backend holds them, whatever its tables are called. */
async function queuedJobs({ sql }: Evidence): Promise<Place[]> {
  const tables = await sql.rows<{ name: string }>(
    `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'public')`,
  );
  const places: Place[] = [];
  for (const { name } of tables) {
    const rows = await sql.rows<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    places.push(...rows.map(({ text }) => ({ where: `queue ${name}`, text })));
  }
  return places;
}

export async function secrecyPromises(evidence: Evidence): Promise<Finding[]> {
  const places = [...(await placesToLook(evidence)), ...(await queuedJobs(evidence))];
  const secrets = secretsOf(evidence);
  return [
    finding(
      'No personal data outside sealed rows: mails, outbox, queue, record, alerts, log',
      'texts',
      places,
      ({ where, text }) => {
        const found = secrets.find(({ pattern }) => pattern.test(text));
        return found && `${where}: "${found.word}" in ${text.slice(0, 160)}`;
      },
    ),
  ];
}
