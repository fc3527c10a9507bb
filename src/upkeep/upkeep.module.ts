import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.js';
import { CalendarModule } from '../calendar/calendar.module.js';
import { CalendarUpkeepProcessor } from './calendar-upkeep.processor.js';
import { CalendarUpkeep } from './calendar-upkeep.service.js';

/** Daily chores that need more than one feature. */
@Module({
  imports: [AlertsModule, CalendarModule],
  providers: [CalendarUpkeep, CalendarUpkeepProcessor],
  exports: [CalendarUpkeep],
})
export class UpkeepModule {}
