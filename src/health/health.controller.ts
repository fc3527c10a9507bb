import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { CONFIG, type Config } from '../../config/config.js';
import { NotFound } from '../common/errors.js';
import { Access, Audited } from '../common/http/route-declarations.js';
import { HealthChecks } from './health-checks.js';
import { Metrics } from './metrics.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

@Controller()
export class HealthController {
  constructor(
    @Inject(HealthChecks) private readonly checks: HealthChecks,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The process turns over; says nothing about its stores, so that their loss does not restart it. */
  @Get('health/live')
  @Access('public')
  @Audited('none: says only that the process runs')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('health/ready')
  @Access('public')
  @Audited('none: says only which parts are fit')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { ready, checks } = await this.checks.readiness();
    reply.status(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not-ready', checks };
  }

  /** For this machine, or for whoever has METRICS_TOKEN; to anybody else there is nothing here. */
  @Get('metrics')
  @Access('public')
  @Audited('none: numbers about the installation, of no person')
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!this.mayRead(request)) throw new NotFound();
    const { registry } = this.metrics;
    await reply.header('content-type', registry.contentType).send(await registry.metrics());
  }

  private mayRead(request: FastifyRequest): boolean {
    const token = this.config.http.metricsToken;
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token !== null) return given !== undefined && timingSafeEqual(digest(given), digest(token));
    // A proxy on this machine also comes from loopback, but says for whom.
    const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded;
    return forwarded === undefined && LOOPBACK.has(request.socket.remoteAddress ?? '');
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
