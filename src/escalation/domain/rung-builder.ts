import { londonLabel } from '../../calendar/domain/london-time.js';
import type { Deadline } from './deadline.js';
import { tellsHolidayContacts, type HolidayPlan } from './holiday.js';
import type { PlannedRecipient, Skipped } from './ladder-contact.js';
import { RUNG_ROLES, type FiredStep, type Planned, type PlannedRung, type RungName } from './ladder-plan.js';
import type { LadderPolicy } from './policy.js';
import { recipient, skip, textMessageAt, type Roster } from './reach.js';
import {
  deputySelection,
  deskSelection,
  headSelection,
  holidayContactSelection,
  merge,
  onDutySelection,
  type Selection,
} from './recipients.js';
import type { RiskGrade } from './risk.js';

export interface BuilderInput {
  deadline: Deadline;
  plannedFrom: Date;
  policy: LadderPolicy;
  risk: RiskGrade;
  setting: Roster;
  desk: Roster;
  holiday: HolidayPlan | null;
}

/** The order in which the setting's rungs are built matters: a rung is empty when it adds nobody to earlier ones. */
export class RungBuilder {
  private readonly toldPersons = new Set<string>();
  private readonly toldAddresses = new Set<string>();
  private readonly onDuty: Selection;
  private readonly onDutyIds: ReadonlySet<string>;

  constructor(private readonly input: BuilderInput) {
    this.onDuty = onDutySelection(input.setting, input.deadline.schoolDay);
    this.onDutyIds = new Set(this.onDuty.chosen.map(({ contact }) => contact.id));
  }

  /** A fired rung keeps its instant and whom it told; it will not fire again. */
  inherited(rung: RungName, fired: FiredStep): PlannedRung {
    const contacts = fired.contacts ?? [];
    this.remember(rung, contacts);
    return {
      rung,
      at: fired.at,
      role: RUNG_ROLES[rung],
      contacts: [...contacts],
      skipped: [],
      why: `fired at ${londonLabel(fired.at)}, before this plan; it does not fire again`,
      empty: false,
      runsNextAtOnce: false,
      operatorAlert: false,
      fired: true,
    };
  }

  build(rung: RungName, at: Date): PlannedRung {
    const why = this.whyAt(rung, at);
    if (rung === 'desk' || rung === 'missed') return this.deskStep(rung, at, why);
    const selection = this.select(rung, at);
    const contacts = this.recipients(selection, at);
    const excluded = this.input.setting.excluded;
    const nothingNew =
      (rung === 'deputies' || rung === 'head') && contacts.length > 0 && !this.addsAnybody(contacts);
    const empty = contacts.length === 0 || nothingNew;
    const alreadyTold: Skipped[] = nothingNew
      ? selection.chosen.map(({ contact }) =>
          skip(contact, 'already told by an earlier rung, at the same addresses'),
        )
      : [];
    const told = new Set(alreadyTold.map((entry) => entry.contactId));
    this.remember(rung, contacts);
    const reasons = [why, selection.note];
    if (nothingNew)
      reasons.push('nobody here whom an earlier rung has not told; the next rung follows at once');
    else if (empty) {
      reasons.push(
        this.nobodyAtSetting() ?? 'nobody can be told at this rung',
        'the next rung follows at once',
      );
    }
    return {
      rung,
      at,
      role: RUNG_ROLES[rung],
      contacts: empty ? [] : contacts,
      skipped: [
        ...selection.skipped.filter((entry) => !told.has(entry.contactId)),
        ...alreadyTold,
        ...excluded,
      ],
      why: sentence(reasons),
      empty,
      runsNextAtOnce: empty,
      operatorAlert: false,
      fired: false,
    };
  }

  /** Anything the duty desk is told. A desk that cannot be reached alerts the operator. */
  deskStep<Name extends string>(rung: Name, at: Date, why: string): Planned<Name> {
    const selection = deskSelection(this.input.desk, at);
    const contacts = this.recipients(selection, at);
    const empty = contacts.length === 0;
    const reasons = [why, selection.note];
    if (empty) reasons.push("nobody at the authority's duty desk can be told: the operator is alerted");
    return {
      rung,
      at,
      role: 'desk',
      contacts,
      skipped: [...selection.skipped, ...this.input.desk.excluded],
      why: sentence(reasons),
      empty,
      runsNextAtOnce: false,
      operatorAlert: empty,
      fired: false,
    };
  }

  /** The same words whether nobody is recorded or somebody is left out: a gap must not betray a conflict. */
  nobodyAtSetting(): string | null {
    for (const reach of this.input.setting.reach.values()) if (reach.usable.length > 0) return null;
    return 'nobody at this setting can be told: no contact here has a verified address that works';
  }

  private select(rung: 'first' | 'reminder' | 'deputies' | 'head', at: Date): Selection {
    const { setting, desk, deadline, holiday } = this.input;
    if (rung === 'deputies') return deputySelection(setting);
    if (rung === 'head') return headSelection(setting, deadline.schoolDay);
    if (rung === 'reminder' || !this.tellsHolidayReaders()) return this.onDuty;
    let selection = this.onDuty;
    if (holiday && tellsHolidayContacts(holiday)) {
      selection = merge(selection, holidayContactSelection(setting));
    }
    return this.deskAtOnce() ? merge(selection, deskSelection(desk, at)) : selection;
  }

  private tellsHolidayReaders(): boolean {
    return (this.input.holiday !== null && !this.input.holiday.held) || this.input.deadline.noSchoolDayKnown;
  }

  private deskAtOnce(): boolean {
    return this.input.holiday?.deskAtOnce === true || this.input.deadline.noSchoolDayKnown;
  }

  private recipients(selection: Selection, at: Date): PlannedRecipient[] {
    const { policy, risk, deadline } = this.input;
    const smsAt = textMessageAt(at, policy, risk, deadline.acknowledgeBy);
    return selection.chosen.map((reach) => recipient(reach, at, smsAt));
  }

  private addsAnybody(contacts: readonly PlannedRecipient[]): boolean {
    return contacts.some(
      (contact) =>
        (contact.kind === 'person' && !this.toldPersons.has(contact.personId)) ||
        contact.sends.some((send) => !this.toldAddresses.has(send.addressId)),
    );
  }

  /** A holiday reader told with `first`, perhaps days ago, is not left out of a later rung for that. */
  private remember(rung: RungName, contacts: readonly PlannedRecipient[]): void {
    for (const contact of contacts) {
      const reader = contact.role === 'dsl' || contact.role === 'deputy';
      if (rung === 'first' && !reader && !this.onDutyIds.has(contact.id)) continue;
      if (contact.kind === 'person') this.toldPersons.add(contact.personId);
      for (const send of contact.sends) this.toldAddresses.add(send.addressId);
    }
  }

  private whyAt(rung: RungName, at: Date): string {
    const { deadline, plannedFrom, holiday } = this.input;
    if (rung === 'first') {
      const start = holiday?.held
        ? `held until ${londonLabel(plannedFrom)}`
        : 'as soon as the notice is there';
      if (deadline.noSchoolDayKnown)
        return `${start}; no school day is known, so the duty desk is told at once`;
      return holiday && !holiday.held ? `${start}; ${holiday.why}` : start;
    }
    if (rung === 'missed')
      return 'the deadline: nobody has read it, and the duty desk is told again and again';
    const minutes = Math.round((deadline.acknowledgeBy.getTime() - at.getTime()) / 60_000);
    return `${minutes} min before ${londonLabel(deadline.acknowledgeBy)}`;
  }
}

function sentence(parts: readonly string[]): string {
  return parts.filter(Boolean).join('; ');
}
