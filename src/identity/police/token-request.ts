import { OAuthError } from './oauth-error.js';
import { isScope, SCOPES, type Scope } from './scopes.js';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** How the client says who it is: `client_secret_basic` or `private_key_jwt`. */
export type ClientProof =
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: string }
  | { readonly kind: 'assertion'; readonly assertion: string };

export interface TokenRequest {
  readonly proof: ClientProof;
  /** Empty: every scope the client has. */
  readonly scopes: readonly Scope[];
}

/**
 * Reads a token request (RFC 6749, section 4.4.2).
 * @param form the parsed form; a repeated parameter is a list
 * @throws OAuthError
 */
export function readTokenRequest(form: unknown, authorization: string | undefined): TokenRequest {
  const values = (typeof form === 'object' && form !== null ? form : {}) as Record<string, unknown>;
  const grant = parameter(values, 'grant_type');
  if (grant === null) throw new OAuthError('invalid_request', 'grant_type is missing.');
  const proof = proofOf(values, authorization);
  if (grant !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'Only grant_type=client_credentials is offered here.');
  }
  return { proof, scopes: readScopes(parameter(values, 'scope')) };
}

function proofOf(values: Record<string, unknown>, authorization: string | undefined): ClientProof {
  const assertion = parameter(values, 'client_assertion');
  if (assertion !== null) {
    if (authorization) throw new OAuthError('invalid_request', 'Use one way of authenticating, not two.');
    if (parameter(values, 'client_assertion_type') !== ASSERTION_TYPE) {
      throw new OAuthError('invalid_request', `client_assertion_type must be ${ASSERTION_TYPE}.`);
    }
    return { kind: 'assertion', assertion };
  }
  if (parameter(values, 'client_secret') !== null) {
    throw new OAuthError('invalid_client', 'Send the secret by HTTP Basic, not in the form.');
  }
  const basic = readBasic(authorization);
  if (!basic) throw new OAuthError('invalid_client', 'Authenticate by HTTP Basic or by client_assertion.');
  return { kind: 'secret', ...basic };
}

/** RFC 6749, section 2.3.1: both parts are form-encoded before they are joined and put into Base64. */
export function readBasic(authorization: string | undefined): { clientId: string; secret: string } | null {
  const encoded = /^basic ([A-Za-z0-9+/=_-]{1,2000})$/i.exec(authorization ?? '')?.[1];
  if (!encoded) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return null;
  try {
    const [clientId, secret] = [text.slice(0, colon), text.slice(colon + 1)].map((part) =>
      decodeURIComponent(part.replaceAll('+', ' ')),
    );
    return clientId && secret ? { clientId, secret } : null;
  } catch {
    return null;
  }
}

function readScopes(text: string | null): Scope[] {
  const wanted = [...new Set((text ?? '').split(' ').filter(Boolean))];
  if (!wanted.every(isScope)) throw new OAuthError('invalid_scope', `The scopes are ${SCOPES.join(' ')}.`);
  return wanted;
}

function parameter(values: Record<string, unknown>, name: string): string | null {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined || value === '') return null;
  if (typeof value !== 'string') throw new OAuthError('invalid_request', `${name} is given more than once.`);
  return value;
}
