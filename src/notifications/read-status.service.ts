import { Inject, Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { clientActor } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import type { ForceClientIdentity } from '../identity/police/force-client.port.js';
import { apiProblem } from './api-problem.js';
import type { KeptAnswer } from './intake/incoming.js';
import { keptBody } from './kept-body.js';
import { NotificationStatusRows } from './notification-status.repository.js';

/** Tells a force what became of its own notification. */
@Injectable()
export class ReadStatus {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(NotificationStatusRows) private readonly rows: NotificationStatusRows,
    @Inject(Audit) private readonly audit: Audit,
  ) {}

  /** @returns JSON; @throws HttpProblem 404, also for another force's */
  byId(client: ForceClientIdentity, id: string): Promise<string> {
    if (!isUuid(id)) return Promise.reject(notFound());
    return this.read(client, (tx) => this.rows.byId(tx, id));
  }

  /** @returns JSON; @throws HttpProblem 404 */
  byReference(client: ForceClientIdentity, forceReference: string): Promise<string> {
    return this.read(client, (tx) => this.rows.byReference(tx, client.forceCode, forceReference));
  }

  private read(
    { clientId, forceCode }: ForceClientIdentity,
    find: (tx: Tx) => Promise<KeptAnswer | null>,
  ): Promise<string> {
    return this.database.transaction(clientActor(clientId, forceCode), async (tx) => {
      const answer = await find(tx);
      if (!answer) throw notFound();
      const notices = await this.rows.notices(tx, answer);
      await this.audit.record(tx, {
        action: 'notification.read-status',
        forceCode,
        notificationId: answer.id,
        detail: { version: answer.version, notices: notices.length },
      });
      return keptBody(answer, `,"notices":${JSON.stringify(notices)}`);
    });
  }
}

function notFound(): Error {
  return apiProblem('not-found', 'There is no notification of this force by that name.');
}
