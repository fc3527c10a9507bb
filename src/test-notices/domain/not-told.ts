export type TestChannel = 'email' | 'sms';

export interface AddressFacts {
  channel: TestChannel;
  verifiedAt: Date | null;
  /** Bounced, or refused by the network. */
  failedAt: Date | null;
}

/** A contact of the tested setting as it stands now, with the addresses that are on record. */
export interface ContactFacts {
  id: string;
  name: string;
  role: string;
  createdAt: Date;
  addresses: readonly AddressFacts[];
}

/** An address to which the test made no message, because it was known before not to work. */
export interface NotTold {
  name: string;
  role: string;
  /** Null: no address at all. */
  channel: TestChannel | null;
  why: 'bounced' | 'never-verified' | 'no-address';
  /** When it bounced. */
  since: Date | null;
}

export interface TestRun {
  /** The end of the test, or now while it runs. */
  until: Date;
  channels: readonly string[];
  /** "contact channel" of every message that the test made. */
  sent: readonly string[];
}

/**
 * Whom a test could not have told, whatever step it reached: a message that is never made never fails. Decided by the addresses
 * alone, so that nobody who was left out for a conflict of interest is told from anybody else.
 * A bounced address is named even where its contact is told another way.
 */
export function notTold(contacts: readonly ContactFacts[], { until, channels, sent }: TestRun): NotTold[] {
  return contacts.flatMap((contact) => {
    const { id, name, role, createdAt } = contact;
    if (createdAt > until) return [];
    const used = contact.addresses.filter(({ channel }) => channels.includes(channel));
    if (used.length === 0) return [{ name, role, channel: null, why: 'no-address' as const, since: null }];
    const bad = used.flatMap(({ channel, verifiedAt, failedAt }): NotTold[] => {
      if (sent.includes(`${id} ${channel}`)) return [];
      if (failedAt && failedAt <= until) return [{ name, role, channel, why: 'bounced', since: failedAt }];
      return verifiedAt ? [] : [{ name, role, channel, why: 'never-verified', since: null }];
    });
    return bad.length === used.length ? bad : bad.filter(({ why }) => why === 'bounced');
  });
}
