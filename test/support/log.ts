import { pino } from 'pino';
import { currentCorrelationId, safeError, type Logger } from '../../src/common/logger.js';

export type LogEntry = Record<string, unknown> & { level: number; msg?: string };

export interface RecordedLog {
  logger: Logger;
  /** Everything logged, at every level, oldest first. */
  readonly entries: LogEntry[];
  /** The same as it would have been written: for "no personal data" checks. */
  text(): string;
}

/** The application's logger with its serializers, kept in memory. */
export function recordLog(): RecordedLog {
  const lines: string[] = [];
  const stream = { write: (line: string): void => void lines.push(line) };
  const mixin = (): object => ({ correlationId: currentCorrelationId() });
  const logger = pino({ level: 'trace', mixin, serializers: { err: safeError } }, stream);
  return {
    logger,
    get entries(): LogEntry[] {
      return lines.map((line) => JSON.parse(line) as LogEntry);
    },
    text: () => lines.join(''),
  };
}
