/** How the mail provider behaves; `to` limits it to these recipients. */
export type BadDay =
  | { kind: 'fine' }
  /** 421 to every connection. */
  | { kind: 'refuses' }
  /** 451: not now, try again. */
  | { kind: 'defers'; to?: readonly string[] }
  /** 550: there is no such mailbox. */
  | { kind: 'bounces'; to?: readonly string[] }
  /** Never answers. */
  | { kind: 'hangs'; to?: readonly string[] }
  | { kind: 'slow'; delayMs: number; to?: readonly string[] }
  /** Takes the message and breaks the connection before saying so. */
  | { kind: 'loses-its-yes' };

export const GOOD_DAY: BadDay = { kind: 'fine' };

export const smtpReply = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode });

export interface Answer {
  error: Error | null;
  delayMs: number;
  hang: boolean;
}

/** What a recipient's RCPT TO is answered on such a day. */
export function answerFor(day: BadDay, address: string): Answer {
  const fine: Answer = { error: null, delayMs: 0, hang: false };
  if ('to' in day && day.to && !day.to.includes(address)) return fine;
  switch (day.kind) {
    case 'defers':
      return { ...fine, error: smtpReply(451, 'Try again later') };
    case 'bounces':
      return { ...fine, error: smtpReply(550, 'No such mailbox') };
    case 'hangs':
      return { ...fine, hang: true };
    case 'slow':
      return { ...fine, delayMs: day.delayMs };
    default:
      return fine;
  }
}
