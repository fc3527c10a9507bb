import type { PoolClient, Pool } from 'pg';
import { decideIntake, type IntakeDecision } from '../domain/intake-decision.js';
import { KEY_DAYS } from '../domain/idempotency-key.js';
import { alertSubject } from '../domain/refused-alert.js';
import type { Sealer } from '../../sealing/sealer.js';
import { existingIn, findExisting, type Existing, type Found } from './existing.js';
import { keySpaceOf, type Incoming, type IntakeResult, type KeptAnswer } from './incoming.js';
import { KeepRows, type NewVersion, type Replay } from './keep-rows.js';
import { sealLater, type SealedVersion } from './seal-version.js';
import { BEGIN, CLAIM, CLAIM_WITH_KEYS, CLEAR_ALERTS, KEEP, NEWER, REARM } from './statements.js';

/** One request of a flush: sealed as if it were the first of its reference, which nearly all are. */
export interface FlushItem {
  readonly incoming: Incoming;
  readonly sealed: SealedVersion;
}

/** A refused reference that was accepted after all. */
interface Mended {
  readonly force_code: string;
  readonly alerted_at: Date | null;
}
type Alerted = Mended & { readonly alerted_at: Date };

const DAY_MS = 86_400_000;
const NONE: ReadonlyMap<string, string> = new Map();

/** Another process changed something between two statements: do the flush again. */
class LostRace extends Error {
  readonly code = '40001';
}

/** Keeps many notifications in one transaction: all of them or none. */
export class FlushRepository {
  constructor(
    private readonly pool: Pool,
    private readonly sealer: Sealer,
  ) {}

  /**
   * @param items at most one per reference and per key, sorted by force and reference
   * @returns one result per item, in their order, after the commit
   * @throws driver errors; after any of them nothing of this flush is kept, unless the connection broke at COMMIT
   */
  async flush(items: readonly FlushItem[]): Promise<IntakeResult[]> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      return await this.transaction(client, items);
    } catch (error) {
      await client.query('ROLLBACK').catch((second: Error) => (broken = second));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private async transaction(client: PoolClient, items: readonly FlushItem[]): Promise<IntakeResult[]> {
    const fresh = await this.claim(client, items);
    const rest = items.filter((item) => !fresh.has(item.sealed.notificationId));
    const newest = Math.max(...items.map(({ incoming }) => incoming.receivedAt.getTime()));
    const found =
      rest.length === 0
        ? null
        : await findExisting(
            client,
            rest.map(({ incoming }) => incoming),
            keysAfter(newest),
          );
    const plan = new FlushPlan(this.sealer);
    const results = items.map((item) =>
      fresh.has(item.sealed.notificationId) ? plan.acceptFirst(item) : plan.decide(item, found),
    );
    await this.keep(client, plan, new Date(newest));
    return results;
  }

  private async claim(client: PoolClient, items: readonly FlushItem[]): Promise<Set<string>> {
    const of = <T>(pick: (item: FlushItem) => T): T[] => items.map(pick);
    const keyed = items.filter(({ incoming }) => incoming.keyDigest !== null);
    const newest = Math.max(...items.map(({ incoming }) => incoming.receivedAt.getTime()));
    const values: unknown[] = [
      of(({ sealed }) => sealed.notificationId),
      of(({ incoming }) => incoming.forceCode),
      of(({ incoming }) => incoming.forceReference),
      of(({ incoming }) => incoming.version ?? 1),
      of(({ incoming }) => incoming.category),
      of(({ incoming }) => incoming.risk),
      of(({ incoming }) => incoming.receivedAt.toISOString()),
    ];
    if (keyed.length > 0) {
      values.push(
        keyed.map(({ incoming }) => incoming.forceCode),
        keyed.map(({ incoming }) => incoming.keyDigest),
        keyed.map(({ sealed }) => sealed.notificationId),
        keysAfter(newest).toISOString(),
      );
    }
    const [, claimed] = await Promise.all([
      client.query(BEGIN),
      client.query<{ id: string }>({ ...(keyed.length > 0 ? CLAIM_WITH_KEYS : CLAIM), values }),
    ]);
    return new Set(claimed.rows.map(({ id }) => id));
  }

  private async keep(client: PoolClient, plan: FlushPlan, now: Date): Promise<void> {
    const { rows, newer, replays } = plan;
    const at = now.toISOString();
    const before: Promise<unknown>[] = [];
    if (newer.length > 0) before.push(client.query({ ...NEWER, values: newerColumns(newer) }));
    if (replays.length > 0) {
      const ids = replays.map((replay) => replay.notificationId);
      const versions = replays.map((replay) => replay.version);
      const correlation = replays[0]?.incoming.correlationId;
      before.push(client.query({ ...REARM, values: [ids, versions, at, correlation] }));
    }
    const kept = rows.isEmpty ? null : client.query<Mended>({ ...KEEP, values: rows.parameters() });
    const refusedBefore = kept?.then(({ rows: mended }) => mended.filter(wasAlerted));
    // Sent behind the others without waiting: where one of them failed, PostgreSQL rolls back instead, and says so.
    const commit = client.query('COMMIT');
    const [alerted, committed] = await Promise.all([refusedBefore, commit, ...before]);
    if (committed.command !== 'COMMIT') throw new LostRace('the transaction was rolled back');
    if (alerted && alerted.length > 0) await clearAlerts(client, alerted, at);
  }
}

/** What a flush is going to write, decided under the locks. */
class FlushPlan {
  readonly rows = new KeepRows();
  readonly newer: NewVersion[] = [];
  readonly replays: Replay[] = [];

  constructor(private readonly sealer: Sealer) {}

  acceptFirst({ incoming, sealed }: FlushItem): IntakeResult {
    const version = incoming.version ?? 1;
    this.rows.addVersion({
      incoming,
      sealed,
      version,
      supersedes: null,
      firstReceivedAt: incoming.receivedAt,
      knownChildren: NONE,
      rememberKey: incoming.keyDigest !== null,
    });
    return { kind: 'accepted', answer: answerFor(incoming, sealed.notificationId, version) };
  }

  /** @throws LostRace when what stood in the way is gone again */
  decide({ incoming }: FlushItem, found: Found | null): IntakeResult {
    const existing = found ? existingIn(found, incoming) : undefined;
    const space = keySpaceOf(incoming);
    const key = (space !== null && found?.keys.get(space)) || null;
    if (!existing && !key) throw new LostRace('a reference or key is no longer there');
    const decision = decideIntake(incoming, { versions: existing?.versions ?? [], key }, (_, kept) =>
      this.sealer.contentMatches(kept, incoming.canonicalText),
    );
    if (decision.kind === 'conflict') return decision;
    if (!existing) throw new LostRace('a key without its notification');
    const rememberKey = incoming.keyDigest !== null && key === null;
    if (decision.kind === 'replay') return this.replay(incoming, existing, decision.version, rememberKey);
    return this.acceptLater(incoming, existing, decision, rememberKey);
  }

  private replay(
    incoming: Incoming,
    existing: Existing,
    version: number,
    rememberKey: boolean,
  ): IntakeResult {
    const kept = existing.versions.find((each) => each.version === version);
    if (!kept) throw new LostRace('a replayed version is not there');
    const replay = { incoming, notificationId: existing.id, version, rememberKey };
    this.replays.push(replay);
    this.rows.addReplay(replay);
    const { receivedAt, warnings } = kept;
    const { forceReference } = incoming;
    return { kind: 'replayed', answer: { id: existing.id, forceReference, version, receivedAt, warnings } };
  }

  private acceptLater(
    incoming: Incoming,
    existing: Existing,
    { version, supersedes }: Extract<IntakeDecision, { kind: 'accept' }>,
    rememberKey: boolean,
  ): IntakeResult {
    const item: NewVersion = {
      incoming,
      sealed: sealLater(this.sealer, incoming.canonicalText, existing.id, existing.key),
      version,
      supersedes,
      firstReceivedAt: existing.receivedAt,
      knownChildren: existing.children,
      rememberKey,
    };
    this.newer.push(item);
    this.rows.addVersion(item);
    return { kind: 'accepted', answer: answerFor(incoming, existing.id, version) };
  }
}

function answerFor(incoming: Incoming, id: string, version: number): KeptAnswer {
  const { forceReference, receivedAt, warnings } = incoming;
  return { id, forceReference, version, receivedAt, warnings };
}

function newerColumns(newer: readonly NewVersion[]): unknown[] {
  return [
    newer.map(({ sealed }) => sealed.notificationId),
    newer.map(({ version }) => version),
    newer.map(({ incoming }) => incoming.category),
    newer.map(({ incoming }) => incoming.risk),
  ];
}

/** After the commit, in a transaction of its own: an alert that stays open only asks for a look that is not needed. */
async function clearAlerts(client: PoolClient, mended: readonly Alerted[], at: string): Promise<void> {
  const values = [
    mended.map((row) => alertSubject(row.force_code, row.alerted_at)),
    mended.map((row) => row.force_code),
    mended.map((row) => row.alerted_at.toISOString()),
    at,
  ];
  await Promise.all([
    client.query(BEGIN),
    client.query({ ...CLEAR_ALERTS, values }),
    client.query('COMMIT'),
  ]).catch(() => client.query('ROLLBACK').catch(() => undefined));
}

const wasAlerted = (row: Mended): row is Alerted => row.alerted_at !== null;

const keysAfter = (now: number): Date => new Date(now - KEY_DAYS * DAY_MS);
