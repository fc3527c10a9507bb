import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import type { Whereabouts } from './domain/whereabouts.js';
import type { NoticeEntity } from './notice.entity.js';

/**
 * What other features do in the same transaction when a notice changes. `notices` stands below delivery and escalation, so
 * they register here; the order is the order of `REACTION_ORDER`.
 */
export interface NoticeReaction {
  readonly feature: (typeof REACTION_ORDER)[number];
  /** A school (or, for a desk's own notice, a desk) has it: the ladder ends, the action clock starts. */
  acknowledged(tx: Tx, notice: NoticeEntity): Promise<void>;
  /** Redirected, superseded or retracted: no more messages, no more timers. */
  withdrawn(tx: Tx, notice: NoticeEntity): Promise<void>;
  /** Its owner must not know of it any more, and a colleague looks after it: they are told. */
  handedOn(tx: Tx, notice: NoticeEntity): Promise<void>;
  /** The support decision is recorded: the action clock ends. */
  actioned(tx: Tx, notice: NoticeEntity): Promise<void>;
  /** A setting owns it (routed or placed): its ladder starts. */
  ownedBySetting(tx: Tx, notice: NoticeEntity): Promise<void>;
  /** A desk owns it: the placing clock starts. */
  ownedByDesk(tx: Tx, notice: NoticeEntity): Promise<void>;
  /** An officer has chosen `notice.settingUrn` for a child that routing could not place. */
  placedByDesk(tx: Tx, notice: NoticeEntity): Promise<void>;
  /**
   * The school of `from` said "not our pupil" and what it knows. `from` is withdrawn already; whoever owns the child's next notice
   * is decided after this.
   */
  handedBack(tx: Tx, from: NoticeEntity, whereabouts: Whereabouts): Promise<void>;
}

type PlainEvent = Exclude<keyof NoticeReaction, 'feature' | 'handedBack'>;

/** Delivery first: what is suppressed must not be counted. Routing before escalation: a ladder leaves out whoever must not know. */
export const REACTION_ORDER = ['delivery', 'routing', 'escalation'] as const;

@Injectable()
export class NoticeReactions {
  private readonly reactions = new Map<string, NoticeReaction>();

  register(reaction: NoticeReaction): void {
    this.reactions.set(reaction.feature, reaction);
  }

  /** @throws Error at start-up when a feature that must react is missing: acknowledging would stop nothing. */
  assertComplete(): void {
    const missing = REACTION_ORDER.filter((feature) => !this.reactions.has(feature));
    if (missing.length > 0) throw new Error(`Nothing reacts to notices in: ${missing.join(', ')}`);
  }

  async run(event: PlainEvent, tx: Tx, notice: NoticeEntity): Promise<void> {
    for (const feature of REACTION_ORDER) await this.reactions.get(feature)?.[event](tx, notice);
  }

  async handedBack(tx: Tx, from: NoticeEntity, whereabouts: Whereabouts): Promise<void> {
    for (const feature of REACTION_ORDER)
      await this.reactions.get(feature)?.handedBack(tx, from, whereabouts);
  }
}
