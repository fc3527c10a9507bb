import type { KeptContact } from '../../directory/domain/kept-contact.js';
import { FINDING_WORDS, URGENT_KINDS, type Finding } from '../../directory/domain/coverage-findings.js';
import { mayChange, mayEnd } from '../../directory/domain/contact-rights.js';
import { gapWords } from '../../directory/domain/consequences.js';
import type { Attestation } from '../../directory/domain/term.js';
import type { KeptPlace } from '../../directory/keep-contacts.service.js';
import { calendarDateWords, londonDateInput, shortMoment } from '../presenters/london-time.js';
import { portalPaths } from '../presenters/paths.js';
import {
  dayWords,
  daysWords,
  emailLine,
  mobileLine,
  periodWords,
  roleWords,
  unusedMobile,
} from './contact-words.js';
import type { ContactCard, ContactsView } from './contacts.view-model.js';

export interface ContactsReading extends KeptPlace {
  findings: readonly Finding[];
  attestation: Attestation;
  waiting: readonly { contactId: string; channel: string }[];
  canText: boolean;
  done: string | null;
  backHref: string | null;
  now: Date;
}

const DONE: Readonly<Record<string, string>> = {
  added: 'Added. Nothing is sent to an address until it is checked: ask for a code below.',
  changed: 'Saved.',
  ended: 'Ended. Nothing more is sent to this contact. What they read and did stays on the record.',
  right: 'Thank you. All contacts stand as right for this term.',
  away: 'Entered. Whoever is told instead is told from now on.',
  back: 'The absence is over. Notices go to this contact again.',
  checked: 'This address works. Notices can be sent there from now on.',
};

export function doneWords(code: unknown): string | null {
  return typeof code === 'string' && Object.hasOwn(DONE, code) ? (DONE[code] ?? null) : null;
}

export function presentContacts(reading: ContactsReading): ContactsView {
  const { place, keeper, contacts, now } = reading;
  const own = contacts.find(({ id }) => id === keeper.contactId);
  const today = todayOf(own, now);
  return {
    title: `Contacts of ${place.name}`,
    done: reading.done,
    backHref: reading.backHref,
    addHref: reading.keepsAll ? portalPaths.addContact(place.id) : null,
    ownAwayHref: own && !own.sharedMailbox && !today ? portalPaths.awayToday() : null,
    whyOwnOnly: reading.keepsAll
      ? null
      : 'You keep your own details and absences. The head or the DSL keeps the rest, because the list decides who is told about a child.',
    problems: reading.findings.map((finding) => ({
      heading: FINDING_WORDS[finding.kind],
      words: findingWords(finding, now),
      urgent: URGENT_KINDS.includes(finding.kind),
    })),
    attest: attestOf(reading),
    smsNote: !reading.canText && contacts.some(({ mobile }) => mobile !== null) ? NO_SMS : null,
    cards: contacts.map((contact) => presentCard(contact, reading)),
    ended: reading.ended.map(
      (one) =>
        `${one.name}, ${roleWords(one.role)}, until ${one.archivedAt ? dayWords(one.archivedAt) : 'now'}`,
    ),
    forSetting: place.kind === 'setting',
  };
}

export const NO_SMS =
  'This installation sends no text messages yet, so mobiles cannot be checked and are not used. They stay on the list for the desk to ring.';

/** "Mary Ash, Sam Dale: an address has not been checked yet." */
export function findingWords({ names, words, from, to }: Finding, now?: Date): string {
  if (from && to) return gapWords({ from, to, why: words }, now);
  const sentence = `${names.length > 0 ? `${names.join(', ')}: ` : ''}${words}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function todayOf(own: KeptContact | undefined, now: Date): boolean {
  const today = londonDateInput(now);
  return own?.absences.some(({ from, to }) => from <= today && today <= to) ?? false;
}

function attestOf({ place, contacts, attestation, keepsAll }: ContactsReading): ContactsView['attest'] {
  if (contacts.length === 0) return null;
  const last = contacts.reduce<Date | null>((oldest, { attestedAt, createdAt }) => {
    const at = attestedAt ?? createdAt;
    return oldest === null || at < oldest ? at : oldest;
  }, null);
  const since = last ? ` Last confirmed on ${dayWords(last)}.` : '';
  return {
    due: attestation !== 'fresh',
    words:
      attestation === 'fresh'
        ? `Confirmed for this term.${since}`
        : `Once a term, please look through this list and say that it is still right.${since}`,
    href: keepsAll ? portalPaths.contactsRight(place.id) : null,
  };
}

function presentCard(contact: KeptContact, reading: ContactsReading): ContactCard {
  const { keeper, contacts, waiting, now, canText } = reading;
  const mine = mayChange(keeper, contact.id) === null;
  const state = (channel: string) => ({
    waiting: waiting.some((one) => one.contactId === contact.id && one.channel === channel),
    now,
  });
  const check = (channel: 'email' | 'sms', possible: boolean): string | null =>
    mine && possible && !contact.sharedMailbox ? portalPaths.checkAddress(contact.id, channel) : null;
  const nameOf = (id: string | null): string | null => contacts.find((one) => one.id === id)?.name ?? null;
  const person = !contact.sharedMailbox;
  const unproved = contact.emailVerifiedAt === null || contact.emailBouncedAt !== null;
  return {
    id: contact.id,
    name: contact.name,
    role: roleWords(contact.role),
    tags: [
      ...(contact.id === keeper.contactId ? ['you'] : []),
      ...(person ? [] : ['shared mailbox']),
      ...(contact.holidayContact ? ['holiday contact'] : []),
    ],
    addresses: [
      emailLine(contact, state('email'), check('email', true)),
      canText ? mobileLine(contact, state('sms'), check('sms', true)) : unusedMobile(contact),
    ].filter((line) => line !== null),
    facts: person ? factsOf(contact, now) : [],
    away: contact.absences.map(({ id, from, to, coverContactId }) => {
      const cover = nameOf(coverContactId);
      return {
        words: `Away ${periodWords(from, to)}, ${cover ? `covered by ${cover}` : 'without cover'}`,
        endText: from <= londonDateInput(now) ? 'Back now' : 'Call it off',
        endHref: mine ? portalPaths.endAbsence(id) : null,
      };
    }),
    changeHref: mine ? portalPaths.contact(contact.id) : null,
    awayHref: mine && person ? portalPaths.away(contact.id) : null,
    endHref: mayEnd(keeper, contact.id) === null ? portalPaths.endContact(contact.id) : null,
    vouchHref: mine && !person && unproved ? portalPaths.vouchMailbox(contact.id) : null,
  };
}

function factsOf(contact: KeptContact, now: Date): ContactCard['facts'] {
  const setting = contact.settingUrn !== null;
  return [
    { label: 'Working days', value: daysWords(contact.workingDays) },
    ...(setting && contact.role !== 'head'
      ? [
          {
            label: 'Encompass training',
            value: contact.trainedOn ? calendarDateWords(contact.trainedOn) : 'No date known',
          },
        ]
      : []),
    {
      label: 'Confirmed',
      value: dayWords(contact.attestedAt ?? contact.createdAt),
    },
    {
      label: 'Signed in',
      value: contact.lastSignedInAt
        ? `last at ${shortMoment(contact.lastSignedInAt, now).words}`
        : 'never yet',
    },
  ];
}
