import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { Audit } from '../../audit/audit.js';
import { systemActor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { AccessTokens, TOKEN_SECONDS } from './access-tokens.service.js';
import { AttemptLimit } from './attempt-limit.js';
import { claimedClient, ClientAssertions } from './client-assertion.js';
import { secretMatches } from './client-secret.js';
import { ForceClientRows, type ForceClientRow } from './force-clients.repository.js';
import { OAuthError } from './oauth-error.js';
import { isScope, type Scope } from './scopes.js';
import type { ClientProof, TokenRequest } from './token-request.js';

export interface TokenAnswer {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  scope: string;
}

const ACTOR = systemActor('token');

/** Gives a police system a token for ten minutes, when it proves who it is. */
@Injectable()
export class IssueToken {
  private readonly limit = new AttemptLimit();
  private readonly assertions = new ClientAssertions();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ForceClientRows) private readonly rows: ForceClientRows,
    @Inject(Audit) private readonly audit: Audit,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws OAuthError */
  async run({ proof, scopes }: TokenRequest, address: string): Promise<TokenAnswer> {
    const clientId = proof.kind === 'secret' ? proof.clientId : (claimedClient(proof.assertion) ?? '');
    const asker = `${address} ${clientId.slice(0, 100)}`;
    const wait = this.limit.secondsToWait(asker, this.clock.realNow().getTime());
    if (wait > 0) {
      const description = 'Too many failed attempts: wait, then try again.';
      throw new OAuthError('slow_down', description, 429, { 'retry-after': String(wait) });
    }
    const outcome = await this.database.transaction(ACTOR, async (tx) => {
      const client = clientId.length > 100 ? null : await this.rows.find(tx, clientId);
      const proven = client !== null && (await this.proves(proof, client));
      const granted = client && proven ? grant(client, scopes) : null;
      await this.audit.record(tx, {
        action: granted ? 'token.issued' : 'token.refused',
        forceCode: client?.forceCode ?? null,
        // An unknown client's id is whatever the asker typed: it stays off the record.
        detail: {
          clientId: client?.clientId ?? null,
          method: proof.kind,
          ...(granted ? { scopes: granted } : { why: proven ? 'scope' : 'client' }),
        },
      });
      return { client, proven, granted };
    });
    const { client, proven, granted } = outcome;
    if (!client || !proven) {
      this.limit.failed(asker, this.clock.realNow().getTime());
      throw new OAuthError(
        'invalid_client',
        'The client is not known, was revoked, or did not prove itself.',
      );
    }
    this.limit.succeeded(asker);
    if (!granted)
      throw new OAuthError('invalid_scope', `This client may ask for: ${client.scopes.join(' ')}.`);
    const access_token = this.tokens.issue({ clientId, forceCode: client.forceCode, scopes: granted });
    return { access_token, token_type: 'Bearer', expires_in: TOKEN_SECONDS, scope: granted.join(' ') };
  }

  private async proves(proof: ClientProof, client: ForceClientRow): Promise<boolean> {
    if (client.revokedAt) return false;
    if (proof.kind === 'secret') return secretMatches(proof.secret, client.secretDigest);
    if (!client.jwks) return false;
    const here = this.config.http.publicUrl;
    const jwks = client.jwks;
    const audiences = [here, `${here}/oauth/token`];
    return this.assertions.verify(proof.assertion, jwks, client.clientId, audiences, this.clock.realNow());
  }
}

/** @returns what was asked for, or everything the client has; null when it asks for more than it has */
function grant(client: ForceClientRow, wanted: readonly Scope[]): Scope[] | null {
  const allowed = client.scopes.filter(isScope);
  if (wanted.length === 0) return allowed;
  return wanted.every((scope) => allowed.includes(scope)) ? [...wanted] : null;
}
