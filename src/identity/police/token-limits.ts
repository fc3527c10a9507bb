import { networkOf } from '../../common/network-of.js';
import { AttemptLimit } from './attempt-limit.js';

/** Failures in a minute of one client from one network: nobody can lock another out. */
const PER_CLIENT = 10;
/**
 * Failures in a minute of one network, whatever clients it names. More than one client's, because a force's systems share an
 * address and several may be misconfigured at once; bounded, because each costs a look into the database.
 */
const PER_NETWORK = 60;
/** Longer than any token lives: a system at work asks again sooner. */
const PROVEN_MS = 3_600_000;

/**
 * Who has to wait before asking for a token again. A client that has proved itself from this network within the hour waits for its
 * own failures only: neither a neighbour behind the same address nor a guesser there keeps a force's sending system out.
 * In this process only.
 */
export class TokenLimits {
  private readonly clients = new AttemptLimit(PER_CLIENT);
  private readonly networks = new AttemptLimit(PER_NETWORK);
  /** By the time of proving, the oldest first; no more entries than there are real clients and networks they ask from. */
  private readonly proven = new Map<string, number>();

  /** @returns seconds to wait, or 0 */
  secondsToWait(clientId: string, address: string, nowMs: number): number {
    const { asker, network } = named(clientId, address);
    const own = this.clients.secondsToWait(asker, nowMs);
    if (own > 0 || (this.proven.get(asker) ?? -Infinity) > nowMs - PROVEN_MS) return own;
    return this.networks.secondsToWait(network, nowMs);
  }

  failed(clientId: string, address: string, nowMs: number): void {
    const { asker, network } = named(clientId, address);
    this.clients.failed(asker, nowMs);
    this.networks.failed(network, nowMs);
  }

  /** Clears the client's own failures and not its network's: one good client there would hide any number of guesses. */
  succeeded(clientId: string, address: string, nowMs: number): void {
    const { asker } = named(clientId, address);
    this.clients.succeeded(asker);
    this.proven.delete(asker);
    this.proven.set(asker, nowMs);
    for (const [old, at] of this.proven) {
      if (at > nowMs - PROVEN_MS) break;
      this.proven.delete(old);
    }
  }
}

function named(clientId: string, address: string): { asker: string; network: string } {
  const network = networkOf(address);
  return { asker: `${network} ${clientId.slice(0, 100)}`, network };
}
