import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/database.js';

/** Past-tense names of everything that is put on the record. */
export type AuditAction =
  | 'notification.accepted'
  | 'notification.superseded'
  | 'notification.replayed'
  | 'notification.refused'
  | 'notification.read-status'
  | 'notice.routed'
  | 'notice.to-desk'
  | 'notice.placed'
  | 'notice.planned'
  | 'notice.replanned'
  | 'notice.delivered'
  | 'notice.cover-shown'
  | 'notice.opened'
  | 'notice.read'
  | 'notice.printed'
  | 'notice.acknowledged'
  | 'notice.telephone-acknowledged'
  | 'notice.charge-taken'
  | 'notice.charge-ended'
  | 'notice.claimed'
  | 'notice.claim-released'
  | 'notice.claim-taken-over'
  | 'notice.placement-chosen'
  | 'notice.placement-undone'
  | 'notice.placement-failed'
  | 'notice.desk-changed'
  | 'notice.handed-over'
  | 'notice.force-told'
  | 'notice.redirected'
  | 'notice.superseded'
  | 'notice.in-school-asked'
  | 'notice.in-school-answered'
  | 'notice.in-school-moved'
  | 'notice.handed-over'
  | 'notice.rung-asked-for'
  | 'notice.remind-later'
  | 'follow-up.added'
  | 'follow-up.completed'
  | 'follow-up.withdrawn'
  | 'policy.saved'
  | 'notice.action-recorded'
  | 'notice.missed-bell'
  | 'notice.contact-excluded'
  | 'notice.exclusion-lifted'
  | 'rung.fired'
  | 'rung.empty'
  | 'desk.reminded'
  | 'action.reminded'
  | 'message.accepted'
  | 'message.failed'
  | 'message.suppressed'
  | 'message.delivered'
  | 'message.delayed'
  | 'message.bounced'
  | 'message.other-channel'
  | 'address.marked'
  | 'address.believed-again'
  | 'fallback.told'
  | 'sender.changed'
  | 'token.issued'
  | 'token.refused'
  | 'sign-in.code-requested'
  | 'sign-in.succeeded'
  | 'sign-in.failed'
  | 'sign-in.ended'
  | 'inbox.read'
  | 'desk.read'
  | 'authority.read'
  | 'force.read'
  | 'admin.read'
  | 'directory.imported'
  | 'calendar.imported'
  | 'calendar.read'
  | 'calendar.days-added'
  | 'calendar.days-removed'
  | 'calendar.hours-changed'
  | 'directory.read'
  | 'import.started'
  | 'import.ended'
  | 'contact.read'
  | 'contact.added'
  | 'contact.changed'
  | 'contact.ended'
  | 'contact.attested'
  | 'contact.away'
  | 'contact.absence-changed'
  | 'contact.code-requested'
  | 'contact.code-failed'
  | 'contact.address-verified'
  | 'contact.address-bounced'
  | 'contact.reminded'
  | 'coverage.read'
  | 'coverage.exported'
  | 'coverage.warned'
  | 'desk.added'
  | 'roll.erased'
  | 'roll.corrected'
  | 'alias.proposed'
  | 'alias.approved'
  | 'alias.rejected'
  | 'alias.read'
  | 'authority.routing-changed'
  | 'client.added'
  | 'client.rotated'
  | 'client.revoked'
  | 'job.exhausted'
  | 'alert.raised'
  | 'alert.acknowledged'
  | 'alert.cleared'
  | 'alert.undeliverable'
  | 'feed.heard'
  | 'feed.expected'
  | 'notice.timer-restored'
  | 'test-notice.sent'
  | 'test-notice.scheduled'
  | 'test-notice.report-read';

/** Ids and codes only. `detail` never holds a name, an address or text from a person. */
export interface AuditEntry {
  action: AuditAction;
  forceCode?: string | null;
  authorityCode?: string | null;
  settingUrn?: string | null;
  notificationId?: string | null;
  noticeId?: string | null;
  contactId?: string | null;
  detail?: Record<string, string | number | boolean | null | readonly string[]>;
}

/** Appends to the record in the caller's transaction: what did not commit did not happen, and is not recorded. */
@Injectable()
export class Audit {
  constructor(private readonly clock: Clock) {}

  async record(tx: Tx, ...entries: AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const column = (pick: (entry: AuditEntry) => string | null | undefined): (string | null)[] =>
      entries.map((entry) => pick(entry) ?? null);
    await tx.execute(
      `INSERT INTO audit_event (at, actor, action, force_code, authority_code, setting_urn, notification_id,
         notice_id, contact_id, detail, correlation_id)
       SELECT $1, $2, action, force_code, authority_code, setting_urn, notification_id, notice_id, contact_id,
         detail::jsonb, $3
       FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::uuid[], $11::text[])
         AS entry(action, force_code, authority_code, setting_urn, notification_id, notice_id, contact_id, detail)`,
      [
        this.clock.now(),
        tx.actor.name,
        tx.correlationId,
        entries.map((entry) => entry.action),
        column((entry) => entry.forceCode),
        column((entry) => entry.authorityCode),
        column((entry) => entry.settingUrn),
        column((entry) => entry.notificationId),
        column((entry) => entry.noticeId),
        column((entry) => entry.contactId),
        entries.map((entry) => JSON.stringify(entry.detail ?? {})),
      ],
    );
  }
}
