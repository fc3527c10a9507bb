import { createHash } from 'node:crypto';
import pg from 'pg';

/** A statement is prepared when it comes again on one connection: what is asked once is not worth keeping. */
const PREPARE_FROM = 1;
/** Statements that one connection remembers; the rest is planned each time. */
const REMEMBERED = 400;

/**
 * How long a connection lives, busy or idle. Each one has to parse and plan every statement several times before PostgreSQL settles on
 * a plan: connections of a minute spent a third of PostgreSQL's time on that. Whoever takes new statistics of a table drops its plans.
 */
export const CONNECTION_SECONDS = 900;

const names = new Map<string, string>();

/**
 * A connection that prepares the statements it is given often. Measured: half of PostgreSQL's time for a notice went into parsing
 * and planning the same forty statements, each with its row-level security, again and again.
 */
export class PreparingClient extends pg.Client {
  private readonly seen = new Map<string, number>();

  constructor(options?: pg.ClientConfig) {
    super(options);
    const plain = this.query.bind(this) as (...parts: unknown[]) => unknown;
    const preparing = (statement: unknown, values?: unknown, ...rest: unknown[]): unknown =>
      typeof statement === 'string' &&
      Array.isArray(values) &&
      values.length > 0 &&
      this.oftenAsked(statement)
        ? plain({ name: nameOf(statement), text: statement, values }, ...rest)
        : plain(statement, values, ...rest);
    this.query = preparing as typeof this.query;
  }

  private oftenAsked(statement: string): boolean {
    const times = (this.seen.get(statement) ?? 0) + 1;
    if (times > PREPARE_FROM) return true;
    if (times === 1 && this.seen.size >= REMEMBERED) return false;
    this.seen.set(statement, times);
    return false;
  }
}

/** The text decides the name, so that one name never means two statements. */
function nameOf(statement: string): string {
  const known = names.get(statement);
  if (known !== undefined) return known;
  const name = `fb_${createHash('sha256').update(statement).digest('base64url').slice(0, 22)}`;
  if (names.size < 4 * REMEMBERED) names.set(statement, name);
  return name;
}
