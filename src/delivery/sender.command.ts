import { mailAddress, uuidText, type Check } from '../../config/checks.js';
import { systemActor } from '../common/actor.js';
import { CommandFailed, WrongUse, type CommandRegistration } from '../common/command-line.js';
import { NotFound } from '../common/errors.js';
import { AuthoritySenders, type StoredSender } from './authority-senders.service.js';

interface SetOptions {
  authority: string;
  provider?: string;
  from?: string;
  replyTo?: string;
  notifyReplyTo?: string;
  notifySmsSender?: string;
  fallback?: string;
}

const ACTOR = systemActor('command-line');

/** `firstbell sender set|remove|list`: in whose name an authority's messages leave, and who stands in for its desk. */
export const senderCommands: CommandRegistration = (program, context) => {
  const sender = program.command('sender').description('in whose name an authority’s messages leave');
  sender
    .command('list')
    .description('every authority with a sender of its own')
    .action(async () => {
      const rows = await context.withApplication((app) =>
        app.get(AuthoritySenders, { strict: false }).list(ACTOR),
      );
      context.print(
        { senders: rows },
        rows.length > 0 ? rows.map(line) : ['Every message leaves as the installation’s.'],
      );
    });
  sender
    .command('set')
    .description('replaces what is known of one authority; an option that is left out is erased')
    .requiredOption('--authority <code>')
    .option('--provider <name>', 'smtp or notify; absent: the installation’s')
    .option('--from <address>', 'sender of mail by SMTP, "Name <address>"')
    .option('--reply-to <address>', 'where replies to mail by SMTP go')
    .option('--notify-reply-to <id>', 'reply-to id at Notify')
    .option('--notify-sms-sender <id>', 'text message sender id at Notify')
    .option('--fallback <address>', 'told when nobody at the authority’s desk can be')
    .action(async (options: SetOptions) => {
      const stored = read(options);
      await context.withApplication((app) =>
        known(app.get(AuthoritySenders, { strict: false }).set(ACTOR, stored)),
      );
      context.print({ sender: stored }, [line(stored)]);
    });
  sender
    .command('remove')
    .description('the authority’s messages leave as the installation’s again')
    .requiredOption('--authority <code>')
    .action(async ({ authority }: SetOptions) => {
      await context.withApplication((app) =>
        known(app.get(AuthoritySenders, { strict: false }).remove(ACTOR, authority)),
      );
      context.print({ removed: authority }, [`${authority}: removed`]);
    });
};

/** @throws WrongUse */
function read(options: SetOptions): StoredSender {
  const { provider } = options;
  if (provider !== undefined && provider !== 'smtp' && provider !== 'notify') {
    throw new WrongUse('--provider must be smtp or notify.');
  }
  check('--from', options.from, mailAddress);
  check('--reply-to', options.replyTo, mailAddress);
  check('--fallback', options.fallback, mailAddress);
  check('--notify-reply-to', options.notifyReplyTo, uuidText);
  check('--notify-sms-sender', options.notifySmsSender, uuidText);
  return {
    authorityCode: options.authority,
    provider: provider ?? null,
    from: options.from ?? null,
    replyTo: options.replyTo ?? null,
    notifyReplyToId: options.notifyReplyTo ?? null,
    notifySmsSenderId: options.notifySmsSender ?? null,
    fallbackEmail: options.fallback ?? null,
  };
}

function check(option: string, value: string | undefined, rule: Check): void {
  const problem = value === undefined ? null : rule(value);
  if (problem) throw new WrongUse(`${option} ${problem}`);
}

async function known(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw error instanceof NotFound ? new CommandFailed(error.message) : error;
  }
}

function line({ authorityCode, ...rest }: StoredSender): string {
  const parts = Object.entries(rest).flatMap(([name, value]) => (value ? [`${name} ${value}`] : []));
  return `${authorityCode}: ${parts.join(', ') || 'as the installation'}`;
}
