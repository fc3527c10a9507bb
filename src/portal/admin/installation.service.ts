import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { TermDatesHorizon } from '../../calendar/term-dates-horizon.service.js';
import type { Actor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { HealthChecks } from '../../health/health-checks.js';
import { DueWork } from '../../jobs/due-work.js';
import { Auditor } from '../../watch/auditor.service.js';
import type { AdminView } from '../presenters/admin.view-model.js';
import { moment } from '../presenters/london-time.js';
import { Installation } from './admin.repository.js';
import {
  alertCheck,
  auditCheck,
  calendarChecks,
  deskCheck,
  healthChecks,
  mailCheck,
  settingCheck,
  workChecks,
} from './installation-checks.js';
import { version } from './version.js';

const DAY_MS = 86_400_000;
const WAITING_MS = 5 * 60_000;

/** The state of this installation on one page. */
@Injectable()
export class InstallationReading {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly installation: Installation,
    private readonly termDates: TermDatesHorizon,
    private readonly health: HealthChecks,
    private readonly dueWork: DueWork,
    private readonly auditor: Auditor,
  ) {}

  async show(actor: Actor): Promise<AdminView> {
    const now = this.clock.now();
    // Beside the transaction: each asks the stores for itself.
    const [readiness, work, audit] = await Promise.all([
      this.health.readiness(),
      this.dueWork.status(),
      this.auditor.latest(),
    ]);
    return this.database.transaction(actor, async (tx) => {
      const since = new Date(now.getTime() - DAY_MS);
      const checks = [
        ...healthChecks(readiness.checks, work.queue.backend),
        ...workChecks(work),
        auditCheck(audit, this.clock.realNow()),
        alertCheck(await this.installation.openAlerts(tx)),
        mailCheck(await this.installation.mail(tx, since, new Date(now.getTime() - WAITING_MS)), now),
        deskCheck(await this.installation.desksWithoutContact(tx)),
        settingCheck(await this.installation.settingsWithoutContact(tx)),
        ...calendarChecks(await this.termDates.authorities(tx)),
      ];
      await this.audit.record(tx, { action: 'admin.read', detail: { checks: checks.length } });
      return {
        asAt: moment(now),
        checks,
        allClean: checks.every(({ ok }) => ok),
        register: await this.installation.register(tx),
        version: version(),
      };
    });
  }
}
