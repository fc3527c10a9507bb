import { escapeLiteral } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { currentCorrelationId } from '../common/logger.js';

/**
 * One open transaction, passed explicitly to every read and write that belongs to it. It began by naming its
 * actor to PostgreSQL: row-level security shows it what that actor may see and nothing else.
 */
export interface Tx {
  readonly actor: Actor;
  readonly correlationId: string;
  /** For reads by entity. State changes use `query` / `execute` with named columns. */
  readonly manager: EntityManager;
  /** Rows of a SELECT, or of `... RETURNING`. */
  query<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Runs a statement and says how many rows it changed. */
  execute(sql: string, parameters?: unknown[]): Promise<number>;
  /**
   * Does what the actor caused but may not see: a school that hands a notice back creates a desk's notice. The actor's name
   * stays on the record; the scope is the system's until `work` ends. Authorise before, keep `work` small.
   */
  asSystem<T>(work: () => Promise<T>): Promise<T>;
  /** Runs once the commit has succeeded (wake-ups; never anything that must not be lost). */
  afterCommit(action: () => void): void;
}

/** Serialization failure and deadlock: PostgreSQL undid everything, the whole transaction may run again. */
const RETRYABLE = new Set(['40001', '40P01']);
const MAX_TRIES = 5;

/** @returns the SQLSTATE of a driver error, or the socket error code, or undefined. */
export function databaseErrorCode(error: unknown): string | undefined {
  const candidate = error as { code?: unknown; driverError?: { code?: unknown } } | null;
  const code = candidate?.driverError?.code ?? candidate?.code;
  return typeof code === 'string' ? code : undefined;
}

/** @returns true when the database could not be reached or broke the connection, as opposed to refusing a statement. */
export function isConnectionLoss(error: unknown): boolean {
  const code = databaseErrorCode(error);
  if (code === undefined) {
    return (
      error instanceof Error &&
      /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|not queryable|Query runner already released|Transaction is not started/.test(
        error.message,
      )
    );
  }
  return /^(08|57P0|53|58)/.test(code) || /^E(CONN|PIPE|TIMEDOUT|HOST|AI_AGAIN|NOTFOUND)/.test(code);
}

/** A lock that was not to be had in time, a statement cut off, a transaction undone too often: nothing was changed, and a repeat may work. */
const TOO_BUSY = new Set(['55P03', '57014', ...RETRYABLE]);

/** @returns true when PostgreSQL could not do it in time, as opposed to refusing it */
export function isTooBusy(error: unknown): boolean {
  return TOO_BUSY.has(databaseErrorCode(error) ?? '');
}

/**
 * Opens the transaction and names its actor in one round trip: a notice takes a dozen transactions, and two more messages for each of
 * them were a tenth of its cost. TypeORM is told what `startTransaction` would have told it.
 */
async function begin(runner: QueryRunner, { name, scope }: Actor): Promise<void> {
  const actor = `set_config('app.actor', ${escapeLiteral(name)}, true), set_config('app.scope', ${escapeLiteral(scope)}, true)`;
  // Before the query: where its second half fails the transaction is open, and must be rolled back.
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
  await runner.query(`START TRANSACTION; SELECT ${actor}`);
}

export class Database {
  constructor(readonly dataSource: DataSource) {}

  /**
   * Runs `work` in one transaction as `actor`; commits when it resolves, rolls back when it throws. Retried as a
   * whole on 40001 and 40P01, so `work` must have no effect outside the transaction (use `afterCommit`).
   * @throws whatever `work` throws; driver errors when PostgreSQL refuses or is away
   */
  async transaction<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(actor, work);
      } catch (error) {
        if (attempt >= MAX_TRIES || !RETRYABLE.has(databaseErrorCode(error) ?? '')) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
      }
    }
  }

  private async once<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const afterCommit: (() => void)[] = [];
    let result: T;
    try {
      await begin(runner, actor);
      result = await work(this.wrap(runner, actor, afterCommit));
      await runner.commitTransaction();
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release().catch(() => undefined);
    }
    for (const action of afterCommit) action();
    return result;
  }

  private wrap(runner: QueryRunner, actor: Actor, afterCommit: (() => void)[]): Tx {
    const setScope = (scope: string): Promise<unknown> =>
      runner.query(`SELECT set_config('app.scope', $1, true)`, [scope]);
    return {
      actor,
      asSystem: async (work) => {
        if (actor.scope === 'system') return work();
        await setScope('system');
        const result = await work();
        await setScope(actor.scope);
        return result;
      },
      correlationId: currentCorrelationId() ?? actor.name,
      manager: runner.manager,
      query: async <Row>(sql: string, parameters?: unknown[]) =>
        ((await runner.query(sql, parameters, true)).records ?? []) as Row[],
      execute: async (sql, parameters) => (await runner.query(sql, parameters, true)).affected ?? 0,
      afterCommit: (action) => void afterCommit.push(action),
    };
  }
}
