import { Injectable } from '@nestjs/common';
import { AlertMails } from '../../alerts/alert-mails.service.js';
import type { Tx } from '../../database/database.js';
import type { Finding } from '../domain/finding.js';
import type { Round, WatchCheck } from '../watch-check.js';

const WAITING_MINUTES = 60;

/** An alert that does not reach the operator reaches nobody: then only the silence of the outside heartbeat speaks. */
@Injectable()
export class OperatorCheck implements WatchCheck {
  readonly name = 'operator';

  constructor(private readonly mails: AlertMails) {}

  async look(tx: Tx, { now, speed }: Round): Promise<Finding[]> {
    const since = new Date(now.getTime() - WAITING_MINUTES * 60_000 * speed);
    const { lost, waiting } = await this.mails.untoldOperator(tx, since);
    return lost + waiting === 0
      ? []
      : [{ kind: 'operator-unreachable', subject: 'operator', detail: { lost, waiting } }];
  }
}
