import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, NotFound, StateConflict } from '../common/errors.js';
import { isUuid, newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import type { NoticeState } from '../notices/domain/state.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { Notices } from '../notices/notices.service.js';
import { SealedTexts } from '../sealing/sealed-texts.js';
import { Colleagues } from './colleagues.service.js';
import { dueDateProblem, followUpClock } from './domain/follow-up-clock.js';
import { DEFAULT_POLICY, parsePolicy } from './domain/policy.js';
import { FollowUpRows, type StoredFollowUp } from './follow-ups.repository.js';
import { LadderInputs } from './ladder-inputs.service.js';

export const FOLLOW_UP_KINDS = ['task', 'check-in', 'referral', 'file-transfer'] as const;
export type FollowUpKind = (typeof FOLLOW_UP_KINDS)[number];
/** A task may outlive the support decision, and the version of the notice that it came from. */
export const FOLLOW_UP_STATES: readonly NoticeState[] = ['acknowledged', 'actioned', 'closed', 'superseded'];
const LONGEST_TEXT = 2_000;

export interface NewFollowUp {
  kind: string;
  text: string;
  dueOn: string;
  /** Who is to do it; empty: whoever adds it. */
  ownerContactId: string;
}

export interface FollowUpError {
  field: 'kind' | 'text' | 'dueOn' | 'ownerContactId';
  text: string;
}

/** Everything that is wrong with a follow-up, for the form. */
export class InvalidFollowUp extends DomainError {
  constructor(readonly errors: readonly FollowUpError[]) {
    super('follow-up', errors.map(({ text }) => text).join(' '), 422);
  }
}

/** Later tasks that come of a notice, each with a due date and reminders of its own. */
@Injectable()
export class FollowUps {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly notices: Notices,
    private readonly inputs: LadderInputs,
    private readonly rows: FollowUpRows,
    private readonly colleagues: Colleagues,
    private readonly sealedTexts: SealedTexts,
  ) {}

  /** @throws InvalidFollowUp with every error at once; StateConflict before the notice was read; NotFound without a relationship */
  async add(actor: Actor, contactId: string, noticeId: string, wanted: NewFollowUp): Promise<string> {
    return this.database.transaction(actor, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      await this.notices.assertMayAct(tx, notice);
      if (!FOLLOW_UP_STATES.includes(notice.state)) {
        throw new StateConflict('Read the notice first: “I have read this and will look after it”.');
      }
      const now = this.clock.now();
      const owner = wanted.ownerContactId || contactId;
      const errors = await this.errorsIn(tx, notice, { ...wanted, ownerContactId: owner }, contactId, now);
      if (errors.length > 0) throw new InvalidFollowUp(errors);
      const calendar = await this.inputs.calendarOf(tx, notice, now);
      const policy = notice.policy ? parsePolicy(notice.policy) : DEFAULT_POLICY;
      const { dueAt, steps } = followUpClock(wanted.dueOn, now, calendar, policy.action);
      const id = newId();
      const sealedTextId = newId();
      await this.sealedTexts.seal(tx, {
        id: sealedTextId,
        notificationId: notice.notificationId,
        noticeId,
        kind: 'follow-up',
        text: wanted.text.trim(),
        at: now,
      });
      const { kind, dueOn } = wanted;
      await this.rows.add(tx, { id, noticeId, kind, sealedTextId, dueOn, dueAt, owner, contactId, at: now });
      await this.outbox.addMany(
        tx,
        steps.map(({ step, at }) => ({
          name: 'follow-up.fire' as const,
          payload: { followUpId: id, step },
          dueAt: at,
          noticeId,
        })),
      );
      await this.record(tx, 'follow-up.added', notice, owner, { followUp: id, kind, dueOn });
      return id;
    });
  }

  /** Once: pressed twice, or by two people, whoever was first is on the record. @throws NotFound for another notice's */
  async complete(actor: Actor, contactId: string, noticeId: string, followUpId: string): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      const notice = await this.notices.lock(tx, noticeId);
      await this.notices.assertMayAct(tx, notice);
      if (!isUuid(followUpId) || !(await this.rows.belongsTo(tx, followUpId, noticeId))) throw new NotFound();
      const done = await this.rows.complete(tx, followUpId, contactId, this.clock.now());
      if (!done) return;
      await this.rows.disarm(tx, followUpId, noticeId, this.clock.realNow());
      await this.record(tx, 'follow-up.completed', notice, contactId, { followUp: followUpId });
    });
  }

  /** With their texts, the next due first, what is done last. */
  async of(tx: Tx, notice: NoticeEntity): Promise<(StoredFollowUp & { text: string })[]> {
    const rows = await this.rows.of(tx, notice.id);
    const texts = await this.sealedTexts.openMany(
      tx,
      notice.notificationId,
      rows.map(({ sealedTextId }) => sealedTextId),
    );
    return rows.map((row) => ({
      ...row,
      text: texts.get(row.sealedTextId) ?? 'Erased at the end of its retention time.',
    }));
  }

  /** How many end when the notice is handed back: its own, and those of older versions; 0 of one that the actor cannot see. */
  openWith(tx: Tx, noticeId: string): Promise<number> {
    return this.rows.openWith(tx, noticeId);
  }

  private async errorsIn(
    tx: Tx,
    notice: NoticeEntity,
    wanted: NewFollowUp,
    contactId: string,
    now: Date,
  ): Promise<FollowUpError[]> {
    const errors: FollowUpError[] = [];
    if (!FOLLOW_UP_KINDS.some((kind) => kind === wanted.kind)) {
      errors.push({ field: 'kind', text: 'Say what kind of follow-up it is.' });
    }
    const length = wanted.text.trim().length;
    if (length === 0) errors.push({ field: 'text', text: 'Say what is to be done.' });
    if (length > LONGEST_TEXT)
      errors.push({ field: 'text', text: `Use ${LONGEST_TEXT} characters or fewer.` });
    const date = dueDateProblem(wanted.dueOn, now);
    if (date) errors.push({ field: 'dueOn', text: date });
    const mayOwn =
      wanted.ownerContactId === contactId ||
      (await this.colleagues.of(tx, notice)).some(({ id }) => id === wanted.ownerContactId);
    if (!mayOwn) errors.push({ field: 'ownerContactId', text: 'Choose a colleague from the list.' });
    return errors;
  }

  private async record(
    tx: Tx,
    action: 'follow-up.added' | 'follow-up.completed',
    notice: NoticeEntity,
    contactId: string,
    detail: Record<string, string>,
  ): Promise<void> {
    await this.audit.record(tx, {
      action,
      noticeId: notice.id,
      notificationId: notice.notificationId,
      settingUrn: notice.settingUrn,
      authorityCode: notice.authorityCode,
      contactId,
      detail,
    });
  }
}
