import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { NoticeEntity } from './notice.entity.js';

/** @returns true only when something that no school of this notice has said puts the child at this setting, and only there */
export type RollQuestion = (tx: Tx, notice: NoticeEntity, urn: string) => Promise<boolean>;

/**
 * A school that hands a child back may name another setting. `notices` stands below the pupil base, so whoever can ask it
 * registers here; until then nothing is ever confirmed, and a person decides.
 */
@Injectable()
export class IndependentRolls {
  private question: RollQuestion = async () => false;

  register(question: RollQuestion): void {
    this.question = question;
  }

  confirm(tx: Tx, notice: NoticeEntity, urn: string): Promise<boolean> {
    return this.question(tx, notice, urn);
  }
}
