import { london } from '../london.js';
import { finding, type Evidence, type Finding } from './finding.js';

interface Outcome {
  id: string;
  reference: string;
  notification_id: string;
  child_reference: string;
  setting_urn: string;
  state: string;
  received_at: Date;
  acknowledge_by: Date;
  first_acknowledge_by: Date;
  acknowledged_at: Date | null;
  acknowledged_via: string | null;
  action_by: Date | null;
  actioned_at: Date | null;
  version: number;
  superseded_by: string | null;
  in_school_asked_at: Date | null;
  in_school_answered_at: Date | null;
  bell: string;
  reminders: string[];
  placed: boolean;
}

const READ = `SELECT n.*, s.bell,
    ARRAY(SELECT m.rung FROM outgoing_message m WHERE m.notice_id = n.id AND m.rung LIKE 'act-%' AND m.state = 'accepted') AS reminders,
    EXISTS (SELECT 1 FROM audit_event a WHERE a.notice_id = n.id AND a.action = 'notice.placed') AS placed
  FROM notice n JOIN setting s ON s.urn = n.setting_urn`;

const MONDAY = '2026-11-23';
const MINUTE_MS = 60_000;

export async function outcomePromises(evidence: Evidence): Promise<Finding[]> {
  const notices = await evidence.sql.rows<Outcome>(READ);
  return [
    ...actions(notices),
    ...lives(notices, evidence),
    ...statistics(notices, evidence),
    ...statuses(notices, evidence),
  ];
}

function actions(notices: readonly Outcome[]): Finding[] {
  const decided = notices.filter((notice) => notice.actioned_at !== null);
  const open = notices.filter((notice) => notice.state === 'acknowledged');
  return [
    finding(
      'Support decisions were recorded before their deadline',
      'decisions',
      decided,
      (notice) =>
        !(notice.action_by && notice.actioned_at && notice.actioned_at <= notice.action_by) &&
        `${notice.reference} was late`,
    ),
    finding(
      'Where none was recorded, the owner, the head and the authority were told',
      'open ones',
      open,
      (notice) => {
        const missing = ['act-dsl-reminder', 'act-head', 'act-authority'].filter(
          (rung) => !notice.reminders.includes(rung),
        );
        return missing.length > 0 && `${notice.reference} lacks ${missing.join(', ')}`;
      },
    ),
  ];
}

function lives(notices: readonly Outcome[], { ledger }: Evidence): Finding[] {
  const telephone = notices.filter((notice) => notice.acknowledged_via === 'telephone');
  const placed = notices.filter((notice) => notice.placed);
  const early = notices.filter((notice) => notice.in_school_asked_at !== null);
  const superseded = notices.filter((notice) => notice.state === 'superseded');
  return [
    finding(
      'Who acknowledged the evening before was asked at D - 30, and answered',
      'questions',
      early,
      (notice) => {
        const asked = notice.acknowledge_by.getTime() - (notice.in_school_asked_at?.getTime() ?? 0);
        if (asked !== 30 * MINUTE_MS) return `${notice.reference} was asked ${asked / MINUTE_MS} min before`;
        return notice.in_school_answered_at === null && `${notice.reference} has no answer`;
      },
    ),
    finding(
      'The placed notice got a ladder towards the true deadline, R unmoved',
      'placed notices',
      placed,
      (notice) => {
        const bell = london(`${MONDAY} ${notice.bell}`);
        if (notice.acknowledge_by.getTime() !== bell.getTime()) return `${notice.reference} aims elsewhere`;
        return notice.received_at >= london(`${MONDAY} 00:00`) && `${notice.reference}: R has moved`;
      },
    ),
    finding(
      'A telephone acknowledgement is shown apart, never as before the bell',
      'calls',
      telephone,
      () =>
        !/1 acknowledged by telephone/i.test(ledger.authorityPage) && 'the authority’s page does not say so',
    ),
    finding(
      'The second version superseded the first and kept it',
      'superseded notices',
      superseded,
      (old) => {
        const next = notices.find((notice) => notice.id === old.superseded_by);
        if (!next || next.version !== old.version + 1) return `${old.reference} has no successor`;
        return next.setting_urn !== old.setting_urn && `${old.reference} went to another school`;
      },
    ),
    finding(
      'The school saw what changed, before and now, in the police’s own words',
      'pages',
      ledger.changedPages,
      (text) => {
        const [first, second] = ledger.postings
          .filter(({ notification }) =>
            ledger.postings.some(
              (other) =>
                other.notification.version === 2 &&
                other.notification.forceReference === notification.forceReference,
            ),
          )
          .map(({ notification }) => notification.incident.circumstances);
        const says = /What changed since the version before/.test(text);
        return (
          !(says && first && second && text.includes(first) && text.includes(second)) &&
          'the change is not shown'
        );
      },
    ),
  ];
}

/** Counted from what the people of the story did, by the bells of Monday: never from the page's own numbers. */
function statistics(notices: readonly Outcome[], { ledger }: Evidence): Finding[] {
  const children = new Map<string, boolean>();
  for (const notice of notices) {
    const child = `${notice.notification_id}/${notice.child_reference}`;
    const bell = london(`${MONDAY} ${notice.bell}`);
    const inTime =
      notice.acknowledged_via === 'portal' &&
      notice.acknowledged_at !== null &&
      notice.acknowledged_at <= bell;
    const byDeed = ledger.deeds.some(
      (deed) => deed.action === 'notice.acknowledged' && deed.noticeId === notice.id,
    );
    children.set(child, (children.get(child) ?? false) || (inTime && byDeed));
  }
  const before = [...children.values()].filter(Boolean).length;
  const wanted = {
    numerator: before,
    denominator: children.size,
    percent: Math.round((before / children.size) * 100),
  };
  return [
    finding(
      'The authority’s headline is what the story did',
      'headlines',
      ledger.headline ? [ledger.headline] : [],
      (shown) =>
        JSON.stringify(shown) !==
          JSON.stringify({
            percent: wanted.percent,
            numerator: wanted.numerator,
            denominator: wanted.denominator,
          }) &&
        `it says ${shown.numerator} of ${shown.denominator} (${shown.percent} %), the story did ${wanted.numerator} of ${wanted.denominator} (${wanted.percent} %)`,
    ),
  ];
}

function statuses(notices: readonly Outcome[], { ledger }: Evidence): Finding[] {
  return [
    finding(
      'The police read the state of each notice, and no names or words',
      'answers',
      ledger.statuses,
      (answer) => {
        if (answer.status !== 200) return `answered ${answer.status}`;
        const own = notices.filter(
          (notice) => notice.notification_id === answer.body.id && notice.version === answer.body.version,
        );
        const said = answer.body.notices
          .map((one) => `${one.childReference} ${one.urn ?? one.desk} ${one.state}`)
          .sort();
        const stored = own.map((one) => `${one.child_reference} ${one.setting_urn} ${one.state}`).sort();
        if (JSON.stringify(said) !== JSON.stringify(stored))
          return `says ${said.join('; ')}, stored is ${stored.join('; ')}`;
        return /circumstances|forename|surname|email/.test(answer.text) && 'it tells more than it should';
      },
    ),
  ];
}
