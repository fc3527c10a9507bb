import type { ReportVerdict } from './bounce-report.js';

export interface NotifyFault {
  fault: 'bounced' | 'transient';
  code: string;
  blames: 'address' | 'provider';
  maybeSent: boolean;
}

interface AxiosLike {
  code?: string;
  response?: { status?: number; data?: { errors?: { error?: string; message?: string }[] } };
}

/**
 * What Notify's answer means (its documentation, "Error codes"). Only an address it calls invalid is a bounce; a team-only key,
 * a missing placeholder, a clock that is wrong or a used-up limit is ours to mend and says nothing about the address.
 */
export function notifyFault(error: unknown): NotifyFault {
  const { code, response } = (error ?? {}) as AxiosLike;
  if (response?.status === undefined) {
    const unsent = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
    const said = code === 'ECONNABORTED' || code === 'ETIMEDOUT' ? 'TIMEOUT' : (code ?? 'UNKNOWN');
    return { fault: 'transient', code: said, blames: 'provider', maybeSent: !unsent };
  }
  const { status } = response;
  const [first] = response.data?.errors ?? [];
  const name = /^[A-Za-z]{1,40}$/.test(first?.error ?? '') ? ` ${first?.error}` : '';
  const said = `NOTIFY ${status}${name}`;
  if (status === 400 && isInvalidAddress(first?.error, first?.message)) {
    return { fault: 'bounced', code: said, blames: 'address', maybeSent: false };
  }
  return { fault: 'transient', code: said, blames: 'provider', maybeSent: status >= 500 };
}

function isInvalidAddress(error: string | undefined, message: string | undefined): boolean {
  return error === 'ValidationError' && /^(email_address|phone_number) /.test(message ?? '');
}

export const NOTIFY_STATUSES = [
  'delivered',
  'permanent-failure',
  'temporary-failure',
  'technical-failure',
] as const;
export type NotifyStatus = (typeof NOTIFY_STATUSES)[number];

/** `technical`: Notify lost it by its own fault and asks for it again. */
export type NotifyVerdict = ReportVerdict | { kind: 'technical'; status: string; marksAddress: false };

/** What a delivery receipt says of the message and of the address. */
export function notifyVerdict(status: NotifyStatus): NotifyVerdict {
  switch (status) {
    case 'delivered':
      return { kind: 'delivered', status: '2.0.0', marksAddress: false };
    case 'permanent-failure':
      return { kind: 'hard', status: '5.1.1', marksAddress: true };
    case 'temporary-failure':
      return { kind: 'soft', status: '4.0.0', marksAddress: false };
    case 'technical-failure':
      return { kind: 'technical', status: '4.3.0', marksAddress: false };
  }
}
