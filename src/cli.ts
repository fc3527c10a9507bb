#!/usr/bin/env node
import 'reflect-metadata';
import type { CommandRegistration } from './common/command-line.js';
import { alertsCommands } from './alerts/alerts.command.js';
import { calendarCommands } from './directory/calendar.command.js';
import { coverageCommand } from './directory/coverage.command.js';
import { contactsCommands } from './directory/contacts.command.js';
import { listsCommands } from './directory/lists.command.js';
import { schoolsCommands } from './directory/schools.command.js';
import { senderCommands } from './delivery/sender.command.js';
import { planCommand } from './escalation/plan.command.js';
import { policyCommand } from './escalation/policy.command.js';
import { doctorCommand } from './health/doctor.command.js';
import { clientsCommands } from './identity/police/clients.command.js';
import { rollCommands } from './pupils/roll.command.js';
import { routeCommand } from './routing/route.command.js';
import { thresholdsCommand } from './routing/thresholds.command.js';
import { keysCommands } from './start/commands/keys.command.js';
import { migrateCommand } from './start/commands/migrate.command.js';
import { runCommandLine } from './start/run-command-line.js';
import { testNoticeCommand } from './test-notices/test-notice.command.js';
import { feedsCommands } from './watch/feeds.command.js';

/** In the order of the help text. Features append theirs. */
const COMMANDS: readonly CommandRegistration[] = [
  doctorCommand,
  migrateCommand,
  keysCommands,
  schoolsCommands,
  contactsCommands,
  coverageCommand,
  calendarCommands,
  rollCommands,
  listsCommands,
  clientsCommands,
  senderCommands,
  planCommand,
  policyCommand,
  routeCommand,
  thresholdsCommand,
  alertsCommands,
  feedsCommands,
  testNoticeCommand,
];

// Whoever reads us may stop early (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await runCommandLine(process.argv.slice(2), COMMANDS);
