/** Where one message (notice, generation, rung, contact, channel) stands. */
export const MESSAGE_STATES = [
  'pending',
  'sending',
  'accepted',
  'delivered',
  'bounced',
  'failed',
  'suppressed',
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export type MessageCommand =
  /** A sender takes it, or takes it over from one whose lease ran out. */
  | 'claim'
  /** The provider said yes. */
  | 'accept'
  /** The provider said "not now", or nothing. */
  | 'put-back'
  /** The provider, or a report, says that it arrived. */
  | 'deliver'
  /** The address refuses it for good. */
  | 'bounce'
  /** It will not arrive, and the address is not to blame, or nobody knows. */
  | 'fail'
  /** The provider lost it by its own fault and asks for it again. */
  | 'send-again'
  /** The notice no longer needs it, and nobody has claimed it. */
  | 'suppress'
  /** The notice no longer needs it, and a sender has it in hand: it is counted as crossed, and ends as it ends. */
  | 'cross';

type Table = { readonly [State in MessageState]: { readonly [Command in MessageCommand]?: MessageState } };

/**
 * State x command -> state: the whole life of a message. What is final stays final whatever comes twice, late or out of
 * order, with one exception: a bounce after "delivered" is believed, because the other mistake leaves a notice unread.
 */
export const MESSAGE_TRANSITIONS: Table = {
  pending: { claim: 'sending', suppress: 'suppressed', fail: 'failed' },
  sending: {
    claim: 'sending',
    accept: 'accepted',
    'put-back': 'pending',
    bounce: 'bounced',
    fail: 'failed',
    suppress: 'suppressed',
    cross: 'sending',
  },
  accepted: { deliver: 'delivered', bounce: 'bounced', fail: 'failed', 'send-again': 'pending' },
  delivered: { bounce: 'bounced' },
  bounced: {},
  failed: {},
  suppressed: {},
};

/** What ends a message's life by intention. */
export const FINAL_MESSAGE_STATES: readonly MessageState[] = ['bounced', 'failed', 'suppressed'];
/** A rung all of whose messages stand here has told nobody. */
export const LOST_STATES: readonly MessageState[] = ['bounced', 'failed', 'suppressed'];

/** @returns the states in which the command applies: the WHERE of every statement that applies it */
export function statesBefore(command: MessageCommand): MessageState[] {
  return MESSAGE_STATES.filter((state) => MESSAGE_TRANSITIONS[state][command] !== undefined);
}

/** @returns the state that follows, or undefined when the command does not apply */
export function nextMessageState(state: MessageState, command: MessageCommand): MessageState | undefined {
  return MESSAGE_TRANSITIONS[state][command];
}

/** @returns one sentence for each mistake of the table; empty when it is sound. Checked at start-up. */
export function mistakesInMessages(table: Table = MESSAGE_TRANSITIONS): string[] {
  const reached = new Set<MessageState>(['pending']);
  const queue: MessageState[] = ['pending'];
  for (let state = queue.shift(); state; state = queue.shift()) {
    for (const next of Object.values(table[state])) {
      if (reached.has(next)) continue;
      reached.add(next);
      queue.push(next);
    }
  }
  return MESSAGE_STATES.flatMap((state) => {
    const ways = Object.keys(table[state]).length;
    const final = FINAL_MESSAGE_STATES.includes(state);
    return [
      ...(reached.has(state) ? [] : [`No command leads to the message state "${state}".`]),
      ...(ways === 0 && !final ? [`The message state "${state}" has no way out.`] : []),
      ...(ways > 0 && final ? [`The final message state "${state}" can be left.`] : []),
    ];
  });
}
