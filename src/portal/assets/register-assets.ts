import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Asset, AssetStore } from './asset-store.js';

function encoded(asset: Asset, accepts: string): { encoding: string | null; body: Buffer } {
  if (/\bbr\b(?!;q=0(?:\.0+)?(?:,|$))/.test(accepts)) return { encoding: 'br', body: asset.brotli };
  if (/\bgzip\b(?!;q=0(?:\.0+)?(?:,|$))/.test(accepts)) return { encoding: 'gzip', body: asset.gzip };
  return { encoding: null, body: asset.body };
}

/**
 * Serves the portal's few files from memory: the stylesheet is made at start-up, and the address changes with the
 * content, so browsers keep it for a year. No sign-in: the files hold nothing about anybody.
 */
export function registerAssets(app: FastifyInstance, assets: AssetStore): void {
  for (const asset of assets.all()) {
    app.get(asset.url, (request: FastifyRequest, reply: FastifyReply) => {
      const { encoding, body } = encoded(
        asset,
        request.headers['accept-encoding']?.replaceAll(' ', '') ?? '',
      );
      if (encoding) reply.header('content-encoding', encoding);
      return reply
        .header('content-type', asset.type)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('vary', 'accept-encoding')
        .header('x-content-type-options', 'nosniff')
        .send(body);
    });
  }
}
