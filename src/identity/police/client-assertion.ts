import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';

/** Signatures only: a public key must never be usable as a shared secret. */
const ALGORITHMS = ['PS256', 'PS384', 'PS512', 'RS256', 'ES256', 'ES384', 'EdDSA'];
const LONGEST_SECONDS = 300;
const SKEW_SECONDS = 10;

/** @returns the client that an assertion claims to be from (nothing is verified yet), or null */
export function claimedClient(assertion: string): string | null {
  try {
    const { sub, iss } = decodeJwt(assertion);
    return sub && sub === iss ? sub : null;
  } catch {
    return null;
  }
}

/** Remembers the assertions that were used, so that one that was overheard is of no use. In this process only. */
export class ClientAssertions {
  private readonly used = new Map<string, number>();

  /**
   * RFC 7523, section 3: signed by a key of the client's, about itself, for this server, at most 5 minutes ahead, used once.
   * @param audiences the token endpoint's address and the server's own
   */
  async verify(
    assertion: string,
    jwks: JSONWebKeySet,
    clientId: string,
    audiences: string[],
    now: Date,
  ): Promise<boolean> {
    try {
      const { payload } = await jwtVerify(assertion, createLocalJWKSet(jwks), {
        algorithms: ALGORITHMS,
        issuer: clientId,
        subject: clientId,
        audience: audiences,
        clockTolerance: SKEW_SECONDS,
        currentDate: now,
        requiredClaims: ['exp', 'jti'],
      });
      const seconds = now.getTime() / 1000;
      if ((payload.exp ?? Infinity) > seconds + LONGEST_SECONDS + SKEW_SECONDS) return false;
      return this.first(`${clientId} ${payload.jti}`, payload.exp ?? 0, seconds);
    } catch {
      return false;
    }
  }

  private first(id: string, expiresAt: number, now: number): boolean {
    for (const [old, until] of this.used) {
      if (until + SKEW_SECONDS > now) break;
      this.used.delete(old);
    }
    if (this.used.has(id)) return false;
    this.used.set(id, expiresAt);
    return true;
  }
}
