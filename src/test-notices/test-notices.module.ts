import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { EndTestProcessor, ScheduledTestProcessor } from './test-notices.processors.js';
import { TestNoticeRows } from './test-notices.repository.js';
import { TestNotices } from './test-notices.service.js';
import { TestSchedule } from './test-schedule.service.js';

@Module({
  imports: [CalendarModule, NoticesModule],
  providers: [EndTestProcessor, ScheduledTestProcessor, TestNoticeRows, TestNotices, TestSchedule],
  exports: [TestNotices, TestSchedule],
})
export class TestNoticesModule {}
