import { Inject, Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { systemActor, type Actor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { DomainError, NotFound } from '../../common/errors.js';
import { Database } from '../../database/database.js';
import { newClientId, newClientSecret, secretDigest } from './client-secret.js';
import { ForceClientRows } from './force-clients.repository.js';
import { isScope, SCOPES, type Scope } from './scopes.js';

export interface NewForceClient {
  force: string;
  scopes?: readonly string[];
  /** Public keys for `private_key_jwt`; the client then has no secret. */
  jwks?: { keys: Record<string, unknown>[] };
}

export interface ForceClientCredentials {
  clientId: string;
  forceCode: string;
  scopes: readonly Scope[];
  /** Shown this once; only its digest is kept. null for a client that signs with its own key. */
  clientSecret: string | null;
}

/** The police systems that may send: made, given a new secret and shut out by the operator. */
@Injectable()
export class ForceClients {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ForceClientRows) private readonly rows: ForceClientRows,
    @Inject(Audit) private readonly audit: Audit,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws DomainError for an unknown force, scope, or keys that are not public keys */
  async add(
    wanted: NewForceClient,
    actor: Actor = systemActor('force-clients'),
  ): Promise<ForceClientCredentials> {
    const scopes = (wanted.scopes ?? SCOPES).filter(isScope);
    if (scopes.length === 0 || scopes.length !== (wanted.scopes ?? SCOPES).length) {
      throw new DomainError('unknown-scope', `The scopes are ${SCOPES.join(' ')}.`);
    }
    if (wanted.jwks) refusePrivateKeys(wanted.jwks);
    const clientId = newClientId();
    const clientSecret = wanted.jwks ? null : newClientSecret();
    await this.database.transaction(actor, async (tx) => {
      if (!(await this.rows.forceExists(tx, wanted.force))) {
        throw new NotFound(`There is no force ${wanted.force}.`);
      }
      const row = {
        clientId,
        forceCode: wanted.force,
        secretDigest: clientSecret === null ? null : secretDigest(clientSecret),
        jwks: wanted.jwks ?? null,
        scopes: [...scopes],
        revokedAt: null,
      };
      await this.rows.insert(tx, row, this.clock.now());
      await this.audit.record(tx, {
        action: 'client.added',
        forceCode: wanted.force,
        detail: { clientId, scopes },
      });
    });
    return { clientId, forceCode: wanted.force, scopes, clientSecret };
  }

  /** The old secret stops working at once; tokens already issued run out within ten minutes. @throws NotFound */
  async rotate(
    clientId: string,
    actor: Actor = systemActor('force-clients'),
  ): Promise<{ clientId: string; clientSecret: string }> {
    const clientSecret = newClientSecret();
    await this.database.transaction(actor, async (tx) => {
      const forceCode = await this.rows.replaceSecret(tx, clientId, secretDigest(clientSecret));
      if (forceCode === null) {
        // A secret beside a key that stays good would shut nobody out.
        throw new NotFound(
          'There is no such client with a secret. One that signs with its own key: revoke it, and add it anew.',
        );
      }
      await this.audit.record(tx, { action: 'client.rotated', forceCode, detail: { clientId } });
    });
    return { clientId, clientSecret };
  }

  /** For good; tokens already issued run out within ten minutes. @throws NotFound */
  async revoke(clientId: string, actor: Actor = systemActor('force-clients')): Promise<void> {
    await this.database.transaction(actor, async (tx) => {
      const forceCode = await this.rows.revoke(tx, clientId, this.clock.now());
      if (forceCode === null) throw new NotFound('There is no such client, or it was revoked before.');
      await this.audit.record(tx, { action: 'client.revoked', forceCode, detail: { clientId } });
    });
  }
}

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'k'];

function refusePrivateKeys({ keys }: NonNullable<NewForceClient['jwks']>): void {
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new DomainError('bad-keys', 'A key set has a list "keys" with at least one public key.');
  }
  if (keys.some((key) => PRIVATE_MEMBERS.some((member) => member in key))) {
    throw new DomainError('bad-keys', 'The key set holds a private or shared key: send public keys only.');
  }
}
