import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { londonDateOf } from '../calendar/domain/london-time.js';
import { Clock } from '../common/clock.js';
import { newId, newReference } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import { Desks } from '../directory/desks.service.js';
import { someoneMustNotCollect } from '../escalation/domain/action-clock.js';
import { NoticeReactions } from '../notices/notice-reactions.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices, type NoticeColumns } from '../notices/notices.service.js';
import type { NotificationDto } from '../notifications/dto/notification.dto.js';
import { OlderNotices } from './older-notices.service.js';
import { Conflicts } from './conflicts.service.js';
import { childToRoute } from './domain/child-to-route.js';
import { routeChild } from './domain/route-child.js';
import type { DeskDecision, RoutingDecision, SettingDecision, RoutingFacts } from './domain/routing.types.js';
import { RoutingFactsRepository } from './routing-facts.repository.js';

/** Finds the recipient of a kept child's notice. Runs once per notice however often it is called. */
@Injectable()
export class RouteNotice {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly facts: RoutingFactsRepository,
    private readonly desks: Desks,
    private readonly conflicts: Conflicts,
    private readonly older: OlderNotices,
  ) {}

  async run(tx: Tx, noticeId: string): Promise<void> {
    const notice = await this.notices.lock(tx, noticeId);
    if (notice.state !== 'received' && notice.state !== 'routing') return;
    const notification = await this.conflicts.read(tx, notice);
    const child = notification?.children.find(({ reference }) => reference === notice.childReference);
    if (!notification || !child) throw new Error('the notification of this notice cannot be opened');
    const known = await this.facts.factsFor(tx, notification, child, notice.forceCode);
    const facts = await this.withoutHandedBack(tx, notice, known);
    const decision = routeChild(childToRoute(child, notice.receivedAt), facts);
    const columns: NoticeColumns = {
      routedAt: this.clock.now(),
      nextDueAt: this.clock.now(),
      homeAuthorityCode: child.homeAuthorityCode ?? null,
      incidentAuthorityCode: facts.incidentAuthorityCode,
      mustNotCollect: someoneMustNotCollect(collecting(notification), londonDateOf(this.clock.now())),
    };
    await this.record(tx, notice, decision);
    if (decision.decision === 'desk') await this.toDesk(tx, notice, decision, columns);
    else await this.toSettings(tx, notice, decision, facts.settings, columns);
    await this.older.supersededBy(tx, notice);
  }

  /** A newer version never goes back to a setting that said "not our pupil" of an older one: a person looks at it. */
  private async withoutHandedBack(tx: Tx, notice: NoticeEntity, facts: RoutingFacts): Promise<RoutingFacts> {
    if (notice.version === 1 && notice.fromNoticeId === null) return facts;
    const rows = await tx.query<{ urn: string }>(
      `SELECT gone.setting_urn AS urn FROM notice gone WHERE gone.child_id = $1 AND gone.state = 'redirected'
         AND gone.redirect_reason = 'not-our-pupil' AND NOT EXISTS (SELECT 1 FROM notice again WHERE again.child_id = gone.child_id
           AND again.setting_urn = gone.setting_urn AND again.state <> 'redirected' AND again.routed_at > gone.redirected_at)`,
      [notice.childId],
    );
    if (rows.length === 0) return facts;
    const gone = new Set(rows.map(({ urn }) => urn));
    const stillIn = <Fact extends { urn: string }>(settings: readonly Fact[]): Fact[] =>
      settings.filter(({ urn }) => !gone.has(urn));
    return { ...facts, settings: stillIn(facts.settings), namesakes: stillIn(facts.namesakes) };
  }

  private async toSettings(
    tx: Tx,
    notice: NoticeEntity,
    decision: SettingDecision,
    settings: readonly { urn: string; authorityCode: string }[],
    columns: NoticeColumns,
  ): Promise<void> {
    for (const [index, urn] of decision.urns.entries()) {
      // Dual registration: every setting where the child is registered gets a notice of its own.
      const own = index === 0 ? notice : await this.twin(tx, notice);
      const authorityCode = await this.authorityOf(tx, urn, settings);
      const routed = await this.notices.transition(tx, own, 'route', {
        ...columns,
        settingUrn: urn,
        authorityCode,
        why: decision.schoolWhy,
      });
      await this.recordOnTrail(tx, routed, 'notice.routed', decision);
      await this.reactions.run('ownedBySetting', tx, routed);
    }
  }

  private async toDesk(
    tx: Tx,
    notice: NoticeEntity,
    decision: DeskDecision,
    columns: NoticeColumns,
  ): Promise<void> {
    const desk = await this.desks.find(tx, decision.authority, decision.desk);
    const sent = await this.notices.transition(tx, notice, 'send-to-desk', {
      ...columns,
      deskId: desk.id,
      authorityCode: desk.authorityCode,
      outside: decision.outside,
      outsideAuthorityCode: decision.outsideAuthority,
    });
    await this.recordOnTrail(tx, sent, 'notice.to-desk', decision);
    await this.reactions.run('ownedByDesk', tx, sent);
  }

  private async authorityOf(
    tx: Tx,
    urn: string,
    known: readonly { urn: string; authorityCode: string }[],
  ): Promise<string> {
    const found = known.find((setting) => setting.urn === urn);
    if (found) return found.authorityCode;
    const [row] = await tx.query<{ code: string }>(
      `SELECT authority_code AS code FROM setting WHERE urn = $1`,
      [urn],
    );
    if (!row) throw new Error(`no setting ${urn}`);
    return row.code;
  }

  private twin(tx: Tx, notice: NoticeEntity): Promise<NoticeEntity> {
    return this.notices.insert(tx, {
      id: newId(),
      reference: newReference(),
      notificationId: notice.notificationId,
      version: notice.version,
      childId: notice.childId,
      childReference: notice.childReference,
      forceCode: notice.forceCode,
      risk: notice.risk,
      test: notice.test,
      state: 'received',
      receivedAt: notice.receivedAt,
    });
  }

  private async record(tx: Tx, notice: NoticeEntity, decision: RoutingDecision): Promise<void> {
    await tx.execute(
      `INSERT INTO routing_decision (id, notice_id, at, decision, urn, desk, authority_code, score, margin, threshold,
         candidates, why, decided_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        newId(),
        notice.id,
        this.clock.now(),
        decision.decision,
        decision.decision === 'setting' ? decision.urns[0] : null,
        decision.decision === 'desk' ? decision.desk : null,
        decision.decision === 'desk' ? decision.authority : null,
        decision.score,
        decision.margin,
        decision.threshold,
        JSON.stringify(decision.candidates),
        JSON.stringify(decision.reasons),
        tx.actor.name,
      ],
    );
  }

  private async recordOnTrail(
    tx: Tx,
    notice: NoticeEntity,
    action: 'notice.routed' | 'notice.to-desk',
    decision: RoutingDecision,
  ): Promise<void> {
    await this.audit.record(tx, {
      action,
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
      detail: { reasons: decision.reasons.map((reason) => reason.code), version: notice.version },
    });
  }
}

function collecting(notification: NotificationDto) {
  return (notification.adults ?? []).map((adult) => ({
    ...(adult.mayCollect ? { mayCollect: adult.mayCollect } : {}),
    orders: (adult.orders ?? []).map((order) => ({ until: order.until ?? null })),
  }));
}
