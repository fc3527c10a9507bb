import type {
  DeskNoticeView,
  HandOverForm,
  TelephoneFormValues,
} from '../presenters/authority.view-model.js';
import { endedFollowUpWords } from '../presenters/follow-up.presenter.js';
import { shortMoment } from '../presenters/london-time.js';
import { emptyHandOver } from '../presenters/hand-over.presenter.js';
import { riskTag } from '../presenters/notice-words.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { emptyTelephoneForm } from '../presenters/telephone.presenter.js';
import type { DeskReading } from './desk-reading.service.js';
import {
  askWords,
  chargeWords,
  clockWords,
  isToAsk,
  ladderWords,
  standingWords,
  whyWords,
} from './desk-words.js';

/** What an officer typed and what was wrong with it: shown again, so that nothing is lost. */
export interface DeskForms {
  readonly search?: string;
  readonly selected?: string;
  readonly telephone?: TelephoneFormValues;
  readonly authority?: string;
  readonly handOver?: Omit<HandOverForm, 'to'>;
  readonly errors?: readonly FieldError[];
}

export function presentDeskNotice(reading: DeskReading, forms: DeskForms, now: Date): DeskNoticeView {
  const { record, placing } = reading;
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
    child: presentChild(reading, now),
    openHref: reading.mayOpen ? portalPaths.deskOpen(id) : null,
    placing:
      placing && !placing.waiting
        ? {
            candidates: placing.candidates,
            search: forms.search ?? '',
            found: placing.found,
            selected: forms.selected ?? '',
            claim: placing.claim,
            authorities: placing.authorities,
            authority: forms.authority ?? '',
            ownDesk: record.deskOwn,
          }
        : null,
    waiting: placing?.waiting ?? null,
    handOver:
      placing?.outside && !placing.waiting
        ? { to: placing.outside.to, ...(forms.handOver ?? emptyHandOver(now)) }
        : null,
    handedOver: reading.handedOver,
    endedFollowUps: reading.endedFollowUps.map((one) => ({
      label: one.settingName,
      value: endedFollowUpWords(one, now),
    })),
    telephone: unreadAtSchool
      ? { contacts: reading.contacts, values: forms.telephone ?? emptyTelephoneForm(now) }
      : null,
    toAsk: isToAsk(record)
      ? {
          words: askWords(record),
          owner: record.owner,
          phone: record.settingPhone || null,
          contacts: reading.contacts,
        }
      : null,
    errors: forms.errors ?? [],
  };
}

function presentChild({ placing, settingsSay }: DeskReading, now: Date): DeskNoticeView['child'] {
  if (!placing) return null;
  const { name, born, postcode, stated } = placing.child;
  return {
    name,
    born,
    homePostcode: postcode,
    schoolStated: stated,
    settingsSay: settingsSay.map(({ words, at, setting }) => ({
      label: `What ${setting ?? 'the setting that handed it back'} knows, said at ${shortMoment(at, now).words}`,
      value: words,
    })),
  };
}
