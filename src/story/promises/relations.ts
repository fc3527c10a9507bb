import { finding, type Evidence, type Finding } from './finding.js';

/** An answer without what differs from one request to the next. */
const plain = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '')
    .replace(/\s+/g, ' ')
    .trim();

export async function relationPromises({ sql, ledger, mails }: Evidence): Promise<Finding[]> {
  const { sister } = ledger;
  const notices = sister
    ? await sql.rows<{ id: string; reference: string; others: string }>(
        `SELECT n.id, n.reference, (SELECT count(*) FROM outgoing_message m WHERE m.notice_id = n.id) AS others
         FROM notice n JOIN contact c ON c.setting_urn = n.setting_urn WHERE c.email = $1`,
        [sister.email],
      )
    : [];
  const toHer = mails.filter((mail) => mail.to.toLowerCase() === sister?.email);
  const herEvents = sister
    ? await sql.rows<{ action: string }>(
        `SELECT a.action FROM audit_event a JOIN contact c ON a.actor = 'contact:' || c.id
         WHERE c.email = $1 AND a.notice_id IS NOT NULL`,
        [sister.email],
      )
    : [];
  return [
    finding(
      'The suspect’s sister got no mail but her own sign-in code',
      'mails to her',
      toHer,
      (mail) => !/sign-in code/.test(mail.subject) && `she got: ${mail.subject}`,
    ),
    finding(
      'She saw nothing in her inbox: no notice, no count, no gap',
      'notices kept from her',
      notices,
      (notice) => {
        if (sister?.inbox.includes(notice.reference)) return `she saw ${notice.reference}`;
        if (/To read \([1-9]|\b1 notice|withheld|hidden/.test(sister?.inbox ?? ''))
          return 'her inbox counts something';
        if (Number(notice.others) === 0)
          return `${notice.reference} was kept from everybody, not only from her`;
        return !/No notices/.test(sister?.inbox ?? '') && 'her inbox is not plainly empty';
      },
    ),
    finding(
      'Its addresses answered her exactly as addresses that never existed',
      'addresses',
      sister?.addresses ?? [],
      (look) => {
        if (look.status !== 404) return `answered ${look.status}`;
        return (
          plain(look.text) !== plain(sister?.nowhere.text ?? '') &&
          'the page differs from the one for nothing'
        );
      },
    ),
    {
      promise: 'Nothing she did touched the notice',
      looked: notices.length,
      at: 'notices',
      broken: herEvents.map(({ action }) => action),
    },
    finding(
      'Each sibling’s school was told that 1 other setting was told, never which',
      'schools',
      ledger.siblingPages,
      (page) => {
        if (!/\b(1|one) other (school or )?setting/i.test(page.text))
          return 'it does not say that one other was told';
        const shown = [page.otherSchool, page.otherUrn].find((name) => page.text.includes(name));
        return shown && `it shows ${shown}`;
      },
    ),
  ];
}
