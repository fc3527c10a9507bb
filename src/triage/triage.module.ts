import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { AssignSetting } from './assign-setting.service.js';
import { ChangeDesk } from './change-desk.service.js';
import { Claims } from './claims.service.js';
import { RecordHandOver } from './hand-over.service.js';
import { Placements } from './placements.repository.js';
import { SendHeldProcessor } from './send-held.processor.js';
import { SendHeld } from './send-held.service.js';
import { TellForceProcessor } from './tell-force.processor.js';

const EXPORTED = [AssignSetting, ChangeDesk, Claims, RecordHandOver];

@Module({
  imports: [CalendarModule, DeliveryModule, DirectoryModule, NoticesModule, RoutingModule],
  providers: [...EXPORTED, Placements, SendHeld, SendHeldProcessor, TellForceProcessor],
  exports: EXPORTED,
})
export class TriageModule {}
