import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../../config/config.js';
import { DomainError, NotFound } from '../errors.js';
import { accessOf, type AccessRule, type Audience } from './route-declarations.js';

/**
 * Looks whether the caller belongs to an audience. True admits (and may leave on the request who it is); false passes
 * on to the next audience of the rule. @throws DomainError when the answer should be something else than 403
 */
export type AccessCheck = (request: FastifyRequest, rule: AccessRule) => boolean | Promise<boolean>;

/** Filled at start by the feature that knows its people (identity); an audience without a check stops the start. */
@Injectable()
export class AccessChecks {
  private readonly checks = new Map<Audience, AccessCheck>();

  constructor(@Inject(CONFIG) config: Config) {
    this.register('public', () => true);
    this.register('embedded-only', () => {
      if (config.mode !== 'embedded') throw new NotFound();
      return true;
    });
  }

  register(audience: Audience, check: AccessCheck): void {
    if (this.checks.has(audience)) throw new Error(`There are two access checks for ${audience}`);
    this.checks.set(audience, check);
  }

  get(audience: Audience): AccessCheck | undefined {
    return this.checks.get(audience);
  }
}

/** Runs before every handler: the declared rule is the rule. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(@Inject(AccessChecks) private readonly checks: AccessChecks) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = accessOf(context.getHandler());
    if (!rule) throw new Error('A route without @Access was reached');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    let refusal: DomainError | undefined;
    for (const audience of rule.audiences) {
      const check = this.checks.get(audience);
      if (!check) throw new Error(`There is no access check for ${audience}`);
      try {
        if (await check(request, rule)) return true;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        refusal ??= error;
      }
    }
    throw refusal ?? new DomainError('forbidden', 'This is not allowed.', 403);
  }
}
