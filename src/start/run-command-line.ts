import type { INestApplicationContext } from '@nestjs/common';
import { Command, CommanderError } from 'commander';
import { readEnvironment } from '../../config/environment.js';
import { StartRefused } from '../../config/problems.js';
import {
  CommandFailed,
  WrongUse,
  type CliContext,
  type CommandRegistration,
} from '../common/command-line.js';
import { DomainError } from '../common/errors.js';
import { createLogger } from '../common/logger.js';
import { databaseErrorCode } from '../database/database.js';
import { commandConfig } from './command-config.js';
import { createCommandContext } from './create-application.js';

const OK = 0;
const FAILED = 1;
const WRONG_USE = 2;

async function withApplication<T>(
  purpose: string,
  run: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const environment = readEnvironment(process.env);
  const logger = createLogger({ level: environment.LOG_LEVEL ?? 'error', role: 'command' });
  const { config, close } = await commandConfig(environment, logger, purpose);
  try {
    const app = await createCommandContext({ config, logger });
    try {
      return await run(app);
    } finally {
      await app.close();
    }
  } finally {
    await close();
  }
}

/** @returns the exit code: 0 ok, 1 failed, 2 wrong use */
export async function runCommandLine(
  argv: readonly string[],
  registrations: readonly CommandRegistration[],
): Promise<number> {
  const program = new Command('firstbell')
    .description(
      'A named, trained adult at the child’s school has read the notification before the first bell.',
    )
    .option('--json', 'print one JSON document instead of text')
    .showHelpAfterError()
    .exitOverride();
  const context: CliContext = {
    get json() {
      return program.opts<{ json?: boolean }>().json === true || argv.includes('--json');
    },
    withApplication: (run) => withApplication(purposeOf(argv), run),
    print(value, lines) {
      const text = this.json ? JSON.stringify(value, null, 2) : lines.join('\n');
      if (text) process.stdout.write(`${text}\n`);
    },
  };
  for (const register of registrations) register(program, context);
  acceptJsonEverywhere(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return OK;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? OK : WRONG_USE;
    return explain(error, context.json);
  }
}

/** `firstbell plan --json` as well as `firstbell --json plan`. */
function acceptJsonEverywhere(command: Command): void {
  for (const child of command.commands) {
    if (!child.options.some((option) => option.long === '--json')) child.option('--json', 'print JSON');
    acceptJsonEverywhere(child);
  }
}

/** Names of commands only: arguments may be names of files or of children. */
const purposeOf = (argv: readonly string[]): string =>
  `firstbell ${argv
    .filter((word) => /^[a-z][a-z-]*$/.test(word))
    .slice(0, 2)
    .join(' ')}`.trim();

function explain(error: unknown, json: boolean): number {
  const message = messageOf(error);
  const details = error instanceof CommandFailed ? error.details : {};
  process.stderr.write(json ? `${JSON.stringify({ error: message, ...details })}\n` : `${message}\n`);
  return error instanceof WrongUse ? WRONG_USE : FAILED;
}

function messageOf(error: unknown): string {
  if (error instanceof StartRefused) return error.problems.join('\n');
  if (error instanceof CommandFailed || error instanceof WrongUse || error instanceof DomainError)
    return error.message;
  if (!(error instanceof Error)) return 'An unknown fault.';
  // A driver's message may quote a value of a row.
  const code = databaseErrorCode(error);
  return 'driverError' in error || 'severity' in error
    ? `The database refused a statement (${code}).`
    : error.message;
}
