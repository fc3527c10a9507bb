export type Channel = 'email' | 'sms';

export interface Recipient {
  contactId: string;
  channel: Channel;
  /** Domain instant before which nothing is sent (quiet hours); usually now. */
  notBefore: Date;
}
