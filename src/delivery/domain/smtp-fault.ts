import { isAddressFault } from './bounce-report.js';

export interface SmtpFault {
  fault: 'bounced' | 'transient';
  code: string;
  blames: 'address' | 'provider';
  /** Refused at RCPT TO; 421 is the server's own end. */
  atRecipient: boolean;
  maybeSent: boolean;
}

/** Before any message was handed over, whatever went wrong. */
const NEVER_SENT = new Set(['EDNS', 'ENOTFOUND', 'EAUTH', 'ETLS', 'EENVELOPE']);
const NEVER_CONNECTED = /^(connect |Greeting never received|Connection timeout)/;

/**
 * What a mail server's refusal means. Only a permanent refusal of the recipient at RCPT TO is a bounce: a refused sender, login,
 * relay or content is ours to mend, and must never switch off an address. Keeps the codes alone: the reply quotes the address.
 */
export function smtpFault(error: unknown): SmtpFault {
  const { code, responseCode, response, command, message } = (error ?? {}) as {
    code?: string;
    message?: string;
    responseCode?: number;
    response?: string;
    command?: string;
  };
  const reply = responseCode ?? 0;
  const atRecipient = code === 'EENVELOPE' && command === 'RCPT TO';
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  const socket = /\b(E[A-Z]{4,20})\b/.exec(message ?? '')?.[1];
  const said = [responseCode ?? socket ?? code ?? 'UNKNOWN', enhanced].filter(Boolean).join(' ');
  if (
    atRecipient &&
    reply >= 500 &&
    (enhanced === undefined ? reply !== 552 && reply !== 554 : isAddressFault(enhanced))
  ) {
    return { fault: 'bounced', code: said, blames: 'address', atRecipient, maybeSent: false };
  }
  const fullOrGrey = atRecipient && (reply === 450 || reply === 451 || reply === 452 || reply === 552);
  const noRoute = atRecipient && enhanced?.startsWith('5.4.') === true;
  // nodemailer says "CONN" also for a connection that broke after the message was handed over.
  const answered = reply > 0 || NEVER_SENT.has(code ?? '') || NEVER_CONNECTED.test(message ?? '');
  return {
    fault: 'transient',
    code: said,
    blames: fullOrGrey || noRoute ? 'address' : 'provider',
    atRecipient: atRecipient && reply >= 400 && reply !== 421,
    maybeSent: !answered,
  };
}
