import { Injectable } from '@nestjs/common';
import { HealthChecks } from '../health/health-checks.js';
import { MailServer } from '../health/mail-server.service.js';
import type { Finding } from './domain/finding.js';

const MAIL_LIMIT_MS = 8_000;

/** What is asked outside any transaction: this process's own readiness (stores, clock, sweep), and whether mail is taken. */
@Injectable()
export class OutsideChecks {
  constructor(
    private readonly health: HealthChecks,
    private readonly mailServer: MailServer,
  ) {}

  async look(): Promise<Finding[]> {
    const [{ checks }, mail] = await Promise.all([
      this.health.readiness(),
      this.mailServer.problem(MAIL_LIMIT_MS),
    ]);
    const failed = Object.entries(checks).filter(([, { ok }]) => !ok);
    return [
      ...failed.map(([name, { reason }]) => notReady(name, reason ?? 'not in order')),
      ...(mail ? [notReady('mail', mail)] : []),
    ];
  }
}

const notReady = (subject: string, reason: string): Finding => ({
  kind: 'not-ready',
  subject,
  detail: { reason },
});
