import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessChecks, AccessGuard } from './access.guard.js';

@Global()
@Module({
  providers: [AccessChecks, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [AccessChecks],
})
export class HttpModule {}
