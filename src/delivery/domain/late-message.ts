import { isHigh, type RiskGrade } from '../../escalation/domain/risk.js';

/**
 * A server that sees us for the first time often says "not now" for a quarter of an hour, and a server is restarted in less than an
 * hour: neither is a reason to go on without the person. For HIGH sooner: each rung has its own patience, so that the duty desk,
 * four rungs on, hears within about an hour that nobody at the school is reached; what is given for it is a reminder.
 */
const PATIENCE_MINUTES = { high: 15, other: 60 } as const;
/** Asked so often, and not merely kept while the provider was down: our pauses reach this within five minutes. */
const PATIENCE_ATTEMPTS = 8;

/** A message that was refused for now. */
export interface RefusedForNow {
  attempts: number;
  /** From when it could be sent (domain time). */
  notBefore: Date;
}

/** @returns true when its rung has waited long enough for it */
export function isOutOfPatience(message: RefusedForNow, risk: RiskGrade, now: Date): boolean {
  const minutes = isHigh(risk) ? PATIENCE_MINUTES.high : PATIENCE_MINUTES.other;
  const waited = now.getTime() - message.notBefore.getTime();
  return message.attempts >= PATIENCE_ATTEMPTS && waited >= minutes * 60_000;
}

/** What a provider did, lately, with the mailings that it was asked to take. */
export interface LatelyTaken {
  taken: number;
  /** Settings and desks at which somebody was refused for now; a full mailbox says nothing of the provider. */
  placesRefused: number;
}

/** Domain minutes that are looked back on: every waiting message is tried again within them, but for the quiet between two tries. */
export const TAKEN_WINDOW_MINUTES = 6;
/** So many places that have nothing in common but the provider. */
export const EVERYBODY_FROM_PLACES = 3;

/**
 * A provider that takes nothing from anybody reaches no later rung either: climbing would use up the ladder and tell nobody. Where
 * the provider itself fails, one refusal says so; where a recipient was refused, which may be their own server's word, several must.
 */
export function isDownForEverybody(lately: LatelyTaken, ofTheProviderItself: boolean): boolean {
  return lately.taken === 0 && (ofTheProviderItself || lately.placesRefused >= EVERYBODY_FROM_PLACES);
}

/** After the others nothing comes that could be used up, and somebody else is to hear of it: the fallback address, the operator. */
const CLIMBS: readonly string[] = [
  'first',
  'reminder',
  'deputies',
  'head',
  'place-officers',
  'place-second-officer',
];

/** Whether a rung that is lost uses up the one after it. */
export function usesUpTheNext(rung: string): boolean {
  return CLIMBS.includes(rung);
}
