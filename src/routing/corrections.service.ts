import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/database.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import type { ChildDto } from '../notifications/dto/child.dto.js';
import type { NotificationDto } from '../notifications/dto/notification.dto.js';
import { CorrectRoll } from '../pupils/correct-roll.service.js';
import { normalisedWords } from '../sealing/normalise-name.js';
import { Aliases } from './aliases.service.js';
import type { ReasonCode } from './domain/routing.types.js';
import { readStatedName } from './domain/stated-name.js';

export type StaleSource = 'stated-urn' | 'stated-laestab' | 'stated-name' | 'alias' | 'pupil-base' | 'desk';

interface LastDecision {
  decidedBy: string;
  why: (string | { code: ReasonCode })[];
}

/** What a desk's choice and a school's "not our pupil" teach: local names, rolls, and how often what was known was stale. */
@Injectable()
export class Corrections {
  constructor(
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly aliases: Aliases,
    private readonly rolls: CorrectRoll,
  ) {}

  /** An officer chose `notice.settingUrn`: the stated words may be its local name, and its roll may be believed again. */
  async placed(tx: Tx, notice: NoticeEntity, notification: NotificationDto, child: ChildDto): Promise<void> {
    const { settingUrn } = notice;
    if (!settingUrn || notice.test) return;
    await this.rolls.at(tx, child, settingUrn);
    const numbered = (child.settings ?? []).some(({ urn, laestab }) => urn || laestab);
    const { core } = readStatedName(child.schoolStated ?? '');
    if (numbered || core === '' || namesSomebody(core, notification)) return;
    const officer = await this.officerOf(tx, notice.id);
    const authorityCode = notice.homeAuthorityCode ?? officer?.authorityCode ?? notice.authorityCode;
    if (!authorityCode) return;
    const contactId = officer?.id ?? null;
    await this.aliases.propose(tx, { core, authorityCode, settingUrn, noticeId: notice.id, contactId });
  }

  async handedBack(tx: Tx, from: NoticeEntity, child: ChildDto | null): Promise<void> {
    const { settingUrn } = from;
    if (!settingUrn || from.test) return;
    const source = await this.sourceOf(tx, from);
    await tx.execute(
      `INSERT INTO stale_data_event (id, at, notice_id, force_code, authority_code, setting_urn, source)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (notice_id) DO NOTHING`,
      [
        newId(),
        this.clock.now(),
        from.id,
        from.forceCode,
        from.homeAuthorityCode ?? from.authorityCode,
        settingUrn,
        source,
      ],
    );
    if (!child) return;
    const lines = await this.rolls.notAt(tx, child, settingUrn);
    const { core } = readStatedName(child.schoolStated ?? '');
    const authority = from.homeAuthorityCode ?? from.authorityCode;
    if (source === 'alias' && authority) await this.aliases.doubt(tx, core, authority, settingUrn);
    if (lines === 0) return;
    await this.audit.record(tx, {
      action: 'roll.corrected',
      noticeId: from.id,
      notificationId: from.notificationId,
      settingUrn,
      authorityCode: from.authorityCode,
      detail: { lines, why: 'not-our-pupil' },
    });
  }

  /** What had sent the notice there. A second setting of one child comes from the roll or from the same number. */
  private async sourceOf(tx: Tx, from: NoticeEntity): Promise<StaleSource> {
    const [last] = await tx.query<LastDecision>(
      `SELECT r.decided_by AS "decidedBy", r.why FROM routing_decision r JOIN notice n ON n.id = r.notice_id
       WHERE n.child_id = $1 AND n.version = $2 ORDER BY (n.id = $3) DESC, r.at DESC LIMIT 1`,
      [from.childId, from.version, from.id],
    );
    const codes = (last?.why ?? []).map((one) => (typeof one === 'string' ? one : one.code));
    if (codes.includes('placed-by-desk')) return 'desk';
    if (codes.includes('stated-urn') || (codes.includes('successor') && !codes.includes('pupil-base')))
      return 'stated-urn';
    if (codes.includes('stated-laestab')) return 'stated-laestab';
    if (codes.includes('pupil-base')) return 'pupil-base';
    return codes.includes('alias') ? 'alias' : 'stated-name';
  }

  private async officerOf(
    tx: Tx,
    noticeId: string,
  ): Promise<{ id: string; authorityCode: string | null } | null> {
    const [row] = await tx.query<{ id: string; authorityCode: string | null }>(
      `SELECT c.id, d.authority_code AS "authorityCode" FROM routing_decision r
       JOIN contact c ON r.decided_by = 'contact:' || c.id LEFT JOIN desk d ON d.id = c.desk_id
       WHERE r.notice_id = $1 ORDER BY r.at DESC LIMIT 1`,
      [noticeId],
    );
    return row ?? null;
  }
}

/** Words that are also somebody's name in the notification are not kept as a school's. */
function namesSomebody(core: string, { children, adults }: NotificationDto): boolean {
  const people = [...children, ...(adults ?? [])].flatMap(({ forename, surname }) =>
    normalisedWords(`${forename ?? ''} ${surname ?? ''}`),
  );
  return core.split(' ').some((word) => people.includes(word));
}
