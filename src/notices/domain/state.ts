/** Where a notice stands. Escalation is not a state: rungs, deadlines and generation stand beside it. */
export const NOTICE_STATES = [
  'received',
  'routing',
  'routed',
  'triage',
  'delivered',
  'acknowledged',
  'actioned',
  'closed',
  'redirected',
  'superseded',
  'retracted',
] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

export type NoticeCommand =
  | 'begin-routing'
  | 'route'
  | 'send-to-desk'
  | 'place'
  | 'change-desk'
  | 'hand-over'
  | 'deliver'
  | 'acknowledge'
  | 'act'
  | 'close'
  | 'reopen'
  | 'redirect'
  | 'supersede'
  | 'retract';

type Table = { readonly [State in NoticeState]: { readonly [Command in NoticeCommand]?: NoticeState } };

const WITHDRAWALS = { supersede: 'superseded', retract: 'retracted' } as const;
const AT_A_SETTING = { redirect: 'redirected', ...WITHDRAWALS } as const;

/**
 * State x command -> state: the whole life of a notice. A notice that a desk owns stands in `triage` (whatever the
 * desk's kind) until it is placed or the desk's officer acknowledges it as the desk's own.
 */
export const TRANSITIONS: Table = {
  received: { 'begin-routing': 'routing', route: 'routed', 'send-to-desk': 'triage', ...WITHDRAWALS },
  routing: { route: 'routed', 'send-to-desk': 'triage', ...WITHDRAWALS },
  routed: { deliver: 'delivered', acknowledge: 'acknowledged', ...AT_A_SETTING },
  triage: {
    place: 'routed',
    'change-desk': 'triage',
    'hand-over': 'closed',
    acknowledge: 'acknowledged',
    ...WITHDRAWALS,
  },
  delivered: { acknowledge: 'acknowledged', ...AT_A_SETTING },
  acknowledged: { act: 'actioned', ...AT_A_SETTING },
  actioned: { close: 'closed', ...AT_A_SETTING },
  closed: { reopen: 'actioned' },
  redirected: {},
  superseded: {},
  retracted: {},
};

/** Ends by intention: what follows a withdrawn notice is another notice. */
export const FINAL_STATES: readonly NoticeState[] = ['redirected', 'superseded', 'retracted'];
/** Waiting for an adult at the school, or for an officer of the desk, to have read it. */
export const UNREAD_STATES: readonly NoticeState[] = ['routed', 'triage', 'delivered'];
export const OPEN_STATES: readonly NoticeState[] = [
  'received',
  'routing',
  'routed',
  'triage',
  'delivered',
  'acknowledged',
  'actioned',
];

/** @returns the state that follows, or undefined when the command does not apply in this state */
export function nextState(state: NoticeState, command: NoticeCommand): NoticeState | undefined {
  return TRANSITIONS[state][command];
}

/**
 * Finds mistakes in a transition table: states that nothing leads to, and states (other than the final ones) with no
 * way out, in which a notice would be nobody's.
 * @returns one sentence per mistake; empty when the table is sound. Checked at start-up.
 */
export function mistakesIn(table: Table, start: NoticeState = 'received', final = FINAL_STATES): string[] {
  const reached = new Set<NoticeState>([start]);
  const queue: NoticeState[] = [start];
  for (let state = queue.shift(); state; state = queue.shift()) {
    for (const next of Object.values(table[state])) {
      if (!reached.has(next)) {
        reached.add(next);
        queue.push(next);
      }
    }
  }
  const states = Object.keys(table) as NoticeState[];
  return [
    ...states
      .filter((state) => !reached.has(state))
      .map((state) => `No command leads to the state "${state}".`),
    ...states
      .filter((state) => Object.keys(table[state]).length === 0 && !final.includes(state))
      .map((state) => `The state "${state}" has no way out.`),
    ...final
      .filter((state) => Object.keys(table[state]).length > 0)
      .map((state) => `The final state "${state}" can be left.`),
  ];
}
