import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { DeliveryReports, type ReportSource } from '../delivery-reports.service.js';
import { readReport } from './read-report.js';

/** One message that came back, from the listener or the mailbox. */
@Injectable()
export class BounceIntake {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reports: DeliveryReports,
  ) {}

  /**
   * May be called twice for the same message. Whatever can be understood is written down before it returns.
   * @throws driver errors: the message must be kept and brought again
   */
  async take(source: ReportSource, raw: Buffer, envelopeTo: string | null): Promise<void> {
    const address = this.config.delivery.bounces.address;
    if (!address) return;
    const report = await readReport(raw, address, envelopeTo).catch(() => ({
      kind: 'not-a-report' as const,
    }));
    if (report.kind === 'report') {
      await this.reports.take({ mailingId: report.mailingId, source, says: report.recipients });
    } else {
      this.reports.ignore(source, report.kind);
    }
  }
}
