import type { DeskNoticeView, TelephoneFormValues } from '../presenters/authority.view-model.js';
import { shortMoment } from '../presenters/london-time.js';
import { childName } from '../presenters/notice-content.js';
import { bornWords } from '../presenters/notice-facts.js';
import { riskTag } from '../presenters/notice-words.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { emptyTelephoneForm } from '../presenters/telephone.presenter.js';
import type { DeskReading } from './desk-reading.service.js';
import { chargeWords, clockWords, ladderWords, standingWords, whyWords } from './desk-words.js';

/** What an officer typed and what was wrong with it: shown again, so that nothing is lost. */
export interface DeskForms {
  readonly search?: string;
  readonly selected?: string;
  readonly telephone?: TelephoneFormValues;
  readonly errors?: readonly FieldError[];
}

export function presentDeskNotice(reading: DeskReading, forms: DeskForms, now: Date): DeskNoticeView {
  const { record } = reading;
  const { id, state } = record;
  const unreadAtSchool = state === 'routed' || state === 'delivered';
  const inCharge = chargeWords(record, now);
  const clock = clockWords(record, now);
  return {
    id,
    reference: record.reference,
    risk: riskTag(record.risk),
    state: standingWords(record, now),
    why: whyWords(record),
    received: shortMoment(record.receivedAt, now),
    clock: clock && { ...clock, doBy: clock.doBy.charAt(0).toUpperCase() + clock.doBy.slice(1) },
    rung: ladderWords(record),
    settingName: record.settingName,
    inCharge,
    mayTakeCharge: inCharge === null && (unreadAtSchool || state === 'triage'),
    testNotice: record.testNotice,
    child: presentChild(reading),
    openHref: reading.mayOpen ? portalPaths.deskOpen(id) : null,
    placing:
      state === 'triage'
        ? {
            candidates: reading.candidates,
            search: forms.search ?? '',
            found: reading.found,
            selected: forms.selected ?? '',
          }
        : null,
    telephone: unreadAtSchool
      ? { contacts: reading.contacts, values: forms.telephone ?? emptyTelephoneForm(now) }
      : null,
    errors: forms.errors ?? [],
  };
}

/** Enough to find the child's setting; with a safe address, not where the child lives. */
function presentChild({ notification, childReference, settingSays }: DeskReading): DeskNoticeView['child'] {
  const child = notification?.children.find(({ reference }) => reference === childReference);
  if (!child) return null;
  return {
    name: childName({ forename: child.forename ?? null, surname: child.surname ?? null }),
    born: bornWords({ dateOfBirth: child.dateOfBirth ?? null, ageEstimate: child.ageEstimate ?? null }),
    homePostcode: notification?.restrictions?.safeAddress === true ? null : (child.homePostcode ?? null),
    schoolStated: child.schoolStated ?? null,
    settingSays,
  };
}
