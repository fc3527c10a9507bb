import { Injectable } from '@nestjs/common';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import { AuditRuns } from './audit-runs.repository.js';

const ACTOR = systemActor('auditor');
const LOOK_MS = 100;

/** Asks the machinery for a sign of life, and waits for it. */
@Injectable()
export class ProbeAnswers {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly runs: AuditRuns,
  ) {}

  async ask(tx: Tx): Promise<string> {
    const probeId = newId();
    await this.runs.askProbe(tx, probeId, this.clock.realNow());
    await this.outbox.add(tx, 'watch.probe', { probeId });
    return probeId;
  }

  answer(tx: Tx, probeId: string, realNow: Date): Promise<void> {
    return this.runs.answerProbe(tx, probeId, realNow);
  }

  /** @returns false when nobody answered within the time */
  async answered(probeId: string, withinMs: number): Promise<boolean> {
    const limit = performance.now() + withinMs;
    for (;;) {
      const yes = await this.database.transaction(ACTOR, (tx) => this.runs.probeAnswered(tx, probeId));
      if (yes || performance.now() >= limit) return yes;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
