import { STOPPED_AT } from './ladder.js';
import { finding, type Evidence, type Finding } from './finding.js';

interface Message {
  reference: string;
  rung: string;
  state: string;
  email: string;
  mailing_id: string | null;
  mailing_state: string | null;
  claimed_at: Date | null;
  acknowledged_at: Date | null;
}

const mailingOf = (mail: Evidence['mails'][number]): string => mail.headers['x-firstbell-mailing'] ?? '';

export async function deliveryPromises({ sql, mails }: Evidence): Promise<Finding[]> {
  const messages = await sql.rows<Message>(
    `SELECT n.reference, m.rung, m.state, c.email, m.mailing_id, g.state AS mailing_state, g.claimed_at,
       ${STOPPED_AT} AS acknowledged_at
     FROM outgoing_message m JOIN notice n ON n.id = m.notice_id JOIN contact c ON c.id = m.contact_id
     LEFT JOIN mailing g ON g.id = m.mailing_id`,
  );
  const twice = await sql.rows<{ rung: string }>(
    `SELECT rung FROM outgoing_message GROUP BY notice_id, generation, rung, contact_id, channel HAVING count(*) > 1`,
  );
  const mailings = await sql.rows<{ id: string; email: string; state: string }>(
    `SELECT g.id, g.state, c.email FROM mailing g JOIN contact c ON c.id = g.contact_id`,
  );
  const codes = await sql.rows<{ id: string }>(
    `SELECT id FROM sign_in_code UNION ALL SELECT id FROM contact_code UNION ALL SELECT id FROM contact_reminder`,
  );
  const known = new Set([...mailings, ...codes].map(({ id }) => id));
  const aboutNotices = mails.filter((mail) => mailings.some(({ id }) => id === mailingOf(mail)));
  const sent = messages.filter((message) => message.claimed_at !== null);
  return [
    finding(
      'Each message exists once per notice, generation, rung, contact and channel',
      'messages',
      messages,
      (one) => twice.length > 0 && `twice: ${one.rung}`,
    ),
    finding(
      'Each accepted mailing reached its one mailbox exactly once',
      'mailings',
      mailings,
      ({ id, email, state }) => {
        const caught = mails.filter((mail) => mailingOf(mail) === id);
        if (state !== 'accepted') return `${id} is ${state}`;
        if (caught.length !== 1) return `${id} was caught ${caught.length} times`;
        return (
          caught.some(({ to }) => to.toLowerCase() !== email.toLowerCase()) && `${id} went to somebody else`
        );
      },
    ),
    finding(
      'Each caught mail belongs to a mailing, a code or a reminder about contacts',
      'mails',
      mails,
      (mail) => !known.has(mailingOf(mail)) && `an unknown mail: ${mail.subject}`,
    ),
    finding(
      'Each message that was sent names its notice in the mail that carried it',
      'messages',
      sent,
      (one) => {
        const mail = aboutNotices.find((caught) => mailingOf(caught) === one.mailing_id);
        return !mail?.text.includes(one.reference) && `${one.reference} (${one.rung}) stands in no mail`;
      },
    ),
    finding('No message to read was claimed after the acknowledgement', 'messages', sent, (one) => {
      const toRead = !/^(act|in-school|place)-/.test(one.rung);
      const late = toRead && one.acknowledged_at && one.claimed_at && one.claimed_at > one.acknowledged_at;
      return late && `${one.reference} (${one.rung}) was sent after it was read`;
    }),
    finding(
      'Nothing waits to be sent and nothing was sent without need',
      'messages',
      messages,
      (one) =>
        !['accepted', 'suppressed'].includes(one.state) && `${one.reference} (${one.rung}) is ${one.state}`,
    ),
  ];
}
