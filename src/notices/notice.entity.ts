import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { NoticeState } from './domain/state.js';

export type Risk = 'standard' | 'medium' | 'high' | 'not-assessed';
export type RedirectReason = 'not-our-pupil' | 'knows-family';

/** One child x one recipient setting or desk: what is delivered, acknowledged and acted on. Holds no text about people. */
@Entity('notice')
export class NoticeEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id: string;
  @Column({ name: 'reference', type: 'text' })
  reference: string;
  @Column({ name: 'notification_id', type: 'uuid' })
  notificationId: string;
  /** Version of the notification whose words this notice shows. */
  @Column({ name: 'version', type: 'int' })
  version: number;
  @Column({ name: 'child_id', type: 'uuid' })
  childId: string;
  @Column({ name: 'child_reference', type: 'text' })
  childReference: string;
  @Column({ name: 'force_code', type: 'text' })
  forceCode: string;
  @Column({ name: 'setting_urn', type: 'text', nullable: true })
  settingUrn: string | null;
  @Column({ name: 'desk_id', type: 'uuid', nullable: true })
  deskId: string | null;
  /** The authority whose desks stand at the ladder's end; null only at the operator's desk. */
  @Column({ name: 'authority_code', type: 'text', nullable: true })
  authorityCode: string | null;
  /** As stated by the police; may be an authority this installation has never heard of. */
  @Column({ name: 'home_authority_code', type: 'text', nullable: true })
  homeAuthorityCode: string | null;
  @Column({ name: 'incident_authority_code', type: 'text', nullable: true })
  incidentAuthorityCode: string | null;
  /** Owned by the incident authority for an area that this installation does not serve. */
  @Column({ name: 'outside', type: 'boolean' })
  outside: boolean;
  /** The area that should have it instead, as far as anybody knows; may be one this installation has never heard of. */
  @Column({ name: 'outside_authority_code', type: 'text', nullable: true })
  outsideAuthorityCode: string | null;
  /** An officer has recorded who was told outside Firstbell: the desk's part has ended. */
  @Column({ name: 'handed_over_at', type: 'timestamptz', nullable: true })
  handedOverAt: Date | null;
  @Column({ name: 'risk', type: 'text' })
  risk: Risk;
  /** An adult of the incident must not collect the child (or a court order says so): shortens the action clock. */
  @Column({ name: 'must_not_collect', type: 'boolean' })
  mustNotCollect: boolean;
  /** ISO weekdays on which a part-time child comes to the setting, by its roll; null: every day on which it opens. */
  @Column({ name: 'attends', type: 'smallint', array: true, nullable: true })
  attends: number[] | null;
  @Column({ name: 'test', type: 'boolean' })
  test: boolean;
  @Column({ name: 'state', type: 'text' })
  state: NoticeState;
  /** Fencing number: a job of an older generation does nothing. */
  @Column({ name: 'generation', type: 'int' })
  generation: number;
  /** R: the first 202. Never moves, not by triage, redirect, correction or replan. */
  @Column({ name: 'received_at', type: 'timestamptz' })
  receivedAt: Date;
  /** Decided once, from the true R. */
  @Column({ name: 'received_late', type: 'boolean', nullable: true })
  receivedLate: boolean | null;
  @Column({ name: 'routed_at', type: 'timestamptz', nullable: true })
  routedAt: Date | null;
  /** From when the running generation counts: R, the start of a held ladder, or the instant of a replan. */
  @Column({ name: 'planned_from', type: 'timestamptz', nullable: true })
  plannedFrom: Date | null;
  /** The instant D was counted from, where D by R had passed. Null: from R. */
  @Column({ name: 'counted_from', type: 'timestamptz', nullable: true })
  countedFrom: Date | null;
  /** D of the first plan: what statistics measure against. */
  @Column({ name: 'first_acknowledge_by', type: 'timestamptz', nullable: true })
  firstAcknowledgeBy: Date | null;
  @Column({ name: 'acknowledge_by', type: 'timestamptz', nullable: true })
  acknowledgeBy: Date | null;
  @Column({ name: 'holiday_by', type: 'timestamptz', nullable: true })
  holidayBy: Date | null;
  @Column({ name: 'place_by', type: 'timestamptz', nullable: true })
  placeBy: Date | null;
  @Column({ name: 'action_by', type: 'timestamptz', nullable: true })
  actionBy: Date | null;
  /** The next instant at which something happens by itself; never null while somebody has to read it. */
  @Column({ name: 'next_due_at', type: 'timestamptz', nullable: true })
  nextDueAt: Date | null;
  /** Snapshot of the ladder policy: editing a policy never changes a running ladder. */
  @Column({ name: 'policy', type: 'jsonb', nullable: true })
  policy: unknown;
  /** Why this setting was chosen, in the words a school may see. */
  @Column({ name: 'why', type: 'text', nullable: true })
  why: string | null;
  @Column({ name: 'from_notice_id', type: 'uuid', nullable: true })
  fromNoticeId: string | null;
  @Column({ name: 'superseded_by', type: 'uuid', nullable: true })
  supersededBy: string | null;
  @Column({ name: 'delivered_at', type: 'timestamptz', nullable: true })
  deliveredAt: Date | null;
  @Column({ name: 'acknowledged_at', type: 'timestamptz', nullable: true })
  acknowledgedAt: Date | null;
  @Column({ name: 'acknowledged_by', type: 'uuid', nullable: true })
  acknowledgedBy: string | null;
  @Column({ name: 'acknowledged_via', type: 'text', nullable: true })
  acknowledgedVia: 'portal' | 'telephone' | null;
  /** The officer who recorded a telephone acknowledgement. */
  @Column({ name: 'recorded_by', type: 'uuid', nullable: true })
  recordedBy: string | null;
  /** Who looks after it now, when another contact took over from the one who acknowledged. */
  @Column({ name: 'owner_contact_id', type: 'uuid', nullable: true })
  ownerContactId: string | null;
  /** "Are you in school today?": asked of an owner who acknowledged before the day of D. */
  @Column({ name: 'in_school_asked_at', type: 'timestamptz', nullable: true })
  inSchoolAskedAt: Date | null;
  @Column({ name: 'in_school_answered_at', type: 'timestamptz', nullable: true })
  inSchoolAnsweredAt: Date | null;
  @Column({ name: 'missed_at', type: 'timestamptz', nullable: true })
  missedAt: Date | null;
  @Column({ name: 'actioned_at', type: 'timestamptz', nullable: true })
  actionedAt: Date | null;
  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true })
  closedAt: Date | null;
  @Column({ name: 'redirected_at', type: 'timestamptz', nullable: true })
  redirectedAt: Date | null;
  @Column({ name: 'redirect_reason', type: 'text', nullable: true })
  redirectReason: RedirectReason | null;
  @Column({ name: 'charge_contact_id', type: 'uuid', nullable: true })
  chargeContactId: string | null;
  /** A desk's own repeats pause until then. */
  @Column({ name: 'charge_until', type: 'timestamptz', nullable: true })
  chargeUntil: Date | null;
  /** Messages already claimed by a sender when the acknowledgement came. */
  @Column({ name: 'crossed', type: 'int' })
  crossed: number;

  /** @throws Error when a desk owns it: the caller has not checked */
  setting(): string {
    if (!this.settingUrn) throw new Error(`notice ${this.id} has no setting`);
    return this.settingUrn;
  }
}
