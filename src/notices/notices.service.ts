import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { NotFound, StateConflict } from '../common/errors.js';
import type { Tx } from '../database/database.js';
import { nextState, type NoticeCommand, type NoticeState } from './domain/state.js';
import { assertMayActOn } from './domain/standing.js';
import { NoticeEntity } from './notice.entity.js';

export type NoticeColumns = Omit<QueryDeepPartialEntity<NoticeEntity>, 'id' | 'state' | 'receivedAt'>;

/** Rows of `notice`. Row-level security decides what the transaction's actor sees; a hidden row is `NotFound`. */
@Injectable()
export class Notices {
  async find(tx: Tx, noticeId: string): Promise<NoticeEntity> {
    const notice = await tx.manager.findOne(NoticeEntity, { where: { id: noticeId } });
    if (!notice) throw new NotFound();
    return notice;
  }

  /** Takes the row lock under which everything about one notice is decided, and reads it fresh. */
  async lock(tx: Tx, noticeId: string): Promise<NoticeEntity> {
    const notice = await tx.manager.findOne(NoticeEntity, {
      where: { id: noticeId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!notice) throw new NotFound();
    return notice;
  }

  /**
   * Locks several in id order, so that two senders never wait for each other in a ring.
   * @param taken what to do about those that somebody else has locked: wait for them, or leave them out
   */
  async lockMany(
    tx: Tx,
    noticeIds: readonly string[],
    taken: 'wait' | 'skip-locked' = 'wait',
  ): Promise<NoticeEntity[]> {
    if (noticeIds.length === 0) return [];
    return tx.manager.find(NoticeEntity, {
      where: { id: In([...noticeIds]) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write', ...(taken === 'skip-locked' ? { onLocked: 'skip_locked' } : {}) },
    });
  }

  /**
   * Applies one command of the transition table to a locked notice, with further columns in the same statement.
   * @returns the notice as it stands now (the argument is not changed)
   * @throws StateConflict when the command does not apply in the notice's state, or the row moved on meanwhile
   */
  async transition(
    tx: Tx,
    notice: NoticeEntity,
    command: NoticeCommand,
    columns: NoticeColumns = {},
  ): Promise<NoticeEntity> {
    const state = nextState(notice.state, command);
    if (!state) return this.refuse(notice);
    const result = await tx.manager
      .createQueryBuilder()
      .update(NoticeEntity)
      .set({ ...columns, state })
      .where('id = :id AND state = :expected AND generation = :generation', {
        id: notice.id,
        expected: notice.state,
        generation: notice.generation,
      })
      .execute();
    if (result.affected !== 1)
      throw new StateConflict('Somebody else changed this notice a moment ago. Look at it again.');
    return Object.assign(new NoticeEntity(), notice, columns, { state });
  }

  /** @throws StateConflict saying where the notice stands */
  refuse(notice: NoticeEntity): never {
    throw new StateConflict(STATE_WORDS[notice.state]);
  }

  /** Changes columns that are not the state (deadlines, generation, charge) on a locked notice. */
  async update(tx: Tx, notice: NoticeEntity, columns: NoticeColumns): Promise<NoticeEntity> {
    await tx.manager
      .createQueryBuilder()
      .update(NoticeEntity)
      .set(columns)
      .where('id = :id', { id: notice.id })
      .execute();
    return Object.assign(new NoticeEntity(), notice, columns);
  }

  /** @throws DomainError (403) when the transaction's actor is not somebody of the notice's own school or reading desk */
  async assertMayAct(tx: Tx, notice: NoticeEntity): Promise<void> {
    const [desk] = notice.deskId
      ? await tx.query<{ kind: string }>(
          `SELECT coalesce((SELECT r.desk FROM routing_decision r WHERE r.notice_id = $2 AND r.decision = 'desk'
                            ORDER BY r.at DESC LIMIT 1), d.kind) AS kind FROM desk d WHERE d.id = $1`,
          [notice.deskId, notice.id],
        )
      : [];
    assertMayActOn(notice, desk?.kind ?? null, tx.actor.scope);
  }

  async insert(tx: Tx, notice: QueryDeepPartialEntity<NoticeEntity>): Promise<NoticeEntity> {
    await tx.manager
      .createQueryBuilder()
      .insert()
      .into(NoticeEntity)
      .values(notice)
      .updateEntity(false)
      .execute();
    return this.find(tx, notice.id as string);
  }
}

/** What to tell a person whose command came too late. */
const STATE_WORDS: { readonly [State in NoticeState]: string } = {
  received: 'This notice is being placed. Try again in a minute.',
  routing: 'This notice is being placed. Try again in a minute.',
  routed: 'This notice has not been read yet.',
  triage: 'This notice is with the desk.',
  delivered: 'This notice has not been acknowledged yet.',
  acknowledged: 'This notice has already been acknowledged.',
  actioned: 'The support decision for this notice is already recorded.',
  closed: 'This notice is closed.',
  redirected: 'This notice has been handed to the authority’s desk.',
  superseded: 'There is a newer version of this notice.',
  retracted: 'The police have withdrawn this notice.',
};
