import { Injectable, type OnModuleInit } from '@nestjs/common';
import { IndependentRolls } from '../notices/independent-rolls.port.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import type { Tx } from '../database/database.js';
import { Conflicts } from './conflicts.service.js';
import { PupilBase } from './pupil-base.js';

/** What one school says of a child's new school counts only when that school's own roll says it, too. */
@Injectable()
export class ConfirmByRoll implements OnModuleInit {
  constructor(
    private readonly rolls: IndependentRolls,
    private readonly conflicts: Conflicts,
    private readonly pupilBase: PupilBase,
  ) {}

  onModuleInit(): void {
    this.rolls.register((tx, notice, urn) => this.confirm(tx, notice, urn));
  }

  private async confirm(tx: Tx, notice: NoticeEntity, urn: string): Promise<boolean> {
    const notification = await this.conflicts.read(tx, notice);
    const child = notification?.children.find(({ reference }) => reference === notice.childReference);
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
}
