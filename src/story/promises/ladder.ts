import { finding, type Evidence, type Finding } from './finding.js';

interface Rung {
  reference: string;
  generation: number;
  rung: string;
  at: Date;
  state: string;
  fired_at: Date | null;
  acknowledged_at: Date | null;
  superseded: boolean;
}

interface Deadline {
  reference: string;
  state: string;
  acknowledge_by: Date;
  acknowledged_at: Date | null;
  acknowledged_via: string | null;
  missed_at: Date | null;
  recorded: boolean;
}

const ORDER = ['first', 'reminder', 'deputies', 'head', 'desk', 'missed'];
/** The clock stands still at a due instant until its work is done: nothing is late by more than this. */
const LATE_MS = 5_000;

const hasFired = (rung: Rung): rung is Rung & { fired_at: Date } =>
  rung.fired_at !== null && rung.state !== 'inherited';

/** The instant at which a ladder could know: a call is recorded some minutes after the person was told. */
export const STOPPED_AT = `(SELECT min(a.at) FROM audit_event a WHERE a.notice_id = n.id
  AND a.action IN ('notice.acknowledged', 'notice.telephone-acknowledged'))`;

export async function ladderPromises({ sql, endsAt }: Evidence): Promise<Finding[]> {
  const rungs = await sql.rows<Rung>(
    `SELECT n.reference, r.generation, r.rung, r.at, r.state, r.fired_at, ${STOPPED_AT} AS acknowledged_at,
       n.superseded_by IS NOT NULL AS superseded
     FROM rung r JOIN notice n ON n.id = r.notice_id ORDER BY r.notice_id, r.generation, r.at`,
  );
  const fired = rungs.filter(hasFired);
  const deadlines = await sql.rows<Deadline>(
    `SELECT n.reference, n.state, n.acknowledge_by, n.acknowledged_at, n.acknowledged_via, n.missed_at,
       EXISTS (SELECT 1 FROM audit_event a WHERE a.notice_id = n.id AND a.action = 'notice.missed-bell') AS recorded
     FROM notice n WHERE n.acknowledge_by <= $1 AND n.setting_urn IS NOT NULL`,
    [endsAt],
  );
  return [
    finding('Rungs fired in the ladder’s order', 'fired rungs', fired, (rung) => {
      const before = fired.find(
        (other) =>
          other.reference === rung.reference &&
          other.generation === rung.generation &&
          ORDER.indexOf(other.rung) < ORDER.indexOf(rung.rung) &&
          other.fired_at > rung.fired_at,
      );
      return before && `${rung.reference}: ${before.rung} fired after ${rung.rung}`;
    }),
    finding('No rung fired late, and none after somebody had acknowledged', 'fired rungs', fired, (rung) => {
      if (rung.fired_at.getTime() - rung.at.getTime() > LATE_MS)
        return `${rung.reference}: ${rung.rung} was late`;
      const after = rung.acknowledged_at && rung.fired_at > rung.acknowledged_at;
      return after && `${rung.reference}: ${rung.rung} fired after the acknowledgement`;
    }),
    finding('No rung of a read notice is still planned', 'rungs', rungs, (rung) => {
      const stands = rung.state === 'planned' && (rung.acknowledged_at !== null || rung.superseded);
      return stands && `${rung.reference}: ${rung.rung} is still planned`;
    }),
    finding('Every deadline was met, or its missed bell is on the record', 'deadlines', deadlines, (one) => {
      const met = one.acknowledged_at !== null && one.acknowledged_at <= one.acknowledge_by;
      if (met && one.missed_at) return `${one.reference} was met and is called missed`;
      if (!met && !(one.missed_at && one.recorded)) return `${one.reference} was missed and nothing says so`;
      return null;
    }),
  ];
}
