import { Injectable, type OnModuleInit } from '@nestjs/common';
import { IndependentRolls, type RollQuestions } from '../notices/independent-rolls.port.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import type { Tx } from '../database/database.js';
import type { ChildDto } from '../notifications/dto/child.dto.js';
import { Conflicts } from './conflicts.service.js';
import { PupilBase } from './pupil-base.js';

/**
 * What the rolls know of a notice's child. What one school says of its new school counts only when that school's own roll says it,
 * too; a part-time child's bell is that of its next day.
 */
@Injectable()
export class AskRolls implements OnModuleInit, RollQuestions {
  constructor(
    private readonly rolls: IndependentRolls,
    private readonly conflicts: Conflicts,
    private readonly pupilBase: PupilBase,
  ) {}

  onModuleInit(): void {
    this.rolls.register(this);
  }

  attendance(tx: Tx, notice: NoticeEntity): Promise<number[] | null> {
    return this.pupilBase.attendance(tx, () => this.childOf(tx, notice), notice.setting());
  }

  async confirm(tx: Tx, notice: NoticeEntity, urn: string): Promise<boolean> {
    const child = await this.childOf(tx, notice);
    const answer = child ? await this.pupilBase.find(tx, child) : null;
    if (!answer || answer.ambiguous) return false;
    const elsewhere = answer.urns.filter((one) => one !== notice.settingUrn);
    if (elsewhere.length !== 1 || elsewhere[0] !== urn) return false;
    const [usable] = await tx.query(
      `SELECT 1 FROM setting s JOIN authority a ON a.code = s.authority_code
       WHERE s.urn = $1 AND s.status IN ('open', 'proposed-to-close') AND s.routable AND s.kind = 'school' AND a.served`,
      [urn],
    );
    return usable !== undefined;
  }

  private async childOf(tx: Tx, notice: NoticeEntity): Promise<ChildDto | null> {
    const notification = await this.conflicts.read(tx, notice);
    return notification?.children.find(({ reference }) => reference === notice.childReference) ?? null;
  }
}
