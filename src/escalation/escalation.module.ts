import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.js';
import { CalendarModule } from '../calendar/calendar.module.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { ActionReminders } from './action-reminders.service.js';
import { ActionTimer } from './action-timer.service.js';
import { ChargeEnded } from './charge-ended.service.js';
import {
  ActionProcessor,
  ChargeEndedProcessor,
  FireRungProcessor,
  HolidayByProcessor,
  InSchoolProcessor,
  PlacingAgainProcessor,
  PlacingProcessor,
  RepeatDeskProcessor,
} from './escalation.processors.js';
import { Escalation } from './escalation.service.js';
import { DeskReminders } from './desk-reminders.service.js';
import { FireRung } from './fire-rung.service.js';
import { InSchool } from './in-school.service.js';
import { AskSooner } from './ask-sooner.service.js';
import { Colleagues } from './colleagues.service.js';
import { FollowUpProcessor, RemindLaterProcessor } from './after-reading.processors.js';
import { FollowUpRows } from './follow-ups.repository.js';
import { FollowUps } from './follow-ups.service.js';
import { FollowUpTimer } from './follow-up-timer.service.js';
import { HandOver } from './hand-over.service.js';
import { LadderInputs } from './ladder-inputs.service.js';
import { PlanAhead } from './plan-ahead.service.js';
import { PlacingAgain } from './placing-again.service.js';
import { PlacingClock } from './placing-clock.service.js';
import {
  CalendarChangedProcessor,
  CoverChangedProcessor,
  ReplanNoticeProcessor,
} from './replan.processors.js';
import { ReplanNotices } from './replan-notices.service.js';
import { Policies } from './policies.service.js';
import { PolicyVersions } from './policy-versions.repository.js';
import { PreviewPolicy } from './preview-policy.service.js';
import { Rungs } from './rungs.repository.js';
import { StartLadder } from './start-ladder.service.js';
import { UnreadLadder } from './unread-ladder.service.js';

@Module({
  imports: [NoticesModule, DeliveryModule, DirectoryModule, CalendarModule, AlertsModule],
  providers: [
    LadderInputs,
    PlanAhead,
    Policies,
    PolicyVersions,
    PreviewPolicy,
    Rungs,
    StartLadder,
    UnreadLadder,
    DeskReminders,
    FireRung,
    PlacingAgain,
    PlacingClock,
    ActionReminders,
    ActionTimer,
    ChargeEnded,
    InSchool,
    ReplanNotices,
    Colleagues,
    HandOver,
    AskSooner,
    FollowUps,
    FollowUpRows,
    FollowUpTimer,
    RemindLaterProcessor,
    FollowUpProcessor,
    Escalation,
    FireRungProcessor,
    RepeatDeskProcessor,
    HolidayByProcessor,
    InSchoolProcessor,
    PlacingAgainProcessor,
    PlacingProcessor,
    ChargeEndedProcessor,
    ActionProcessor,
    CalendarChangedProcessor,
    CoverChangedProcessor,
    ReplanNoticeProcessor,
  ],
  exports: [
    LadderInputs,
    StartLadder,
    Rungs,
    ActionTimer,
    PlanAhead,
    Policies,
    PreviewPolicy,
    Colleagues,
    HandOver,
    AskSooner,
    FollowUps,
  ],
})
export class EscalationModule {}
