import { finding, type Evidence, type Finding } from './finding.js';

interface StoredNotice {
  reference: string;
  state: string;
  version: number;
  child_reference: string;
  setting_urn: string | null;
  desk_id: string | null;
  next_due_at: Date | null;
  armed: string;
}

const LIVING = ['routed', 'triage', 'delivered', 'acknowledged', 'actioned', 'superseded'];
const CLOCKED = ['received', 'routing', 'routed', 'triage', 'delivered', 'acknowledged'];

/** Notices without an owner or without anything that happens next; asked again and again while the story runs. */
export async function nobodysNotices(sql: Evidence['sql'], now: Date): Promise<string[]> {
  const rows = await sql.rows<{ reference: string; state: string }>(
    `SELECT n.reference, n.state FROM notice n WHERE
       (n.state = ANY($1) AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.notice_id = n.id AND o.done_at IS NULL
          AND o.failed_at IS NULL) AND NOT (n.state IN ('received', 'routing') AND EXISTS (SELECT 1 FROM outbox o
          WHERE o.payload->>'noticeId' = n.id::text AND o.done_at IS NULL)))
       OR (n.state NOT IN ('received', 'routing', 'superseded', 'retracted') AND n.setting_urn IS NULL AND n.desk_id IS NULL)
       OR (n.state = ANY($1) AND n.next_due_at IS NULL AND n.state NOT IN ('received', 'routing'))
       OR (n.state IN ('routed', 'triage', 'delivered', 'acknowledged') AND n.next_due_at < $2)`,
    [CLOCKED, now],
  );
  return rows.map(({ reference, state }) => `${reference} (${state})`);
}

export async function keptPromises({ sql, ledger, notifications }: Evidence): Promise<Finding[]> {
  const accepted = ledger.postings.filter(({ answer }) => answer.status === 202);
  const children = accepted.flatMap(({ notification, answer }) =>
    notification.children.map((child) => ({ child, answer, notification })),
  );
  const notices = await sql.rows<StoredNotice & { notification_id: string }>(
    `SELECT n.notification_id, n.reference, n.state, n.version, n.child_reference, n.setting_urn, n.desk_id FROM notice n`,
  );
  const versions = await sql.rows<{ notification_id: string; version: number }>(
    `SELECT notification_id, version FROM notification_version`,
  );
  return [
    finding(
      'Every 202 is a kept notification with a notice that has an owner',
      'children',
      children,
      (one) => {
        const { id, version } = one.answer.body;
        const what = `${one.notification.forceReference} version ${version}, child ${one.child.reference}`;
        if (!versions.some((kept) => kept.notification_id === id && kept.version === version))
          return `${what} is gone`;
        const own = notices.filter(
          (notice) =>
            notice.notification_id === id &&
            notice.version === version &&
            notice.child_reference === one.child.reference,
        );
        if (own.length === 0) return `${what} has no notice`;
        const bad = own.find(
          (notice) => !LIVING.includes(notice.state) || !(notice.setting_urn ?? notice.desk_id),
        );
        return bad && `${what}: notice ${bad.reference} is ${bad.state} without an owner`;
      },
    ),
    {
      promise: 'Nothing was ever nobody’s: every open notice had an owner and a next due instant',
      looked: ledger.looksForNobodys,
      at: 'moments',
      broken: ledger.nobodys,
    },
    finding('Every file of the story was posted', 'files', notifications, (notification) => {
      const posted = accepted.some(
        ({ answer }) => answer.body.forceReference === notification.forceReference,
      );
      return !posted && `${notification.forceReference} was not accepted`;
    }),
    finding(
      'A repeated post is answered 200 with the first answer, Idempotency-Replayed',
      'repeats',
      ledger.replays,
      ({ first, second }) => {
        if (second.status !== 200 || !second.replayed) return `answered ${second.status}`;
        return (
          JSON.stringify(first.body) !== JSON.stringify(second.body) &&
          'the body differs from the first answer'
        );
      },
    ),
  ];
}
