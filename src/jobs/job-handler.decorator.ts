import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';

export const JOB_HANDLER = 'firstbell:job-handler';

/**
 * Marks a provider as the handler of one job (`TransactionalHandler` or `ExternalHandler`); also makes it injectable.
 * Listing it among a module's providers is all it needs to be found.
 */
export function JobHandler(): ClassDecorator {
  return applyDecorators(Injectable(), SetMetadata(JOB_HANDLER, true));
}
