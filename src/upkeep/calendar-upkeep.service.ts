import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Alerts } from '../alerts/alerts.service.js';
import { BankHolidayHorizon } from '../calendar/bank-holiday-horizon.service.js';
import { BankHolidays } from '../calendar/bank-holidays.service.js';
import { addDays, type IsoDate } from '../calendar/domain/iso-date.js';
import { londonDateOf, londonInstant } from '../calendar/domain/london-time.js';
import { ImportBankHolidays } from '../calendar/import-bank-holidays.service.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { LOGGER, type Logger } from '../common/logger.js';
import { Database, type Tx } from '../database/database.js';
import { JOBS_OPTIONS, runsJobs, type JobsOptions } from '../jobs/jobs-options.js';
import { Outbox } from '../jobs/outbox.js';

const ACTOR = systemActor('job:calendar.upkeep');
/** When nobody waits for anything, and long before the first bell. */
const AT = '03:40';
const FETCH_LIMIT_MS = 20_000;
const LONGEST_LIST = 4 * 1024 * 1024;

/** Once a day: ten years of forecast, gov.uk's list where it is configured, and an alert before the future runs out. */
@Injectable()
export class CalendarUpkeep implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly alerts: Alerts,
    private readonly forecast: BankHolidays,
    private readonly official: ImportBankHolidays,
    private readonly horizon: BankHolidayHorizon,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(JOBS_OPTIONS) private readonly jobs: JobsOptions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Begins the chain where there is none: the first start, or rows lost in a restore. */
  async onApplicationBootstrap(): Promise<void> {
    if (!runsJobs(this.jobs) || this.jobs.autoStart === false) return;
    await this.database.transaction(ACTOR, async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('calendar.upkeep', 0))`);
      const armed = await tx.query(
        `SELECT 1 FROM outbox WHERE name = 'calendar.upkeep' AND done_at IS NULL AND failed_at IS NULL LIMIT 1`,
      );
      if (armed.length === 0) await this.arm(tx, this.today());
    });
  }

  async run(day: IsoDate, signal: AbortSignal): Promise<void> {
    await this.forecast.fill();
    await this.fetch(signal);
    await this.database.transaction(ACTOR, async (tx) => {
      await this.watch(tx);
      await this.armNext(tx, day);
    });
  }

  /** The next day, once, also after this one could not be had. */
  async armNext(tx: Tx, day: IsoDate): Promise<void> {
    const today = this.today();
    const next = addDays(day > today ? day : today, 1);
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('calendar.upkeep', 0))`);
    const armed = await tx.query(
      `SELECT 1 FROM outbox WHERE name = 'calendar.upkeep' AND done_at IS NULL AND payload->>'day' > $1 LIMIT 1`,
      [day],
    );
    if (armed.length === 0) await this.arm(tx, next);
  }

  private async arm(tx: Tx, day: IsoDate): Promise<void> {
    await this.outbox.add(tx, 'calendar.upkeep', { day }, { dueAt: londonInstant(day, AT) });
  }

  /** A list that cannot be had today is had tomorrow; the horizon says when that has gone on for too long. */
  private async fetch(signal: AbortSignal): Promise<void> {
    const { bankHolidaysUrl } = this.config;
    if (bankHolidaysUrl === null) return;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(FETCH_LIMIT_MS)]);
      const answer = await fetch(bankHolidaysUrl, { signal: limit, headers: { accept: 'application/json' } });
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      const { missing, added } = await this.official.fromJson(ACTOR, await shortText(answer));
      this.logger.info(
        { event: 'bank-holidays.read', added: added.length, missing: missing.length },
        'gov.uk’s list of bank holidays was read',
      );
    } catch (error) {
      this.logger.warn(
        { event: 'bank-holidays.not-read', err: error },
        'BANK_HOLIDAYS_URL could not be read',
      );
    }
  }

  private async watch(tx: Tx): Promise<void> {
    for (const { nation, problem, until, officialUntil, missing } of await this.horizon.nations(tx)) {
      if (problem === null) await this.alerts.clear(tx, 'calendar-runs-out', nation);
      else await this.alerts.raise(tx, 'calendar-runs-out', nation, { until, officialUntil, missing });
    }
  }

  private today(): IsoDate {
    return londonDateOf(this.clock.now());
  }
}

async function shortText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > LONGEST_LIST) throw new Error('the list is far too long');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}
