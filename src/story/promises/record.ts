import { finding, type Evidence, type Finding } from './finding.js';
import type { Deed } from '../ledger.js';

interface Recorded {
  action: string;
  notice_id: string | null;
  email: string | null;
}

export async function recordPromises({ sql, ledger }: Evidence): Promise<Finding[]> {
  const events = await sql.rows<Recorded>(
    `SELECT a.action, a.notice_id, c.email FROM audit_event a LEFT JOIN contact c ON a.actor = 'contact:' || c.id`,
  );
  const unused = [...events];
  const take = (deed: Deed): boolean => {
    const at = unused.findIndex(
      (event) =>
        event.action === deed.action &&
        (deed.noticeId === null || event.notice_id === deed.noticeId) &&
        (deed.email === null || event.email === deed.email),
    );
    if (at >= 0) unused.splice(at, 1);
    return at >= 0;
  };
  return [
    finding(
      'Everything that people did stands on the record, under their own name',
      'deeds',
      ledger.deeds,
      (deed) => !take(deed) && `${deed.action} by ${deed.email ?? 'the police system'} is not recorded`,
    ),
    finding(
      'Looking changed nothing: no GET had an effect',
      'GETs',
      ledger.gets,
      ({ address, changed }) => changed && `GET ${address} changed something`,
    ),
  ];
}
