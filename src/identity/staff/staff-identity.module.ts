import { Module } from '@nestjs/common';
import { AlertsModule } from '../../alerts/alerts.module.js';
import { DeliveryModule } from '../../delivery/delivery.module.js';
import { SendSignInCodeProcessor } from './send-sign-in-code.processor.js';
import { Sessions } from './sessions.service.js';
import { SignInLimits } from './sign-in-limits.service.js';
import { SignIn } from './sign-in.service.js';
import { StaffAccess } from './staff-access.js';

@Module({
  imports: [AlertsModule, DeliveryModule],
  providers: [SignIn, SignInLimits, Sessions, StaffAccess, SendSignInCodeProcessor],
  exports: [SignIn, Sessions, StaffAccess],
})
export class StaffIdentityModule {}
