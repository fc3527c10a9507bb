import type {
  AwayView,
  ContactCodeView,
  ContactEndView,
  ContactFormView,
  ContactsView,
} from '../contacts/contacts.view-model.js';
import type { CoverageChoiceView, CoverageView } from '../contacts/coverage.view-model.js';
import type { ExclusionsView } from '../contacts/exclusions.view-model.js';
import type { AdminView } from './admin.view-model.js';
import type { AuthorityOverviewView, DeskNoticeView } from './authority.view-model.js';
import type { TestNoticesView } from '../test-notices/test-notices.view-model.js';
import type { CalendarCloseView, CalendarView } from './calendar.view-model.js';
import type { ForceView } from './force.view-model.js';
import type { PolicyPreviewView, PolicyView } from './policy.view-model.js';
import type { ImportRunView, ImportsView, SettingSearchView, SettingView } from './imports.view-model.js';
import type { InboxView } from './inbox.view-model.js';
import type { LocalNamesView } from './local-names.view-model.js';
import type { LandingView } from './landing.view-model.js';
import type { MailListView, MailMessageView } from './mail.view-model.js';
import type { AboutView, ConfirmationView, ErrorView, SessionEndedView } from './message.view-model.js';
import type { ActionView, CoverView, FollowUpView, NoticeView } from './notice.view-model.js';
import type { RedirectView } from './redirect.view-model.js';
import type { DeskPageView, TriageWorkView } from './triage.view-model.js';
import type { ChoosePostView, SignInCodeView, SignInEmailView } from './sign-in.view-model.js';

/** Template name (views/<name>.njk) -> its view model. A page cannot be rendered with another page's model. */
export interface PageModels {
  landing: LandingView;
  'sign-in-email': SignInEmailView;
  'sign-in-code': SignInCodeView;
  'choose-post': ChoosePostView;
  'session-ended': SessionEndedView;
  inbox: InboxView;
  cover: CoverView;
  'not-our-pupil': RedirectView;
  notice: NoticeView;
  action: ActionView;
  'follow-up': FollowUpView;
  confirmation: ConfirmationView;
  'authority-overview': AuthorityOverviewView;
  'local-names': LocalNamesView;
  'desk-list': DeskPageView;
  'triage-work': TriageWorkView;
  'desk-notice': DeskNoticeView;
  calendar: CalendarView;
  'test-notices': TestNoticesView;
  'calendar-close': CalendarCloseView;
  contacts: ContactsView;
  'contact-form': ContactFormView;
  'contact-end': ContactEndView;
  'contact-away': AwayView;
  'contact-code': ContactCodeView;
  coverage: CoverageView;
  'coverage-choice': CoverageChoiceView;
  exclusions: ExclusionsView;
  policy: PolicyView;
  'policy-preview': PolicyPreviewView;
  force: ForceView;
  admin: AdminView;
  imports: ImportsView;
  'import-run': ImportRunView;
  'setting-search': SettingSearchView;
  setting: SettingView;
  'mail-list': MailListView;
  'mail-message': MailMessageView;
  error: ErrorView;
  accessibility: AboutView;
  about: AboutView;
}

export type PageName = keyof PageModels;
