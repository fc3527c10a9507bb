import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { AuthoritySender, ProviderName } from './domain/authority-sender.js';
import { addressDigest } from './address-digest.js';
import { columnsOf, pairOf, type ContactChannel } from './domain/contact-channel.js';
import type { LatelySent } from './domain/bounce-storm.js';
import type { LatelyTaken } from './domain/late-message.js';
import type { Channel } from './domain/recipient.js';

export type MailingState = 'sending' | 'accepted' | 'delivered' | 'bounced' | 'failed';

export interface Mailing {
  id: string;
  contactId: string;
  channel: Channel;
  state: MailingState;
  claimedAt: Date;
  delayed: boolean;
  /** Of the address that it went to (`addressDigest`); null where there was none. */
  addressDigest: Buffer | null;
}

export interface NewMailing extends ContactChannel {
  mailingId: string;
  provider: ProviderName;
  address: string | null;
  messages: number;
  repeated: boolean;
  /** Carries nothing but test notices. */
  test: boolean;
}

/** What a sender needs to know of somebody, for one channel. */
export interface ContactForSending {
  contactId: string;
  /** Null when the address is missing, marked or not verified. */
  address: string | null;
  authorityCode: string | null;
  settingUrn: string | null;
  deskId: string | null;
  sender: AuthoritySender | null;
}

/** Rows of `mailing`, and the contact behind it. */
@Injectable()
export class MailingsRepository {
  async contact(tx: Tx, contactId: string, channel: Channel): Promise<ContactForSending | null> {
    return (await this.contacts(tx, [{ contactId, channel }])).get(pairOf({ contactId, channel })) ?? null;
  }

  /** By `pairOf` of contact and channel. */
  async contacts(tx: Tx, wanted: readonly ContactChannel[]): Promise<Map<string, ContactForSending>> {
    if (wanted.length === 0) return new Map();
    const rows = await tx.query<ContactForSending & { channel: Channel }>(
      `SELECT c.id AS "contactId", wanted.channel, CASE WHEN c.archived_at IS NOT NULL THEN NULL
           WHEN wanted.channel = 'email' THEN CASE WHEN c.email_verified_at IS NOT NULL AND c.email_bounced_at IS NULL THEN c.email END
           WHEN c.mobile_verified_at IS NOT NULL AND c.mobile_failed_at IS NULL THEN c.mobile END AS address,
         coalesce(s.authority_code, d.authority_code) AS "authorityCode", c.setting_urn AS "settingUrn",
         c.desk_id AS "deskId",
         CASE WHEN a.authority_code IS NOT NULL THEN json_build_object('provider', a.provider, 'from', a.from_address,
           'replyTo', a.reply_to, 'notifyReplyToId', a.notify_reply_to_id, 'notifySmsSenderId', a.notify_sms_sender_id) END AS sender
       FROM unnest($1::uuid[], $2::text[]) AS wanted(id, channel) JOIN contact c ON c.id = wanted.id
         LEFT JOIN setting s ON s.urn = c.setting_urn LEFT JOIN desk d ON d.id = c.desk_id
         LEFT JOIN authority_sender a ON a.authority_code = coalesce(s.authority_code, d.authority_code)`,
      columnsOf(wanted),
    );
    return new Map(rows.map((row) => [pairOf(row), row]));
  }

  /** Writes the mailings; their messages are in the sender's hand. */
  async claim(tx: Tx, mailings: readonly NewMailing[], claimedAt: Date): Promise<void> {
    if (mailings.length === 0) return;
    const column = <T>(pick: (mailing: NewMailing) => T): T[] => mailings.map(pick);
    await tx.execute(
      `INSERT INTO mailing (id, contact_id, channel, messages, state, claimed_at, repeated, provider, address_digest, test)
       SELECT id, contact_id, channel, messages, 'sending', $7, repeated, provider, address_digest, test
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::boolean[], $6::text[], $8::bytea[], $9::boolean[])
         AS m(id, contact_id, channel, messages, repeated, provider, address_digest, test)`,
      [
        column(({ mailingId }) => mailingId),
        column(({ contactId }) => contactId),
        column(({ channel }) => channel),
        column(({ messages }) => messages),
        column(({ repeated }) => repeated),
        column(({ provider }) => provider),
        claimedAt,
        column(({ mailingId, address }) => (address === null ? null : addressDigest(mailingId, address))),
        column(({ test }) => test),
      ],
    );
  }

  /** A report that was quicker than the provider's own answer keeps its state. */
  async accepted(
    tx: Tx,
    answers: readonly { id: string; providerId: string | null }[],
    at: Date,
  ): Promise<void> {
    await tx.execute(
      `UPDATE mailing SET state = CASE WHEN state = 'sending' THEN 'accepted' ELSE state END,
         accepted_at = coalesce(accepted_at, $2), provider_id = coalesce(mailing.provider_id, answer.provider_id)
       FROM unnest($1::uuid[], $3::text[]) AS answer(id, provider_id) WHERE mailing.id = answer.id`,
      [answers.map(({ id }) => id), at, answers.map(({ providerId }) => providerId)],
    );
  }

  async close(
    tx: Tx,
    mailingId: string,
    state: 'delivered' | 'bounced' | 'failed',
    code: string,
    at: Date,
  ): Promise<void> {
    await tx.execute(`UPDATE mailing SET state = $2, error_code = $3, reported_at = $4 WHERE id = $1`, [
      mailingId,
      state,
      state === 'delivered' ? null : code,
      at,
    ]);
  }

  /** @returns false when it was known */
  async delayed(tx: Tx, mailingId: string, at: Date): Promise<boolean> {
    const sql = `UPDATE mailing SET delayed_at = $2 WHERE id = $1 AND delayed_at IS NULL`;
    return (await tx.execute(sql, [mailingId, at])) === 1;
  }

  async find(tx: Tx, mailingId: string, lock: boolean): Promise<Mailing | null> {
    const [row] = await tx.query<Mailing>(
      `SELECT id, contact_id AS "contactId", channel, state, claimed_at AS "claimedAt", delayed_at IS NOT NULL AS delayed,
         address_digest AS "addressDigest"
       FROM mailing WHERE id = $1 ${lock ? 'FOR UPDATE' : ''}`,
      [mailingId],
    );
    return row ?? null;
  }

  /** Whether a mailing's contact still has the address that it went to, whatever the state of that address. */
  async wentToPresentAddress(
    tx: Tx,
    { id, contactId, channel, addressDigest: digest }: Mailing,
  ): Promise<boolean> {
    const [row] = await tx.query<{ address: string | null }>(
      `SELECT CASE WHEN $2 = 'email' THEN email ELSE mobile END AS address FROM contact WHERE id = $1`,
      [contactId, channel],
    );
    return digest !== null && !!row?.address && addressDigest(id, row.address).equals(digest);
  }

  /** The provider of a mailing; from here to the end of the transaction nobody else judges bounces. */
  async providerToJudge(tx: Tx, mailingId: string): Promise<string | null> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('firstbell bounces'))`);
    const [row] = await tx.query<{ provider: string | null }>(`SELECT provider FROM mailing WHERE id = $1`, [
      mailingId,
    ]);
    return row?.provider ?? null;
  }

  /**
   * What became, by provider and channel, of the people whose mailings had their answer since an instant (domain time). All whom test
   * notices went to at one place count as one: a school can send those at any time, and to any number of addresses that do not exist.
   */
  async lately(tx: Tx, since: Date): Promise<(LatelySent & { provider: string; channel: Channel })[]> {
    return tx.query(
      `SELECT provider, channel, count(DISTINCT who) FILTER (WHERE ${UNKNOWN_TO_PROVIDER})::int AS bounced,
         count(DISTINCT who) FILTER (WHERE state IN ('accepted', 'delivered') OR ${UNKNOWN_TO_PROVIDER})::int AS answered
       FROM (SELECT m.*, CASE WHEN m.test THEN (SELECT coalesce(c.setting_urn, c.desk_id::text) FROM contact c
           WHERE c.id = m.contact_id) ELSE m.contact_id::text END AS who FROM mailing m) AS lately
       WHERE claimed_at >= $1 AND coalesce(reported_at, accepted_at, claimed_at) >= $2 AND provider IS NOT NULL
       GROUP BY provider, channel`,
      [dayBefore(since), since],
    );
  }

  async providerOf(tx: Tx, mailingId: string): Promise<string> {
    const [row] = await tx.query<{ provider: string | null }>(`SELECT provider FROM mailing WHERE id = $1`, [
      mailingId,
    ]);
    return row?.provider ?? '';
  }

  /** What a provider did with everything that it was asked to take since an instant (domain time). */
  async latelyTaken(tx: Tx, provider: string, since: Date): Promise<LatelyTaken> {
    const [row] = await tx.query<LatelyTaken>(
      `SELECT count(*) FILTER (WHERE m.state IN ('accepted', 'delivered'))::int AS taken,
         count(DISTINCT coalesce(c.setting_urn, c.desk_id::text)) FILTER (WHERE m.state = 'failed'
           AND coalesce(m.error_code, '') !~ '[45][.]2[.]2')::int AS "placesRefused"
       FROM mailing m JOIN contact c ON c.id = m.contact_id
       WHERE m.claimed_at >= $2 AND m.provider = $1`,
      [provider, since],
    );
    return row ?? { taken: 0, placesRefused: 0 };
  }

  /** Addresses that this provider alone has made bad since an instant. @returns contacts whose address counts again */
  async believeAgain(
    tx: Tx,
    provider: string,
    channel: Channel,
    since: Date,
  ): Promise<{ id: string; urn: string | null; deskId: string | null }[]> {
    const [marked, same] =
      channel === 'email'
        ? ['email_bounced_at', 'lower(c.email) = lower(hit.email)']
        : ['mobile_failed_at', 'c.mobile = hit.mobile'];
    return tx.query(
      `UPDATE contact c SET ${marked} = NULL FROM mailing m JOIN contact hit ON hit.id = m.contact_id
       WHERE m.provider = $1 AND m.channel = $2 AND m.claimed_at >= $3 AND m.reported_at >= $4 AND ${UNKNOWN_TO_PROVIDER}
         AND (c.id = hit.id OR ${same}) AND c.${marked} >= $4
       RETURNING c.id, c.setting_urn AS urn, c.desk_id AS "deskId"`,
      [provider, channel, dayBefore(since), since],
    );
  }

  /**
   * Marks the address that a contact has, wherever it is used; one that was verified after the mail left works again.
   * @returns the contacts that cannot be told this way from now on
   */
  async markAddress(
    tx: Tx,
    contactId: string,
    channel: Channel,
    sentAt: Date,
    at: Date,
  ): Promise<{ id: string; urn: string | null }[]> {
    const [address, verified, marked, same] =
      channel === 'email'
        ? ['email', 'email_verified_at', 'email_bounced_at', 'lower(c.email) = lower(hit.email)']
        : ['mobile', 'mobile_verified_at', 'mobile_failed_at', 'c.mobile = hit.mobile'];
    return tx.query(
      `UPDATE contact c SET ${marked} = $2 FROM contact hit
       WHERE hit.id = $1 AND hit.${address} IS NOT NULL AND (c.id = hit.id OR (${same} AND c.archived_at IS NULL))
         AND c.${marked} IS NULL AND (c.${verified} IS NULL OR c.${verified} <= $3)
       RETURNING c.id, c.setting_urn AS urn`,
      [contactId, at, sentAt],
    );
  }
}

/** Refused because of the address. Not where nobody was asked, and not refusals of a mail's size, content or sender (RFC 3463). */
const UNKNOWN_TO_PROVIDER = `(state = 'bounced' AND coalesce(error_code, '') !~ '(NO-ADDRESS|5[.](2[.][23]|3[.]|6[.]|7[.]))')`;

/** A report may come long after its mail: the table is read from a day before, by its order in time. */
function dayBefore(instant: Date): Date {
  return new Date(instant.getTime() - 24 * 3_600_000);
}
