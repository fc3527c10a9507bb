import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { VersionedKey } from '../../../config/keys.js';
import type { Clock } from '../../common/clock.js';
import { newId } from '../../common/ids.js';
import type { ForceClientIdentity } from './force-client.port.js';

export const TOKEN_SECONDS = 600;
const ISSUER = 'firstbell';
const AUDIENCE = 'firstbell:police-api';
const TYPE = 'at+jwt';
const FORM = /^([\w-]{1,512})\.([\w-]{1,2048})\.([\w-]{43})$/;
/** Verified tokens kept; a force uses one for ten minutes, so this is far more than there are clients. */
const MOST_KEPT = 2_000;

interface Verified extends ForceClientIdentity {
  readonly expiresAtMs: number;
}

/**
 * Access tokens of police systems: JWTs (RFC 9068), HS256 under this installation's token keys, good for ten minutes of
 * real time and verified without the database. Verifying costs one HMAC the first time and one look-up afterwards.
 */
export class AccessTokens {
  private readonly keys: ReadonlyMap<string, KeyObject>;
  private readonly currentKid: string;
  private readonly kept = new Map<string, Verified>();

  constructor(
    tokenKeys: readonly VersionedKey[],
    private readonly clock: Clock,
  ) {
    this.keys = new Map(tokenKeys.map(({ version, key }) => [String(version), createSecretKey(key)]));
    this.currentKid = String(tokenKeys.at(-1)?.version);
  }

  issue(client: ForceClientIdentity): string {
    const issuedAt = Math.floor(this.clock.realNow().getTime() / 1000);
    const head = encode({ alg: 'HS256', typ: TYPE, kid: this.currentKid });
    const claims = encode({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: client.clientId,
      client_id: client.clientId,
      force: client.forceCode,
      scope: client.scopes.join(' '),
      iat: issuedAt,
      exp: issuedAt + TOKEN_SECONDS,
      jti: newId(),
    });
    return `${head}.${claims}.${this.sign(this.currentKid, `${head}.${claims}`)?.toString('base64url')}`;
  }

  /** @returns null for a token that is not ours, was changed, or has expired */
  verify(token: string): ForceClientIdentity | null {
    const now = this.clock.realNow().getTime();
    const known = this.kept.get(token);
    if (known) {
      if (known.expiresAtMs > now) return known;
      this.kept.delete(token);
      return null;
    }
    const verified = this.read(token);
    if (!verified || verified.expiresAtMs <= now) return null;
    this.keep(token, verified, now);
    return verified;
  }

  private read(token: string): Verified | null {
    const [, head, body, signature] = FORM.exec(token) ?? [];
    if (!head || !body || !signature) return null;
    const header = decode(head);
    // The algorithm is ours to choose, never the token's.
    if (header?.['alg'] !== 'HS256' || header['typ'] !== TYPE || typeof header['kid'] !== 'string')
      return null;
    const expected = this.sign(header['kid'], `${head}.${body}`);
    const given = Buffer.from(signature, 'base64url');
    if (!expected || given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const claims = decode(body);
    if (claims?.['iss'] !== ISSUER || claims['aud'] !== AUDIENCE) return null;
    const { sub, force, scope, exp } = claims;
    if (typeof sub !== 'string' || typeof force !== 'string') return null;
    if (typeof scope !== 'string' || typeof exp !== 'number') return null;
    return {
      clientId: sub,
      forceCode: force,
      scopes: scope.split(' ').filter(Boolean),
      expiresAtMs: exp * 1000,
    };
  }

  private sign(kid: string, text: string): Buffer | null {
    const key = this.keys.get(kid);
    return key ? createHmac('sha256', key).update(text).digest() : null;
  }

  private keep(token: string, verified: Verified, now: number): void {
    if (this.kept.size >= MOST_KEPT) {
      for (const [old, { expiresAtMs }] of this.kept) if (expiresAtMs <= now) this.kept.delete(old);
      const [oldest] = this.kept.keys();
      if (this.kept.size >= MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
    }
    this.kept.set(token, verified);
  }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
