import type { LoggerService } from '@nestjs/common';
import { StartRefused } from '../../config/problems.js';
import type { Logger } from './logger.js';

/**
 * Nest's own messages go to the structured log: warnings and worse. What it says while building the application
 * (one line per module and route) is only of use when looking for a fault in the wiring.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.trace({ context: contextOf(rest) }, text(message));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn({ context: contextOf(rest) }, text(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    // Told to the person who starts it, in full and without a stack.
    if (message instanceof StartRefused) return;
    const err = message instanceof Error ? message : rest.find((part) => part instanceof Error);
    this.logger.error({ context: contextOf(rest), err }, text(message));
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal({ context: contextOf(rest) }, text(message));
  }
}

function contextOf(rest: unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' && !last.includes('\n') ? last : undefined;
}

/** An error's own message may quote a value (of a row, of a request); its name says which serializer to look at. */
function text(message: unknown): string {
  if (typeof message === 'string') return message;
  return message instanceof Error ? message.name : 'Nest';
}
