import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { LOGGER, type Logger } from '../common/logger.js';
import { speedOf } from '../common/speed-of.js';
import { Database } from '../database/database.js';
import { Metrics } from '../health/metrics.js';
import { OLDEST_LATE } from '../jobs/job-status.js';

const DAY_MS = 86_400_000;

interface Numbers {
  oldest: Date | null;
  sending: number;
  pending: number;
  crossed: number;
  repeated: number;
  missed: number;
  alerts: number;
  silent: number;
  audited: Date | null;
  findings: number;
  pinged: Date | null;
}

/** Each part is bounded by an index of its own, and by a day where the past counts. Test notices do not count. */
const NUMBERS = `
  SELECT (SELECT min(at) FROM (${OLDEST_LATE}) AS late) AS oldest,
    (SELECT count(*)::int FROM outgoing_message WHERE state = 'sending') AS sending,
    (SELECT count(*)::int FROM outgoing_message WHERE state = 'pending' AND not_before <= $1) AS pending,
    (SELECT count(*)::int FROM outgoing_message m JOIN notice n ON n.id = m.notice_id
      WHERE m.crossed AND m.created_at > $4 AND NOT n.test) AS crossed,
    (SELECT count(*)::int FROM mailing WHERE repeated AND claimed_at > $4) AS repeated,
    (SELECT count(*)::int FROM notice WHERE missed_at > $4 AND NOT test) AS missed,
    (SELECT count(*)::int FROM alert WHERE cleared_at IS NULL) AS alerts,
    (SELECT count(*)::int FROM alert WHERE cleared_at IS NULL AND kind = 'feed-silent') AS silent,
    (SELECT finished_at FROM watch_run) AS audited,
    (SELECT jsonb_array_length(findings) FROM watch_run) AS findings,
    (SELECT pinged_at FROM watch_run) AS pinged`;

const GAUGES = {
  oldest: [
    'firstbell_oldest_due_timer_seconds',
    'Domain seconds by which the oldest due and unfinished job is late; 0: none. A mail that waits for its next try is not.',
  ],
  sending: ['firstbell_messages_sending', 'Messages that a sender has claimed.'],
  pending: ['firstbell_messages_pending', 'Messages that could go now and that nobody has claimed.'],
  crossed: [
    'firstbell_messages_crossed',
    'Messages of the last 24 hours that were on their way when somebody acknowledged.',
  ],
  repeated: ['firstbell_mailings_repeated', 'Mailings of the last 24 hours that may have gone twice.'],
  missed: ['firstbell_missed_bells', 'Notices whose deadline passed unread in the last 24 hours.'],
  alerts: ['firstbell_alerts_open', 'Open alerts.'],
  silent: ['firstbell_feeds_silent', 'Forces that were expected and not heard.'],
  audited: ['firstbell_last_audit_timestamp_seconds', 'When the auditor last finished a round.'],
  findings: ['firstbell_last_audit_findings', 'What it found in that round; 0: all clean.'],
  pinged: ['firstbell_last_heartbeat_timestamp_seconds', 'When the outside heartbeat was last taken.'],
} as const satisfies Record<keyof Numbers, readonly [string, string]>;

type Name = keyof typeof GAUGES;

/** What an operator's own monitoring looks at: counts only, of no person, force, school or notice. */
@Injectable()
export class WatchMetrics implements OnModuleInit {
  constructor(
    @Inject(Metrics) private readonly metrics: Metrics,
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const { registry } = this.metrics;
    const gauges = {} as Record<Name, Gauge>;
    for (const [name, [metric, help]] of Object.entries(GAUGES) as [Name, readonly [string, string]][]) {
      const collect = name === 'oldest' ? { collect: () => this.fill(gauges) } : {};
      gauges[name] = new Gauge({ name: metric, help, registers: [registry], ...collect });
    }
  }

  /** Not a number while the database is away: an old value would look healthy. */
  private async fill(gauges: Record<Name, Gauge>): Promise<void> {
    for (const gauge of Object.values(gauges)) gauge.set(Number.NaN);
    try {
      const now = this.clock.now();
      const numbers = await this.database.transaction(systemActor('metrics'), async (tx) => {
        const [row] = await tx.query<Numbers>(NUMBERS, [
          now,
          this.clock.realNow(),
          speedOf(this.clock),
          new Date(now.getTime() - DAY_MS),
        ]);
        return row;
      });
      if (!numbers) return;
      const { oldest, audited, pinged, ...counts } = numbers;
      gauges.oldest.set(oldest ? (now.getTime() - oldest.getTime()) / 1_000 : 0);
      if (audited) gauges.audited.set(audited.getTime() / 1_000);
      if (pinged) gauges.pinged.set(pinged.getTime() / 1_000);
      for (const [name, count] of Object.entries(counts) as [keyof typeof counts, number][])
        gauges[name].set(count);
    } catch (err) {
      this.logger.warn({ err }, 'The state of the work could not be measured');
    }
  }
}
