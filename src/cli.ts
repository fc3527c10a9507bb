#!/usr/bin/env node
import 'reflect-metadata';
import type { CommandRegistration } from './common/command-line.js';
import { doctorCommand } from './health/doctor.command.js';
import { keysCommands } from './start/commands/keys.command.js';
import { migrateCommand } from './start/commands/migrate.command.js';
import { runCommandLine } from './start/run-command-line.js';

/** In the order of the help text. Features append theirs. */
const COMMANDS: readonly CommandRegistration[] = [doctorCommand, migrateCommand, keysCommands];

// Whoever reads us may stop early (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await runCommandLine(process.argv.slice(2), COMMANDS);
