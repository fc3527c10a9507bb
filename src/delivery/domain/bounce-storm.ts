/** What became, lately, of the mailings of one provider. */
export interface LatelySent {
  /** People whose mailing was refused because of their address. */
  bounced: number;
  /** People whose mailing had any answer, bounced ones among them. */
  answered: number;
}

/** Domain minutes that are looked back on. */
export const STORM_WINDOW_MINUTES = 15;
/** Fewer bounced people than this are no storm: a school that closed takes a handful of addresses with it. */
const STORM_FROM = 10;
/** More than this share of everybody answered. */
const STORM_SHARE = 0.5;

/**
 * A relay that lost its list of recipients calls everybody unknown. Believed, it would switch off every address of every school within
 * minutes. Addresses go bad one by one: when most of them seem to at once, it is the provider that is ill.
 */
export function isBounceStorm({ bounced, answered }: LatelySent): boolean {
  return bounced >= STORM_FROM && bounced > answered * STORM_SHARE;
}
