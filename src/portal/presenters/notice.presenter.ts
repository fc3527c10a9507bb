import { readingDeadline } from '../../notices/domain/reading-deadline.js';
import { acknowledgementWords } from './inbox.presenter.js';
import { londonDateTime, moment, shortMoment } from './london-time.js';
import { adultName, childName, type NoticeContent } from './notice-content.js';
import {
  bornWords,
  describeChanges,
  noticeFacts,
  officerFacts,
  policeTexts,
  presentVoice,
  referralWords,
} from './notice-facts.js';
import type {
  ActionFormValues,
  ActionView,
  AdultRow,
  CoverView,
  GuidanceTexts,
  NoticeExtras,
  NoticeHrefs,
  NoticeStep,
  NoticeView,
} from './notice.view-model.js';
import {
  mayCollectWords,
  riskTag,
  roleWords,
  stateWords,
  type AcknowledgedVia,
  type NoticeState,
  type SchoolConnection,
} from './notice-words.js';
import { portalPaths } from './paths.js';
import { presentRestrictions } from './restrictions.presenter.js';
import { presentSupport, type SupportRecord } from './support.presenter.js';
import { hasPassed, timeLeftInWords } from './time-left.js';

/** The notice's own row, without anything sealed; instants in UTC. */
export interface NoticeRecord {
  readonly id: string;
  readonly reference: string;
  readonly policeReference: string;
  readonly state: NoticeState;
  readonly version: number;
  readonly settingName: string;
  readonly whyHere: string;
  readonly acknowledgeBy: Date;
  readonly holidayBy: Date | null;
  readonly actionBy: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedVia: AcknowledgedVia | null;
  readonly receivedLate: boolean;
  readonly testNotice: boolean;
  readonly otherSettingsTold: number;
  readonly support: SupportRecord | null;
  /** The open question whether the owner is in school today; null when it is not asked or is answered. */
  readonly inSchool: { readonly owner: boolean; readonly ownerName: string } | null;
}

export interface NoticeReading {
  readonly notice: NoticeRecord;
  readonly content: NoticeContent;
  /** The version this setting was shown before, when there was one. */
  readonly previous: NoticeContent | null;
  readonly viewer: { readonly name: string; readonly post: string };
  /** False for somebody who may look and not act (then no button is offered). */
  readonly mayAct: boolean;
  readonly guidance: GuidanceTexts;
  readonly now: Date;
  /** Where a desk's officer reads its own notice; a school's when left out. */
  readonly hrefs?: NoticeHrefs;
  /** For a contact of the notice's own setting. */
  readonly extras?: NoticeExtras;
}

const CLOSED_TO_ACTING: readonly NoticeState[] = ['closed', 'redirected', 'superseded', 'retracted'];

const CONNECTION: Record<SchoolConnection, string | null> = {
  none: null,
  staff: 'Works at a school',
  governor: 'School governor',
  unknown: null,
};

export function schoolHrefs(noticeId: string): NoticeHrefs {
  return {
    list: portalPaths.inbox(),
    listText: 'Back to the inbox',
    notice: portalPaths.notice(noticeId),
    acknowledge: portalPaths.acknowledge(noticeId),
    action: portalPaths.action(noticeId),
    followUp: portalPaths.followUp(noticeId),
  };
}

/** A desk's own notice (a child without a setting), read by its officers. */
export function deskHrefs(noticeId: string): NoticeHrefs {
  return {
    list: portalPaths.deskNotice(noticeId),
    listText: 'Back to the desk’s page of this notice',
    notice: portalPaths.deskRead(noticeId),
    acknowledge: portalPaths.deskAcknowledge(noticeId),
    action: portalPaths.deskAction(noticeId),
    followUp: null,
  };
}

function child(content: NoticeContent): CoverView['child'] {
  return {
    name: childName(content.child),
    born: bornWords(content.child),
    knownAs: content.child.knownAs,
  };
}

export function presentCover(notice: NoticeRecord, content: NoticeContent, now: Date): CoverView {
  const deadline = readingDeadline(notice, now);
  return {
    id: notice.id,
    reference: notice.reference,
    child: child(content),
    settingName: notice.settingName,
    whyHere: notice.whyHere,
    timeLeft: timeLeftInWords(now, deadline),
    readBy: shortMoment(deadline, now),
    missed: notice.acknowledgedAt === null && hasPassed(now, deadline),
    acknowledgement: acknowledgementWords(
      notice.acknowledgedBy,
      notice.acknowledgedAt,
      notice.acknowledgedVia,
      now,
    ),
    receivedLate: notice.receivedLate,
    testNotice: notice.testNotice,
  };
}

/** The one next thing to do; acting is offered again after a newer version brought a fresh deadline. */
export function stepOf(notice: Pick<NoticeRecord, 'state' | 'acknowledgedAt'>, mayAct: boolean): NoticeStep {
  if (!mayAct || CLOSED_TO_ACTING.includes(notice.state)) return 'none';
  if (notice.acknowledgedAt === null) return 'acknowledge';
  return notice.state === 'actioned' ? 'done' : 'action';
}

function clockOf(step: NoticeStep, notice: NoticeRecord, now: Date): NoticeView['clock'] {
  const reading = step === 'acknowledge' ? readingDeadline(notice, now) : null;
  const deadline = step === 'action' ? notice.actionBy : reading;
  if (!deadline) return null;
  const task = step === 'acknowledge' ? 'Read by' : 'Record the support decision by';
  return {
    timeLeft: timeLeftInWords(now, deadline),
    doBy: `${task} ${shortMoment(deadline, now).words}`,
    missed: hasPassed(now, deadline),
  };
}

function presentAdults(content: NoticeContent): AdultRow[] {
  return content.adults.map((adult) => ({
    name: adultName(adult),
    role: roleWords(adult.role),
    relationship: adult.relationshipToChild ?? 'Not given',
    collect: mayCollectWords(adult.mayCollect),
    mustNotCollect: adult.mayCollect === 'no',
    connection: adult.schoolConnection && CONNECTION[adult.schoolConnection],
  }));
}

/** Siblings are only ever counted: a setting never learns which other settings, or whose. */
export function othersToldWords(count: number): string {
  if (count <= 0) return 'No other setting was told about this incident.';
  return count === 1
    ? '1 other setting was told about this incident.'
    : `${count} other settings were told about this incident.`;
}

export function presentNotice(reading: NoticeReading): NoticeView {
  const { notice, content, previous, viewer, now } = reading;
  const step = stepOf(notice, reading.mayAct);
  return {
    id: notice.id,
    hrefs: reading.hrefs ?? schoolHrefs(notice.id),
    reference: notice.reference,
    policeReference: notice.policeReference,
    settingName: notice.settingName,
    child: child(content),
    versionWords: notice.version === 1 ? 'First version' : `Version ${notice.version}`,
    testNotice: notice.testNotice,
    receivedLate: notice.receivedLate,
    state: stateWords(notice.state, notice.testNotice),
    step,
    clock: clockOf(step, notice, now),
    acknowledgement: acknowledgementWords(
      notice.acknowledgedBy,
      notice.acknowledgedAt,
      notice.acknowledgedVia,
      now,
    ),
    risk: riskTag(content.incident.risk),
    restrictions: presentRestrictions(content),
    changes: previous ? describeChanges(previous, content) : [],
    facts: noticeFacts(content),
    narrative: policeTexts(content),
    voice: presentVoice(content.child.voice),
    adults: presentAdults(content),
    officer: officerFacts(content.officer),
    referrals: referralWords(content.referrals),
    othersTold: othersToldWords(notice.otherSettingsTold),
    guidance: reading.guidance,
    inSchool: reading.mayAct ? notice.inSchool : null,
    extras: reading.extras ?? null,
    support: notice.support ? presentSupport(notice.support) : null,
    printedBy: `${viewer.name}, ${viewer.post}, from the page opened on ${londonDateTime(now)} · Notice ${notice.reference}`,
  };
}

export const EMPTY_ACTION: ActionFormValues = {
  inSchool: '',
  seenSafeBy: '',
  told: '',
  seenHeardSaid: '',
  decision: '',
};

export function presentAction(
  notice: NoticeRecord,
  guidance: GuidanceTexts,
  now: Date,
  values: ActionFormValues = EMPTY_ACTION,
  errors: ActionView['errors'] = [],
  hrefs: NoticeHrefs = schoolHrefs(notice.id),
): ActionView {
  const { id, reference, testNotice } = notice;
  return {
    id,
    hrefs,
    reference,
    testNotice,
    clock: clockOf('action', notice, now),
    values,
    errors,
    guidance,
    instead: null,
  };
}

/** The words of the page after acknowledging: what stopped, what is next and by when. */
export function actionDueWords(actionBy: Date | null, now: Date): string | null {
  return actionBy
    ? `Record the support decision by ${moment(actionBy).words}: ${timeLeftInWords(now, actionBy)}.`
    : null;
}
