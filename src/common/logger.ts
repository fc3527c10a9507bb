import { AsyncLocalStorage } from 'node:async_hooks';
import { pino, type Logger } from 'pino';

export type { Logger };

/** The Nest token under which the process's logger is injected. */
export const LOGGER = Symbol('LOGGER');

/** What every log line of one request or job carries. Ids only: never names, addresses or text. */
export interface LogContext {
  correlationId: string;
}

const context = new AsyncLocalStorage<LogContext>();

export function withLogContext<T>(value: LogContext, run: () => T): T {
  return context.run(value, run);
}

export function currentCorrelationId(): string | undefined {
  return context.getStore()?.correlationId;
}

/**
 * Structured JSON logs on standard error, so that standard output stays for what a person asked for.
 * Errors are logged by name, code and stack; a driver's `detail`, `parameters` and `query` may hold row
 * contents and are dropped.
 */
export function createLogger(options: { level: string; role: string }): Logger {
  return pino(
    {
      level: options.level,
      base: { role: options.role },
      mixin: () => ({ ...context.getStore() }),
      serializers: { err: safeError },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

export function safeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const source = error as Error & { code?: unknown; constraint?: unknown; table?: unknown };
  const fromDatabase = 'severity' in error || 'driverError' in error;
  return {
    type: error.name,
    // A database message can quote a value ("Key (name)=(...)"); its code and constraint say enough.
    message: fromDatabase ? 'database error' : error.message,
    code: source.code,
    constraint: source.constraint,
    table: source.table,
    stack: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .join('\n'),
  };
}
