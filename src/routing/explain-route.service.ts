import { Injectable } from '@nestjs/common';
import { systemActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database, type Tx } from '../database/database.js';
import { CheckNotification } from '../notifications/check-notification.service.js';
import type { NotificationDto } from '../notifications/dto/notification.dto.js';
import { childToRoute } from './domain/child-to-route.js';
import { explainSteps } from './domain/explain-steps.js';
import { routeChild } from './domain/route-child.js';
import type { RoutingCandidate, RoutingDecision } from './domain/routing.types.js';
import { RoutingFactsRepository } from './routing-facts.repository.js';

/** What `firstbell route --explain --json` prints for one child. */
export type RouteExplanation = {
  /** Of the setting, or whose desk; null for the operator's. */
  authority: string | null;
  score: number | null;
  margin: number | null;
  threshold: number;
  candidates: RoutingCandidate[];
  why: string;
} & (
  | {
      decision: 'setting';
      urn: string;
      /** Only with dual registration: all of them. */
      urns?: string[];
    }
  | { decision: 'desk'; desk: string }
);

export interface ExplainedChild {
  reference: string;
  explanation: RouteExplanation;
  /** For people only: what was looked at, in order: numbers and their successors, the roll, local names, names. */
  steps: string[];
}

export type Explained =
  | { ok: true; children: ExplainedChild[] }
  | { ok: false; errors: readonly { pointer: string; code: string; detail: string }[] };

const ACTOR = systemActor('explain-route');

/** Decides as routing would, keeps nothing and tells nobody. */
@Injectable()
export class ExplainRoute {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly notifications: CheckNotification,
    private readonly facts: RoutingFactsRepository,
  ) {}

  /** @param forceCode whose default authority counts where the child names none; unknown or null: none */
  async explain(body: unknown, forceCode: string | null): Promise<Explained> {
    const receivedAt = laterOf(this.clock.now(), startOf(body));
    const checked = this.notifications.check(body, receivedAt);
    if (!checked.ok) return checked;
    const children = await this.database.transaction(ACTOR, (tx) =>
      this.children(tx, checked.value, forceCode ?? '', receivedAt),
    );
    return { ok: true, children };
  }

  async forceExists(code: string): Promise<boolean> {
    return this.database.transaction(
      ACTOR,
      async (tx) => (await tx.query(`SELECT 1 FROM force WHERE code = $1`, [code])).length > 0,
    );
  }

  private async children(
    tx: Tx,
    notification: NotificationDto,
    forceCode: string,
    receivedAt: Date,
  ): Promise<ExplainedChild[]> {
    const explained: ExplainedChild[] = [];
    for (const child of notification.children) {
      const facts = await this.facts.factsFor(tx, notification, child, forceCode);
      const routed = childToRoute(child, receivedAt);
      const explanation = await this.toJson(tx, routeChild(routed, facts));
      explained.push({ reference: child.reference, explanation, steps: explainSteps(routed, facts) });
    }
    return explained;
  }

  private async toJson(tx: Tx, decision: RoutingDecision): Promise<RouteExplanation> {
    const { score, margin, threshold, candidates, why } = decision;
    const explained = { score, margin, threshold, candidates, why };
    if (decision.decision === 'desk') {
      return { decision: 'desk', desk: decision.desk, authority: decision.authority, ...explained };
    }
    const [urn = ''] = decision.urns;
    const [setting] = await tx.query<{ code: string }>(
      `SELECT authority_code AS code FROM setting WHERE urn = $1`,
      [urn],
    );
    return {
      decision: 'setting',
      urn,
      ...(decision.urns.length > 1 ? { urns: decision.urns } : {}),
      authority: setting?.code ?? null,
      ...explained,
    };
  }
}

/** A rehearsed notification may tell of an incident still to come: it is then looked at as if received that moment. */
function startOf(body: unknown): Date | null {
  const { startedAt } = (body as { incident?: { startedAt?: unknown } } | null)?.incident ?? {};
  const at = typeof startedAt === 'string' ? new Date(startedAt) : null;
  return at && !Number.isNaN(at.getTime()) ? at : null;
}

function laterOf(now: Date, start: Date | null): Date {
  if (!start || start <= now) return now;
  // Whatever else the notification tells of (attended, referred) came within the day.
  return new Date(start.getTime() + 24 * 3_600_000);
}
