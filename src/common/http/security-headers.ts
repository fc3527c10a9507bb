import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { Config } from '../../../config/config.js';

/**
 * For every answer, also files and errors; pages send the same policy themselves. No script, nothing from elsewhere,
 * no framing. HSTS only where people come by HTTPS: on http://127.0.0.1 it would lock them out.
 */
export function securityHeaders(config: Config): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: config.http.publicUrl.startsWith('https:')
      ? { maxAge: 31_536_000, includeSubDomains: false }
      : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    crossOriginEmbedderPolicy: false,
  };
}
