import type { AdultDto } from '../dto/adult.dto.js';
import type { ChildDto } from '../dto/child.dto.js';
import type { NotificationDto } from '../dto/notification.dto.js';
import { withholdAddresses } from './address-text.js';
import type {
  AdultView,
  BoundAdultView,
  ChildView,
  DisclosureProfile,
  IncidentView,
  OfficerView,
  SchoolView,
  VoiceView,
} from './school-view.js';

type Reading = (text: string | null | undefined) => string | null;

/**
 * The parts of a notification that one child's setting is shown.
 * - `minimal`: the child's name and date of birth, when, present or not, whether the child was spoken to; and, as under every
 *   profile, restrictions and the adults who must not collect or are bound by an order.
 * - `standard`: also the grade, circumstances, police action, voice, identifying and language details, officer, referrals.
 * - `full`: also every adult with role and relationship.
 *
 * Never another child's section, nor where any child is at school. With `safeAddress`, no postcode, and texts are read with
 * addresses withheld. Otherwise police words are verbatim.
 * @throws RangeError when the notification has no child of that reference (the message names neither)
 */
export function discloseTo(
  profile: DisclosureProfile,
  notification: NotificationDto,
  childReference: string,
): SchoolView {
  const child = notification.children.find(({ reference }) => reference === childReference);
  if (!child) throw new RangeError('the notification has no child of this reference');
  const { restrictions, adults, officer, referrals } = notification;
  const safeAddress = restrictions?.safeAddress === true;
  const read: Reading = (text) => (text ? (safeAddress ? withholdAddresses(text) : text) : null);
  const standard = profile !== 'minimal';
  const adultViews = (adults ?? []).map((adult) => adultView(adult, read));
  return {
    profile,
    child: childView(child, standard, safeAddress, read),
    incident: incidentView(notification, child, standard, read),
    voice: voiceView(child, standard, read),
    restrictions: {
      doNotDiscloseTo: (restrictions?.doNotDiscloseTo ?? []).map((text) => read(text) ?? ''),
      safeAddress,
      activeInvestigation: restrictions?.activeInvestigation === true,
    },
    bound: adultViews
      .filter(({ mayCollect, orders }) => mayCollect === 'no' || orders.length > 0)
      .map(({ role: _role, schoolConnection: _connection, ...bound }) => bound),
    adults: profile === 'full' ? adultViews : null,
    officer: standard && officer ? officerView(officer) : null,
    referrals: standard ? (referrals ?? []).map(({ to, at }) => ({ to: to ?? null, at: at ?? null })) : null,
    othersTold: notification.children.length > 1,
  };
}

function childView(child: ChildDto, standard: boolean, safeAddress: boolean, read: Reading): ChildView {
  return {
    forename: child.forename ?? null,
    surname: child.surname ?? null,
    dateOfBirth: child.dateOfBirth ?? null,
    ageEstimate: child.ageEstimate ?? null,
    presence: child.presence,
    knownAs: standard ? (child.knownAs ?? []) : [],
    upn: standard ? (child.upn ?? null) : null,
    homePostcode: standard && !safeAddress ? (child.homePostcode ?? null) : null,
    ethnicity: standard ? (child.ethnicity ?? null) : null,
    language: standard ? (child.language ?? null) : null,
    interpreter: standard ? (child.interpreter ?? null) : null,
    communicationNeeds: standard ? read(child.communicationNeeds) : null,
  };
}

function incidentView(
  { incident }: NotificationDto,
  child: ChildDto,
  standard: boolean,
  read: Reading,
): IncidentView {
  return {
    startedAt: incident.startedAt,
    attendedAt: standard ? (incident.attendedAt ?? null) : null,
    // Not graded is told as such: silence could be taken for a low grade.
    risk: standard ? (incident.risk ?? 'not-assessed') : null,
    circumstances: standard ? read(child.circumstances || incident.circumstances) : null,
    policeAction: standard ? read(incident.policeAction) : null,
  };
}

function voiceView({ voice }: ChildDto, standard: boolean, read: Reading): VoiceView {
  return {
    spokenTo: voice?.spokenTo ?? null,
    alone: standard ? (voice?.alone ?? null) : null,
    words: standard ? read(voice?.words) : null,
    demeanour: standard ? read(voice?.demeanour) : null,
  };
}

function adultView(adult: AdultDto, read: Reading): AdultView & BoundAdultView {
  return {
    role: adult.role ?? null,
    forename: adult.forename ?? null,
    surname: adult.surname ?? null,
    relationshipToChild: read(adult.relationshipToChild),
    schoolConnection: adult.schoolConnection ?? null,
    mayCollect: adult.mayCollect ?? 'unknown',
    orders: (adult.orders ?? []).map(({ kind, terms, until }) => ({
      kind: kind ?? null,
      terms: read(terms),
      until: until ?? null,
    })),
  };
}

function officerView(officer: NonNullable<NotificationDto['officer']>): OfficerView {
  return {
    name: officer.name ?? null,
    collarNumber: officer.collarNumber ?? null,
    teamEmail: officer.teamEmail ?? null,
    teamPhone: officer.teamPhone ?? null,
  };
}
