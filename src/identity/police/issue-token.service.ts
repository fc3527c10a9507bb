import { Inject, Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { CONFIG, type Config } from '../../../config/config.js';
import { Audit } from '../../audit/audit.js';
import { systemActor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { Metrics } from '../../health/metrics.js';
import { AccessTokens, TOKEN_SECONDS } from './access-tokens.service.js';
import { claimedClient, ClientAssertions } from './client-assertion.js';
import { secretMatches } from './client-secret.js';
import { ForceClientRows, type ForceClientRow } from './force-clients.repository.js';
import { OAuthError } from './oauth-error.js';
import { isScope, type Scope } from './scopes.js';
import { TokenLimits } from './token-limits.js';
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
  private readonly limits = new TokenLimits();
  private readonly assertions = new ClientAssertions();
  private readonly refused: Counter<'why'>;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ForceClientRows) private readonly rows: ForceClientRows,
    @Inject(Audit) private readonly audit: Audit,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.refused = new Counter({
      name: 'firstbell_token_refusals_total',
      help: 'Tokens not issued: unknown client, known client that did not prove itself, a scope it has not, or too many failures.',
      labelNames: ['why'] as const,
      registers: [metrics.registry],
    });
  }

  /**
   * A known client's refusal is on the record. An unknown client's is only counted: nobody who need not prove anything may write into
   * a record that nobody can delete from.
   *
   * @throws OAuthError
   */
  async run({ proof, scopes }: TokenRequest, address: string): Promise<TokenAnswer> {
    const clientId = proof.kind === 'secret' ? proof.clientId : (claimedClient(proof.assertion) ?? '');
    const wait = this.limits.secondsToWait(clientId, address, this.clock.realNow().getTime());
    if (wait > 0) {
      this.refused.inc({ why: 'limit' });
      const description = 'Too many failed attempts: wait, then try again.';
      throw new OAuthError('slow_down', description, 429, { 'retry-after': String(wait) });
    }
    const outcome = await this.database.transaction(ACTOR, async (tx) => {
      const client = clientId.length > 100 ? null : await this.rows.find(tx, clientId);
      if (!client) return null;
      const proven = await this.proves(proof, client);
      const granted = proven ? grant(client, scopes) : null;
      await this.audit.record(tx, {
        action: granted ? 'token.issued' : 'token.refused',
        forceCode: client.forceCode,
        detail: {
          clientId: client.clientId,
          method: proof.kind,
          ...(granted ? { scopes: granted } : { why: proven ? 'scope' : 'client' }),
        },
      });
      return { client, proven, granted };
    });
    if (!outcome?.proven) {
      this.refused.inc({ why: outcome ? 'client' : 'unknown-client' });
      this.limits.failed(clientId, address, this.clock.realNow().getTime());
      throw new OAuthError(
        'invalid_client',
        'The client is not known, was revoked, or did not prove itself.',
      );
    }
    const { client, granted } = outcome;
    this.limits.succeeded(clientId, address, this.clock.realNow().getTime());
    if (!granted) {
      this.refused.inc({ why: 'scope' });
      throw new OAuthError('invalid_scope', `This client may ask for: ${client.scopes.join(' ')}.`);
    }
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
