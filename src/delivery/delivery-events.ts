import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';

/** Every message of this rung has failed or bounced: the rung counts as empty and the next one must run at once. */
export type RungUndelivered = (tx: Tx, noticeId: string, generation: number, rung: string) => Promise<void>;

/** Messages of these rungs, late or in the place of lost ones, have arrived after all: a rung that was called empty has told somebody. */
export type RungsArrivedLate = (
  tx: Tx,
  rungs: readonly { noticeId: string; generation: number; rung: string }[],
) => Promise<void>;

/** What a person must look at, or no longer. */
export type DeliveryTrouble = 'provider-down' | 'fallback-undelivered';

/**
 * A mail that is no mailing's did not arrive; `mailId` is the `mailingId` that it was sent with.
 * @returns false when that was known, or the id is nobody's
 */
export type OtherMailLost = (tx: Tx, mailId: string, code: string) => Promise<boolean>;

export interface TroubleListener {
  raise(
    tx: Tx,
    trouble: DeliveryTrouble,
    subject: string,
    detail: Record<string, string | number>,
  ): Promise<void>;
  clear(tx: Tx, trouble: DeliveryTrouble, subject: string): Promise<void>;
}

/** What stands above delivery registers here (escalation, alerts); delivery itself knows no ladder and no alert. */
@Injectable()
export class DeliveryEvents {
  private listener: RungUndelivered = async () => {
    throw new Error('nobody listens for undelivered rungs');
  };
  private arrivedLate: RungsArrivedLate = async () => {
    throw new Error('nobody listens for rungs that arrive late');
  };
  private trouble: TroubleListener = {
    raise: async () => {
      throw new Error('nobody listens for trouble');
    },
    clear: async () => undefined,
  };
  private otherMail: OtherMailLost = async () => false;

  onRungUndelivered(listener: RungUndelivered): void {
    this.listener = listener;
  }

  onRungsArrivedLate(listener: RungsArrivedLate): void {
    this.arrivedLate = listener;
  }

  onTrouble(listener: TroubleListener): void {
    this.trouble = listener;
  }

  onOtherMailLost(listener: OtherMailLost): void {
    this.otherMail = listener;
  }

  async rungUndelivered(tx: Tx, noticeId: string, generation: number, rung: string): Promise<void> {
    await this.listener(tx, noticeId, generation, rung);
  }

  async rungsArrivedLate(
    tx: Tx,
    rungs: readonly { noticeId: string; generation: number; rung: string }[],
  ): Promise<void> {
    await this.arrivedLate(tx, rungs);
  }

  async troubled(
    tx: Tx,
    trouble: DeliveryTrouble,
    subject: string,
    detail: Record<string, string | number>,
  ): Promise<void> {
    await this.trouble.raise(tx, trouble, subject, detail);
  }

  otherMailLost(tx: Tx, mailId: string, code: string): Promise<boolean> {
    return this.otherMail(tx, mailId, code);
  }

  async mended(tx: Tx, trouble: DeliveryTrouble, subject: string): Promise<void> {
    await this.trouble.clear(tx, trouble, subject);
  }
}
