import { canonicalJson } from '../../sealing/canonical-json.js';
import type { NotificationDto } from '../dto/notification.dto.js';

/**
 * What two notifications must have in common to be "equal content": the canonical JSON (RFC 8785) of everything but `version`.
 * The version says which edition it is, not what it says: a force may post once without it and again with it. `null` and
 * absent differ, and so do two spellings of one instant: police words are compared as they were sent.
 */
export function canonicalContent(notification: NotificationDto): string {
  const { version: _, ...content } = notification;
  return canonicalJson(content);
}
