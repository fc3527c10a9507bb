import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { londonDateOf, londonInstant } from '../calendar/domain/london-time.js';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { LOGGER, type Logger } from '../common/logger.js';
import { Database, type Tx } from '../database/database.js';
import { JOBS_OPTIONS, runsJobs, type JobsOptions } from '../jobs/jobs-options.js';
import { Outbox } from '../jobs/outbox.js';
import { ContactCodeRows } from './contact-codes.repository.js';
import { CoverageWarningRows } from './coverage-warnings.repository.js';
import { Coverage } from './coverage.service.js';
import { attestationDue, nextLookAhead } from './domain/look-ahead.js';
import { termStart } from './domain/term.js';

const CODES_KEPT_DAYS = 31;
/** What leaves a notice unread. */
const GAPS = ['nobody', 'gap', 'mailbox-only'];

/**
 * Looks a week ahead on each weekday and says what it finds, once: to the head and the DSL whose setting it is, and to the
 * authority's managers. The chain is rows of the outbox: each day arms the next in its own transaction.
 */
@Injectable()
export class LookAhead implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly coverage: Coverage,
    private readonly warnings: CoverageWarningRows,
    private readonly codes: ContactCodeRows,
    @Inject(JOBS_OPTIONS) private readonly jobs: JobsOptions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!runsJobs(this.jobs) || this.jobs.autoStart === false) return;
    await this.database.transaction(systemActor('look-ahead'), async (tx) => {
      await this.begin(tx);
      await this.sayEmptyDesks(tx);
    });
  }

  /** Begins the chain where there is none: the first start, or rows lost in a restore. */
  async begin(tx: Tx): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('directory.look-ahead', 0))`);
    const armed = await tx.query(
      `SELECT 1 FROM outbox WHERE name = 'directory.look-ahead' AND NOT payload ? 'authorityCode'
         AND done_at IS NULL AND failed_at IS NULL LIMIT 1`,
    );
    if (armed.length === 0) await this.armNext(tx);
  }

  /** One day: a job for each authority, and the next day. */
  async day(tx: Tx, date: string): Promise<void> {
    await this.armNext(tx);
    await this.codes.prune(tx, new Date(this.clock.realNow().getTime() - CODES_KEPT_DAYS * 86_400_000));
    const authorities = await this.coverage.authorities(tx);
    await this.outbox.addMany(
      tx,
      authorities.map(({ code }) => ({
        name: 'directory.look-ahead',
        payload: { date, authorityCode: code },
      })),
    );
  }

  /** The day's look could not be had: the next one still is. */
  async armNext(tx: Tx): Promise<void> {
    const now = this.clock.now();
    const { date, dueAt } = nextLookAhead(now, londonDateOf(now));
    await this.outbox.add(tx, 'directory.look-ahead', { date }, { dueAt });
  }

  async authority(tx: Tx, authorityCode: string): Promise<void> {
    const at = this.clock.now();
    const { settings } = await this.coverage.ofAuthority(tx, authorityCode);
    const gaps = settings.filter(({ findings }) => findings.some(({ kind }) => GAPS.includes(kind)));
    const fresh = await this.warnings.settle(
      tx,
      'gap',
      authorityCode,
      gaps.map(({ urn }) => urn),
      at,
    );
    const today = londonDateOf(at);
    const due = settings.filter(
      ({ confirmedAt }) => confirmedAt !== null && attestationDue(today, londonDateOf(confirmedAt)),
    );
    const asked = await this.warnings.settle(
      tx,
      'attestation',
      authorityCode,
      due.map(({ urn }) => urn),
      at,
      londonInstant(termStart(today), '00:00'),
    );
    const reminders = [
      ...(fresh.length > 0 ? await this.warnings.remindAuthority(tx, authorityCode, gaps.length, at) : []),
      ...(await this.warnings.remindSettings(tx, 'setting-gap', fresh, at)),
      ...(await this.warnings.remindSettings(tx, 'attestation', asked, at)),
    ];
    if (fresh.length + asked.length > 0) {
      await this.audit.record(tx, {
        action: 'coverage.warned',
        authorityCode,
        detail: { gaps: fresh.length, attestations: asked.length, mails: reminders.length },
      });
    }
    await this.outbox.addMany(
      tx,
      reminders.map((reminderId) => ({ name: 'directory.send-reminder', payload: { reminderId } })),
    );
  }

  private async sayEmptyDesks(tx: Tx): Promise<void> {
    for (const { authorityCode, kind } of await this.coverage.emptyDesks(tx)) {
      this.logger.warn(
        { event: 'desk.nobody', authorityCode, desk: kind },
        'nobody can be reached at a desk: give it contacts (authority pages, or firstbell contacts import)',
      );
    }
  }
}
