import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { ContactsModule } from '../directory/contacts.module.js';
import { DemonstrationModule } from '../demonstration/demonstration.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { EscalationModule } from '../escalation/escalation.module.js';
import { StaffIdentityModule } from '../identity/staff/staff-identity.module.js';
import { TriageModule } from '../triage/triage.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { AliasesController } from './aliases/aliases.controller.js';
import { AdminController } from './admin/admin.controller.js';
import { ImportsController } from './admin/imports.controller.js';
import { Installation } from './admin/admin.repository.js';
import { InstallationReading } from './admin/installation.service.js';
import { DeskContacts } from './authority/desk-contacts.repository.js';
import { HandBacks } from './authority/hand-backs.service.js';
import { DeskController } from './authority/desk.controller.js';
import { DeskRows } from './authority/desk-list.repository.js';
import { DeskReadings } from './authority/desk-reading.service.js';
import { Headline } from './authority/headline.repository.js';
import { AuthorityController } from './authority/overview.controller.js';
import { OverviewRows } from './authority/overview.repository.js';
import { AuthorityOverview } from './authority/overview.service.js';
import { OwnNoticeController } from './authority/own-notice.controller.js';
import { PlacingReadings } from './authority/placing-reading.service.js';
import { DeskNoticePage } from './authority/desk-notice-page.js';
import { PlacingController } from './authority/placing.controller.js';
import { SettingSearch } from './authority/setting-search.repository.js';
import { ForceController } from './force/force.controller.js';
import { ForceNotifications } from './force/force-notifications.repository.js';
import { ForceReading } from './force/force-view.service.js';
import { AuthorityPolicyController, SchoolPolicyController } from './policy/policy.controller.js';
import { PolicyPages } from './policy/policy-pages.service.js';
import { TestNoticesModule } from '../test-notices/test-notices.module.js';
import { TestNoticesController } from './test-notices/test-notices.controller.js';
import { CalendarController } from './calendar/calendar.controller.js';
import { CaughtMails } from './mail/caught-mail.service.js';
import { MailController } from './mail/mail.controller.js';
import { DeskPage } from './authority/triage/desk-page.service.js';
import { EachNotice } from './authority/triage/each-notice.service.js';
import { TriageController } from './authority/triage/triage.controller.js';
import { TriageItems } from './authority/triage/triage-items.service.js';
import { TriageRows } from './authority/triage/triage-rows.repository.js';
import { RoutingModule } from '../routing/routing.module.js';
import { Pages } from './pages.service.js';
import { Landing } from './public/landing.service.js';
import { PublicController } from './public/public.controller.js';
import { FollowUpLists } from './reading/follow-up-lists.repository.js';
import { NoticeContents } from './reading/notice-content.service.js';
import { SchoolNotices } from './reading/school-notices.repository.js';
import { StaleDataRows } from './reading/stale-data.repository.js';
import { SchoolReading } from './reading/school-reading.service.js';
import { FindSetting } from './school/find-setting.service.js';
import { RedirectController } from './school/redirect.controller.js';
import { AbsencesController } from './contacts/absences.controller.js';
import { AddressesController } from './contacts/addresses.controller.js';
import { ContactsController } from './contacts/contacts.controller.js';
import { ContactsReadings } from './contacts/contacts-reading.service.js';
import { ExclusionsController } from './contacts/exclusions.controller.js';
import { CoverageController } from './contacts/coverage.controller.js';
import { WatchModule } from '../watch/watch.module.js';
import { NoticeExtrasController } from './school/notice-extras.controller.js';
import { NoticeExtrasReading } from './school/notice-extras.service.js';
import { SchoolController } from './school/school.controller.js';
import { SettingsController } from './settings/settings.controller.js';
import { SignInController } from './sign-in/sign-in.controller.js';

const SCHOOL = [
  NoticeExtrasReading,
  FindSetting,
  FollowUpLists,
  StaleDataRows,
  NoticeContents,
  SchoolNotices,
  SchoolReading,
];
const AUTHORITY = [
  AuthorityOverview,
  DeskContacts,
  DeskNoticePage,
  DeskPage,
  DeskReadings,
  EachNotice,
  HandBacks,
  TriageItems,
  TriageRows,
  DeskRows,
  Headline,
  OverviewRows,
  PlacingReadings,
  SettingSearch,
];
const FORCE = [ForceNotifications, ForceReading];
const OTHERS = [PolicyPages, ContactsReadings, CaughtMails, Installation, InstallationReading, Landing];

@Module({
  imports: [
    CalendarModule,
    ContactsModule,
    DemonstrationModule,
    DirectoryModule,
    EscalationModule,
    NoticesModule,
    RoutingModule,
    StaffIdentityModule,
    TriageModule,
    TestNoticesModule,
    WatchModule,
  ],
  controllers: [
    PublicController,
    SignInController,
    SchoolController,
    NoticeExtrasController,
    ContactsController,
    AbsencesController,
    AddressesController,
    CoverageController,
    ExclusionsController,
    RedirectController,
    AuthorityController,
    TriageController,
    DeskController,
    OwnNoticeController,
    PlacingController,
    CalendarController,
    TestNoticesController,
    AliasesController,
    AuthorityPolicyController,
    SchoolPolicyController,
    ForceController,
    AdminController,
    ImportsController,
    SettingsController,
    MailController,
  ],
  providers: [Pages, ...SCHOOL, ...AUTHORITY, ...FORCE, ...OTHERS],
})
export class PortalModule {}
