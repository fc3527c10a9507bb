export type AlertRecipient = 'operator' | 'force';

/** One mail about an alert: to whom, and in which round. Tried again, it is the same mail. */
export interface AlertMail {
  alertId: string;
  recipient: AlertRecipient;
  round: number;
}

const PLACES: readonly AlertRecipient[] = ['operator', 'force'];
const ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([01])\.(\d{1,9})$/;

/** A new round is a new id: mail servers drop a Message-ID that they have seen. */
export function alertMailId({ alertId, recipient, round }: AlertMail): string {
  return `${alertId}.${PLACES.indexOf(recipient)}.${round}`;
}

/** @returns null when it is not the id of a mail about an alert */
export function readAlertMailId(id: string): AlertMail | null {
  const [, alertId, place, round] = ID.exec(id) ?? [];
  const recipient = PLACES[Number(place)];
  return alertId && recipient ? { alertId, recipient, round: Number(round) } : null;
}
