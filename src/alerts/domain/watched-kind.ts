/** Alerts that the auditor raises when it finds something and clears when it finds it no more. */
export const WATCHED_KINDS = [
  'timers-overdue',
  'messages-stuck',
  'notice-unwatched',
  'feed-silent',
  'not-ready',
  'sender-silent',
  'bounce-storm',
  'bounces-unread',
  'provider-down',
  'operator-unreachable',
  'audit-failed',
] as const;
export type WatchedKind = (typeof WATCHED_KINDS)[number];
