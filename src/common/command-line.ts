import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';

/** What a command of `npx firstbell` is given. */
export interface CliContext {
  /** `--json` was asked for. */
  readonly json: boolean;
  /**
   * Runs with every service, no HTTP and no running jobs: on DATABASE_URL, otherwise beside the Firstbell running in
   * the home, otherwise on the home's database, started for this command and stopped after it.
   */
  withApplication<T>(run: (app: INestApplicationContext) => Promise<T>): Promise<T>;
  /** The command's whole answer: `value` as one JSON document with --json, otherwise the lines. */
  print(value: unknown, lines: readonly string[]): void;
}

/** A feature adds its commands: `program.command('schools')...action(() => context.withApplication(...))`. */
export type CommandRegistration = (program: Command, context: CliContext) => void;

/** The command could not do what was asked; the message is for the person who typed it. Exit code 1. */
export class CommandFailed extends Error {
  constructor(
    message: string,
    /** For --json: what went wrong, in parts. No personal data. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'CommandFailed';
  }
}

/** The command line cannot be understood. Exit code 2. */
export class WrongUse extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WrongUse';
  }
}
