import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { newId, newReference } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import { Desks } from '../directory/desks.service.js';
import { Outbox } from '../jobs/outbox.js';
import type { DeskKind } from '../directory/domain/contact.js';
import { SealedTexts } from '../sealing/sealed-texts.js';
import type { Whereabouts } from './domain/whereabouts.js';
import { IndependentRolls } from './independent-rolls.port.js';
import { NoticeReactions } from './notice-reactions.js';
import type { NoticeEntity, RedirectReason } from './notice.entity.js';
import { Notices } from './notices.service.js';

/** What a school said when it handed a notice back. */
export interface HandedBack {
  contactId: string;
  reason: RedirectReason;
  whereabouts: Whereabouts;
  /** In the school's own words; empty when it said nothing. */
  known: string;
}

/** Routes a handed-back child again, on its own clock. Runs as the system: the school never learns where to. */
@Injectable()
export class AfterHandBack {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly rolls: IndependentRolls,
    private readonly desks: Desks,
    private readonly sealedTexts: SealedTexts,
    private readonly outbox: Outbox,
  ) {}

  async run(tx: Tx, from: NoticeEntity, said: HandedBack): Promise<void> {
    const { whereabouts } = said;
    // Asked before anybody corrects the pupil base by what this school says: its word alone confirms nothing.
    const confirmed =
      whereabouts.kind === 'setting' && (await this.rolls.confirm(tx, from, whereabouts.urn))
        ? whereabouts.urn
        : null;
    if (said.reason === 'not-our-pupil') await this.reactions.handedBack(tx, from, whereabouts);
    // Two schools that hand the same child back at once take turns.
    await tx.query(`SELECT 1 FROM child WHERE id = $1 FOR UPDATE`, [from.childId]);
    if (confirmed !== null) return this.toSetting(tx, from, confirmed);
    const kind = whereabouts.kind === 'home-educated' ? 'home-education' : 'triage';
    await this.toDesk(tx, from, said, kind);
  }

  private async toSetting(tx: Tx, from: NoticeEntity, urn: string): Promise<void> {
    const [there] = await tx.query<{ id: string }>(
      `SELECT id FROM notice WHERE child_id = $1 AND setting_urn = $2 AND version = $3
         AND state NOT IN ('redirected', 'superseded', 'retracted', 'closed')`,
      [from.childId, urn, from.version],
    );
    if (there) return;
    const [setting] = await tx.query<{ code: string }>(
      `SELECT authority_code AS code FROM setting WHERE urn = $1`,
      [urn],
    );
    const now = this.clock.now();
    const notice = await this.notices.insert(tx, {
      ...again(from, now),
      state: 'routed',
      settingUrn: urn,
      authorityCode: setting?.code ?? null,
      why: 'The child is on your roll.',
    });
    await this.keepExclusions(tx, from, notice);
    await this.decided(
      tx,
      notice,
      'setting',
      'The child is on the roll of this setting, and the school that handed it back names it too.',
    );
    await this.audit.record(tx, {
      action: 'notice.routed',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: urn,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
      detail: { reasons: ['pupil-base'], version: notice.version },
    });
    await this.reactions.run('ownedBySetting', tx, notice);
  }

  private async toDesk(tx: Tx, from: NoticeEntity, said: HandedBack, kind: DeskKind): Promise<void> {
    const now = this.clock.now();
    const desk = await this.desks.find(tx, await this.responsible(tx, from, said.reason), kind);
    const notice = await this.deskNotice(tx, from, said, desk, now);
    await this.keepExclusions(tx, from, notice);
    if (said.reason === 'knows-family') await this.exclude(tx, notice, said.contactId);
    else await this.keepWhereabouts(tx, from, notice, said.whereabouts, now);
    if (said.known !== '') {
      await this.sealedTexts.seal(tx, {
        id: newId(),
        notificationId: notice.notificationId,
        noticeId: notice.id,
        kind: 'redirect',
        text: said.known,
        at: now,
      });
    }
    if (kind === 'home-education')
      await this.decided(tx, notice, 'desk', 'A setting says that the child is home-educated.', kind);
    await this.audit.record(tx, {
      action: 'notice.to-desk',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
      detail: { why: said.reason, from: from.id },
    });
    await this.reactions.run('ownedByDesk', tx, notice);
  }

  /** The duty follows the child's home; another reader at the school is for the school's own authority to choose. */
  private async responsible(tx: Tx, from: NoticeEntity, reason: RedirectReason): Promise<string | null> {
    if (reason === 'knows-family' || from.homeAuthorityCode === null) return from.authorityCode;
    const [home] = await tx.query(
      `SELECT 1 FROM authority a JOIN desk d ON d.authority_code = a.code WHERE a.code = $1 AND a.served LIMIT 1`,
      [from.homeAuthorityCode],
    );
    return home ? from.homeAuthorityCode : from.authorityCode;
  }

  /** The desk's own notice of the child: the one it has already, where another school handed the child back before. */
  private async deskNotice(
    tx: Tx,
    from: NoticeEntity,
    said: HandedBack,
    desk: { id: string; authorityCode: string | null },
    now: Date,
  ): Promise<NoticeEntity> {
    const [there] = await tx.query<{ id: string }>(
      `SELECT id FROM notice WHERE child_id = $1 AND desk_id = $2 AND version = $3 AND state = 'triage'`,
      [from.childId, desk.id, from.version],
    );
    if (there) return this.notices.lock(tx, there.id);
    return this.notices.insert(tx, {
      ...again(from, now),
      state: 'triage',
      deskId: desk.id,
      authorityCode: desk.authorityCode,
      // Somebody has to find out which area, and hand it over: until then it is this desk's.
      outside: said.whereabouts.kind === 'other-area',
    });
  }

  /** Whoever may not see the first notice may not see what follows it. */
  private async keepExclusions(tx: Tx, from: NoticeEntity, notice: NoticeEntity): Promise<void> {
    await tx.execute(
      `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at)
       SELECT $2, contact_id, why, excluded_at FROM notice_exclusion WHERE notice_id = $1 ON CONFLICT DO NOTHING`,
      [from.id, notice.id],
    );
  }

  private async keepWhereabouts(
    tx: Tx,
    from: NoticeEntity,
    notice: NoticeEntity,
    whereabouts: Whereabouts,
    now: Date,
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO whereabouts_said (notice_id, from_notice_id, kind, setting_urn, said_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [notice.id, from.id, whereabouts.kind, whereabouts.kind === 'setting' ? whereabouts.urn : null, now],
    );
  }

  private async decided(
    tx: Tx,
    notice: NoticeEntity,
    decision: 'setting' | 'desk',
    why: string,
    desk: DeskKind | null = null,
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO routing_decision (id, notice_id, at, decision, urn, desk, authority_code, candidates, why, decided_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, '[]', $8, $9)`,
      [
        newId(),
        notice.id,
        this.clock.now(),
        decision,
        notice.settingUrn,
        desk,
        notice.authorityCode,
        JSON.stringify([why]),
        tx.actor.name,
      ],
    );
  }

  /**
   * Every contact of the same person, so that a second post does not open what the first may not; and every notice of the
   * notification, because the family's other children are the same family.
   */
  private async exclude(tx: Tx, notice: NoticeEntity, contactId: string): Promise<void> {
    const added = await tx.query<{ noticeId: string }>(
      `INSERT INTO notice_exclusion (notice_id, contact_id, why, excluded_at)
       SELECT n.id, c.id, 'knows-family', $3 FROM notice n, contact c JOIN contact self ON self.id = $2
       WHERE n.notification_id = $1 AND (c.id = self.id OR c.person_id = self.person_id)
       ON CONFLICT DO NOTHING RETURNING notice_id AS "noticeId"`,
      [notice.notificationId, contactId, this.clock.now()],
    );
    for (const noticeId of new Set(added.map((row) => row.noticeId))) {
      await this.audit.record(tx, {
        action: 'notice.contact-excluded',
        noticeId,
        authorityCode: notice.authorityCode,
        contactId,
        detail: { why: 'knows-family' },
      });
    }
    // What of the incident is in their hands passes to a colleague, each notice under a lock of its own.
    const urns = await tx.query<{ urn: string }>(
      `SELECT DISTINCT setting_urn AS urn FROM notice WHERE notification_id = $1 AND setting_urn IS NOT NULL ORDER BY 1`,
      [notice.notificationId],
    );
    await this.outbox.addMany(
      tx,
      urns.map(({ urn }) => ({ name: 'directory.cover-changed' as const, payload: { urn } })),
    );
    const charged = await tx.query<{ id: string }>(
      `SELECT id FROM notice WHERE notification_id = $1 AND charge_contact_id IS NOT NULL`,
      [notice.notificationId],
    );
    await this.outbox.addMany(
      tx,
      charged.map(({ id }) => ({ name: 'desk.charge-ended' as const, payload: { noticeId: id } })),
    );
  }
}

/** The same child and the same R; everything else begins anew. */
function again(from: NoticeEntity, now: Date) {
  return {
    id: newId(),
    reference: newReference(),
    notificationId: from.notificationId,
    version: from.version,
    childId: from.childId,
    childReference: from.childReference,
    forceCode: from.forceCode,
    homeAuthorityCode: from.homeAuthorityCode,
    incidentAuthorityCode: from.incidentAuthorityCode,
    risk: from.risk,
    mustNotCollect: from.mustNotCollect,
    test: from.test,
    receivedAt: from.receivedAt,
    routedAt: now,
    nextDueAt: now,
    fromNoticeId: from.id,
  };
}
