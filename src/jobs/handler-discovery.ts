import type { DiscoveryService } from '@nestjs/core';
import { JOBS, type JobName } from './catalogue.js';
import type { AnyJobHandler } from './job-handler.js';
import { JOB_HANDLER } from './job-handler.decorator.js';

/** Every provider marked `@JobHandler()`, once each. */
export function discoverHandlers(discovery: DiscoveryService): AnyJobHandler[] {
  const found = new Set<AnyJobHandler>();
  for (const wrapper of discovery.getProviders()) {
    const type = wrapper.metatype;
    if (typeof type !== 'function' || !Reflect.hasMetadata(JOB_HANDLER, type)) continue;
    if (wrapper.instance) found.add(wrapper.instance as AnyJobHandler);
  }
  return [...found];
}

/** @returns every reason why these handlers cannot do the jobs of the catalogue; empty when they can */
export function handlerProblems(handlers: readonly AnyJobHandler[], needsAll: boolean): string[] {
  const problems: string[] = [];
  const byJob = new Map<string, string[]>();
  for (const handler of handlers) {
    const owner = handler.constructor.name;
    const names = byJob.get(handler.job) ?? [];
    byJob.set(handler.job, [...names, owner]);
    const definition = Object.hasOwn(JOBS, handler.job) ? JOBS[handler.job] : undefined;
    if (!definition) {
      problems.push(`${owner} handles ${String(handler.job)}, which is not in the catalogue`);
    } else if (handler.kind === 'external' && definition.leaseSeconds === undefined) {
      problems.push(`${handler.job} has an external handler (${owner}) but no leaseSeconds in the catalogue`);
    } else if (handler.kind === 'transactional' && definition.leaseSeconds !== undefined) {
      problems.push(
        `${handler.job} has leaseSeconds in the catalogue but a transactional handler (${owner})`,
      );
    }
  }
  for (const name of Object.keys(JOBS) as JobName[]) {
    const owners = byJob.get(name) ?? [];
    if (owners.length === 0 && needsAll) problems.push(`${name} has no handler`);
    if (owners.length > 1) problems.push(`${name} has ${owners.length} handlers: ${owners.join(', ')}`);
  }
  return problems;
}
