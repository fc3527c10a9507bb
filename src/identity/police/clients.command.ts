import { readFile } from 'node:fs/promises';
import { CommandFailed, type CommandRegistration } from '../../common/command-line.js';
import { ForceClients, type NewForceClient } from './force-clients.service.js';
import { SCOPES } from './scopes.js';

interface AddOptions {
  force: string;
  scope?: string[];
  jwks?: string;
}

/** `firstbell clients add|rotate|revoke`: the police systems that may send. */
export const clientsCommands: CommandRegistration = (program, context) => {
  const clients = program.command('clients').description('police systems that may send notifications');
  const withClients = <T>(run: (service: ForceClients) => Promise<T>): Promise<T> =>
    context.withApplication((app) => run(app.get(ForceClients, { strict: false })));

  clients
    .command('add')
    .description('let a system of a force send; prints its id and, this once, its secret')
    .requiredOption('--force <code>', 'the force it sends for')
    .option('--scope <scope...>', `what it may do: ${SCOPES.join(', ')} (default: both)`)
    .option('--jwks <file>', 'public keys (JWK Set) for private_key_jwt, instead of a secret')
    .action(async ({ force, scope, jwks }: AddOptions) => {
      const keys = jwks ? { jwks: await readKeySet(jwks) } : {};
      const client = await withClients((service) =>
        service.add({ force, ...(scope ? { scopes: scope } : {}), ...keys }),
      );
      context.print(client, [
        `client id:     ${client.clientId}`,
        client.clientSecret
          ? `client secret: ${client.clientSecret}\nKeep the secret now: it is not kept here and cannot be shown again.`
          : 'It proves itself with its own key (private_key_jwt).',
        `force:         ${client.forceCode}`,
        `scopes:        ${client.scopes.join(' ')}`,
      ]);
    });

  clients
    .command('rotate')
    .description('give a client a new secret; the old one stops working at once')
    .argument('<client-id>')
    .action(async (clientId: string) => {
      const { clientSecret } = await withClients((service) => service.rotate(clientId));
      context.print({ clientId, clientSecret }, [
        `client secret: ${clientSecret}`,
        'Keep it now: it cannot be shown again.',
      ]);
    });

  clients
    .command('revoke')
    .description('shut a client out for good; tokens it has run out within ten minutes')
    .argument('<client-id>')
    .action(async (clientId: string) => {
      await withClients((service) => service.revoke(clientId));
      context.print({ clientId, revoked: true }, [`${clientId} is shut out.`]);
    });
};

async function readKeySet(path: string): Promise<NonNullable<NewForceClient['jwks']>> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as NonNullable<NewForceClient['jwks']>;
  } catch {
    throw new CommandFailed(`${path} cannot be read as a JWK Set (JSON).`);
  }
}
