import { keySpaceOf, laneOf, sameRequest, type Incoming } from './incoming.js';

export interface Waiting {
  readonly incoming: Incoming;
  /** Real milliseconds. */
  readonly since: number;
}

/**
 * What waits for a flush. Each (force, forceReference) is a lane: one entry of it is in hand at a time, and entries with an
 * explicit version stand in ascending order, so that versions posted at once do not refuse each other. An Idempotency-Key is
 * in hand once at a time too. Lanes are served in the order in which they were opened.
 */
export class WaitingLanes<Entry extends Waiting> {
  private readonly lanes = new Map<string, Entry[]>();
  private readonly inHand = new Map<string, Entry>();
  private readonly keysInHand = new Set<string>();
  private count = 0;

  /** How many wait; what is in hand does not count. */
  get size(): number {
    return this.count;
  }

  /** An entry, waiting or in hand, that asks for the very same thing. */
  findEqual(incoming: Incoming): Entry | undefined {
    const lane = laneOf(incoming);
    const held = this.inHand.get(lane);
    if (held && sameRequest(held.incoming, incoming)) return held;
    return this.lanes.get(lane)?.find((entry) => sameRequest(entry.incoming, incoming));
  }

  add(entry: Entry): void {
    this.count += 1;
    const name = laneOf(entry.incoming);
    const lane = this.lanes.get(name);
    if (!lane) {
      this.lanes.set(name, [entry]);
      return;
    }
    const { version } = entry.incoming;
    const place = version === null ? -1 : lane.findIndex((other) => (other.incoming.version ?? 0) > version);
    lane.splice(place < 0 ? lane.length : place, 0, entry);
  }

  /** At most one entry per lane and key, none that another taker has in hand, sorted by force and reference. */
  take(most: number): Entry[] {
    const taken: Entry[] = [];
    for (const [name, lane] of this.lanes) {
      if (taken.length >= most) break;
      const [entry] = lane;
      if (!entry || this.inHand.has(name)) continue;
      const key = keySpaceOf(entry.incoming);
      if (key !== null && this.keysInHand.has(key)) continue;
      this.inHand.set(name, entry);
      if (key !== null) this.keysInHand.add(key);
      lane.shift();
      if (lane.length === 0) this.lanes.delete(name);
      taken.push(entry);
    }
    this.count -= taken.length;
    return taken.sort((a, b) => (laneOf(a.incoming) < laneOf(b.incoming) ? -1 : 1));
  }

  /** The entries are answered: their lanes and keys are free again. */
  release(entries: readonly Entry[]): void {
    for (const { incoming } of entries) {
      this.inHand.delete(laneOf(incoming));
      const key = keySpaceOf(incoming);
      if (key !== null) this.keysInHand.delete(key);
    }
  }

  /** Takes out whatever has waited since before `instant`. */
  dropOlderThan(instant: number): Entry[] {
    const dropped: Entry[] = [];
    for (const [name, lane] of this.lanes) {
      const kept = lane.filter((entry) => entry.since >= instant);
      if (kept.length === lane.length) continue;
      dropped.push(...lane.filter((entry) => entry.since < instant));
      if (kept.length === 0) this.lanes.delete(name);
      else this.lanes.set(name, kept);
    }
    this.count -= dropped.length;
    return dropped;
  }
}
