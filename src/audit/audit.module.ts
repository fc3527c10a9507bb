import { Global, Module } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Audit } from './audit.js';

@Global()
@Module({
  providers: [{ provide: Audit, useFactory: (clock: Clock) => new Audit(clock), inject: [Clock] }],
  exports: [Audit],
})
export class AuditModule {}
