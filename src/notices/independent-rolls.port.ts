import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { NoticeEntity } from './notice.entity.js';

/** What rolls say of a notice's child. */
export interface RollQuestions {
  /** @returns true only when something that no school of this notice has said puts the child at this setting, and only there */
  confirm(tx: Tx, notice: NoticeEntity, urn: string): Promise<boolean>;
  /** @returns ISO weekdays on which the child comes to the notice's setting; null: every day on which it opens, or not known */
  attendance(tx: Tx, notice: NoticeEntity): Promise<number[] | null>;
}

/**
 * A school that hands a child back may name another setting; a nursery's child may not come every day. `notices` stands below the
 * pupil base, so whoever can ask it registers here; until then nothing is ever confirmed, and every child comes every day.
 */
@Injectable()
export class IndependentRolls {
  private questions: RollQuestions | null = null;

  register(questions: RollQuestions): void {
    this.questions = questions;
  }

  async confirm(tx: Tx, notice: NoticeEntity, urn: string): Promise<boolean> {
    return (await this.questions?.confirm(tx, notice, urn)) ?? false;
  }

  async attendance(tx: Tx, notice: NoticeEntity): Promise<number[] | null> {
    return (await this.questions?.attendance(tx, notice)) ?? null;
  }
}
