import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, StateConflict } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { Desks, type Desk } from '../directory/desks.service.js';
import { NoticeReactions } from '../notices/notice-reactions.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { AssignSetting } from './assign-setting.service.js';
import { Claims } from './claims.service.js';

type DeskChoice =
  | { desk: 'home-education' | 'early-years' | 'triage' }
  /** Another authority, served here or not, known to the register or not. */
  | { authority: string };

const WHY = {
  'home-education': 'An officer found that the child has no setting.',
  'early-years': 'An officer found that the child is under school age.',
  triage: 'The child needs a setting.',
} as const;

/** Moves what waits at one desk to another, with its clock: the place-by time stays, and the new officers are told at once. */
@Injectable()
export class ChangeDesk {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
    private readonly desks: Desks,
    private readonly claims: Claims,
    private readonly assign: AssignSetting,
  ) {}

  /**
   * An area that is not served here stays with this desk as `outside`, with its clock and repeats, until somebody records the
   * hand-over.
   * @returns false when the notice stays with this desk, as outside
   * @throws StateConflict when a colleague is working on it, or it has moved on; DomainError when nothing would change
   */
  async run(officer: Actor, contactId: string, noticeId: string, choice: DeskChoice): Promise<boolean> {
    return this.database.transaction(officer, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      await this.claims.assertFree(tx, contactId, noticeId);
      await this.assign.assertNotChosen(tx, noticeId);
      if (notice.state !== 'triage')
        throw new StateConflict('This notice has moved on. Go back to the list.');
      await this.claims.drop(tx, contactId, [noticeId]);
      // The new desk may be another authority's: the officer loses sight of the row.
      return tx.asSystem(() =>
        'authority' in choice
          ? this.toAuthority(tx, notice, contactId, choice.authority)
          : this.toDeskOfKind(tx, notice, contactId, choice.desk),
      );
    });
  }

  private async toDeskOfKind(
    tx: Tx,
    notice: NoticeEntity,
    contactId: string,
    kind: keyof typeof WHY,
  ): Promise<boolean> {
    const desk = await this.desks.find(tx, notice.authorityCode, kind);
    await this.move(tx, notice, contactId, { desk, kind, why: WHY[kind] });
    return true;
  }

  private async toAuthority(tx: Tx, notice: NoticeEntity, contactId: string, code: string): Promise<boolean> {
    if (code === notice.authorityCode && !notice.outside) {
      throw new DomainError('authority', 'The notice is with that authority already. Choose another.');
    }
    const [known] = await tx.query<{ served: boolean; desks: number }>(
      `SELECT a.served, (SELECT count(*)::int FROM desk d WHERE d.authority_code = a.code) AS desks FROM authority a WHERE a.code = $1`,
      [code],
    );
    if (!known) throw new DomainError('authority', 'Choose an authority from the list.');
    if (known.served && known.desks > 0) {
      const desk = await this.desks.find(tx, code, 'triage');
      await this.move(tx, notice, contactId, {
        desk,
        kind: 'triage',
        why: 'Another authority found that the child is in this area.',
      });
      return true;
    }
    await this.notices.update(tx, notice, { outside: true, outsideAuthorityCode: code });
    await this.record(tx, notice, contactId, { outside: code });
    return false;
  }

  private async move(
    tx: Tx,
    notice: NoticeEntity,
    contactId: string,
    { desk, kind, why }: { desk: Desk; kind: keyof typeof WHY; why: string },
  ): Promise<void> {
    const now = this.clock.now();
    const moved = await this.notices.transition(tx, notice, 'change-desk', {
      deskId: desk.id,
      authorityCode: desk.authorityCode,
      outside: false,
      outsideAuthorityCode: null,
      routedAt: now,
      nextDueAt: now,
      chargeContactId: null,
      chargeUntil: null,
    });
    await tx.execute(
      `INSERT INTO routing_decision (id, notice_id, at, decision, desk, authority_code, candidates, why, decided_by)
       SELECT $1, $2, $3, 'desk', $4, $5, coalesce((SELECT candidates FROM routing_decision WHERE notice_id = $2
         AND jsonb_array_length(candidates) > 0 ORDER BY at DESC LIMIT 1), '[]'), $6, $7`,
      [newId(), notice.id, now, kind, desk.authorityCode, JSON.stringify([why]), tx.actor.name],
    );
    await this.record(tx, notice, contactId, { desk: kind, authority: desk.authorityCode });
    await this.reactions.run('withdrawn', tx, moved);
    await this.reactions.run('ownedByDesk', tx, moved);
  }

  private record(
    tx: Tx,
    notice: NoticeEntity,
    contactId: string,
    detail: Record<string, string | null>,
  ): Promise<void> {
    return this.audit.record(tx, {
      action: 'notice.desk-changed',
      noticeId: notice.id,
      notificationId: notice.notificationId,
      authorityCode: notice.authorityCode,
      forceCode: notice.forceCode,
      contactId,
      detail,
    });
  }
}
