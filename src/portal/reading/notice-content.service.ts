import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { NoticeEntity } from '../../notices/notice.entity.js';
import { discloseTo } from '../../notifications/domain/disclosure.js';
import type { DisclosureProfile, SchoolView } from '../../notifications/domain/school-view.js';
import type { NotificationDto } from '../../notifications/dto/notification.dto.js';
import { SealedTexts } from '../../sealing/sealed-texts.js';
import type { NoticeContent } from '../presenters/notice-content.js';

export interface DisclosedContent {
  content: NoticeContent;
  profile: DisclosureProfile;
}

/** Opens the police's words behind a notice and keeps what its recipient may see. */
@Injectable()
export class NoticeContents {
  constructor(private readonly sealedTexts: SealedTexts) {}

  /** The whole notification, for a desk that must place the child. @returns null when it was erased */
  async notification(
    tx: Tx,
    notice: NoticeEntity,
    version = notice.version,
  ): Promise<NotificationDto | null> {
    const [row] = await tx.query<{ id: string }>(
      `SELECT id FROM notification_version WHERE notification_id = $1 AND version = $2`,
      [notice.notificationId, version],
    );
    const text = row ? await this.sealedTexts.open(tx, notice.notificationId, row.id) : null;
    return text === null ? null : (JSON.parse(text) as NotificationDto);
  }

  /** @returns null when the words were erased, or the version does not name the child */
  async forRecipient(
    tx: Tx,
    notice: NoticeEntity,
    version = notice.version,
  ): Promise<DisclosedContent | null> {
    const notification = await this.notification(tx, notice, version);
    if (!notification?.children.some(({ reference }) => reference === notice.childReference)) return null;
    const profile = await this.profileFor(tx, notice);
    const view = discloseTo(profile, notification, notice.childReference);
    return { profile, content: contentOf(view, notification.category) };
  }

  /** What the force and the authority agreed that schools are shown. */
  private async profileFor(tx: Tx, notice: NoticeEntity): Promise<DisclosureProfile> {
    const [row] = await tx.query<{ profile: DisclosureProfile }>(
      `SELECT coalesce(d.profile, f.disclosure_profile) AS profile FROM force f
       LEFT JOIN disclosure d ON d.force_code = f.code AND d.authority_code = $2 WHERE f.code = $1`,
      [notice.forceCode, notice.authorityCode],
    );
    return row?.profile ?? 'standard';
  }
}

/** The disclosed parts in the shape the pages present; nothing stands in for what was withheld: it would be read as the police's word. */
export function contentOf(view: SchoolView, category: string): NoticeContent {
  const adults = view.adults ?? view.bound.map((adult) => ({ ...adult, role: null, schoolConnection: null }));
  return {
    incident: {
      startedAt: new Date(view.incident.startedAt),
      attendedAt: view.incident.attendedAt ? new Date(view.incident.attendedAt) : null,
      category,
      risk: view.incident.risk,
      circumstances: view.incident.circumstances,
      policeAction: view.incident.policeAction,
    },
    officer: view.officer,
    adults: adults.map((adult) => ({
      role: adult.role,
      forename: adult.forename,
      surname: adult.surname,
      relationshipToChild: adult.relationshipToChild,
      schoolConnection: adult.schoolConnection,
      mayCollect: adult.mayCollect,
      orders: adult.orders,
    })),
    child: {
      forename: view.child.forename,
      surname: view.child.surname,
      knownAs: view.child.knownAs,
      dateOfBirth: view.child.dateOfBirth,
      ageEstimate: view.child.ageEstimate,
      homePostcode: view.child.homePostcode,
      education: 'unknown',
      presence: view.child.presence,
      circumstances: null,
      voice: view.voice,
      language: view.child.language,
      interpreter: interpreterWords(view.child.interpreter),
      communicationNeeds: view.child.communicationNeeds,
    },
    restrictions: view.restrictions,
    referrals: (view.referrals ?? []).map(({ to, at }) => ({
      to: to ?? 'not given',
      at: at ? new Date(at) : null,
    })),
  };
}

function interpreterWords(interpreter: string | boolean | null): string | null {
  if (typeof interpreter === 'boolean') return interpreter ? 'Needed' : 'Not needed';
  return interpreter;
}
